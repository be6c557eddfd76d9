"""Serves the components to programs in other languages, as the plugin `meshtier`."""

from importlib.metadata import version

from pulumi.provider.experimental import component_provider_host

from .hierarchy.environment import Environment
from .mesh.mesh import Mesh


def main() -> None:
    """Serve until the engine goes away; the console script `pulumi-resource-meshtier`."""
    component_provider_host(
        name="meshtier", components=[Environment, Mesh], version=version("meshtier")
    )


if __name__ == "__main__":
    main()
