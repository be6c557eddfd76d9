"""Serves the components to programs in other languages, as the plugin `meshtier`."""

import sys
from importlib.metadata import version

import pulumi
from pulumi.provider import ConstructResult
from pulumi.provider import main as serve
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.server import ComponentInitError

from .hierarchy.environment import Environment
from .mesh.mesh import Mesh


class Components(ComponentProvider):
    """The components, with refusals told as wrong inputs instead of as crashes."""

    def __init__(self) -> None:
        """Infer the schema from the components."""
        super().__init__([Environment, Mesh], name="meshtier", version=version("meshtier"))

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """Make one component; a refused one answers with its problems and no traceback."""
        try:
            return super().construct(name, resource_type, inputs, options)
        except ComponentInitError as error:
            if isinstance(error.inner, pulumi.RunError):
                raise pulumi.InputPropertiesError("", refusals(error.inner)) from None
            raise


def refusals(error: pulumi.RunError) -> list[pulumi.InputPropertyErrorDetails]:
    """Return the problems of a refusal, one per line of its message, each under its path."""
    lines = [line.partition(": ") for line in str(error).splitlines()]
    return [{"property_path": path, "reason": reason} for path, _, reason in lines]


def main() -> None:
    """Serve until the engine goes away; the console script `pulumi-resource-meshtier`."""
    serve(Components(), sys.argv[1:])


if __name__ == "__main__":
    main()
