"""What the official providers take and give, read from the installed SDKs into data files.

Run as `python -m lab.plugins.cloud.extract` after an SDK was updated or a table got a new type. A
plugin reads the files, because the SDKs themselves would cost it a second and 100 MB.

A field's form is one of `str`, `int`, `float`, `bool`, `any`, `#Type` (an object of that type), or
`[…]` around one of them for a list and `{…}` for a map.
"""

from __future__ import annotations

import collections.abc
import importlib
import inspect
import json
import typing
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from . import shapes

FOLDER: Final = Path(__file__).resolve().parents[1]
_SCALARS: Final = {str: "str", int: "int", float: "float", bool: "bool"}


class Extraction:
    """The resource types of one SDK, and the nested types that they use."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._sdk: Any = importlib.import_module(f"pulumi_{package}")
        self._nested: dict[str, dict[str, Any]] = {}

    def read(self, tokens: Iterable[str]) -> dict[str, Any]:
        """The content of the data file for these type tokens."""
        classes = self._classes()
        resources = {token: self._resource(*classes[token]) for token in sorted(tokens)}
        provider = self._object(self._sdk.ProviderArgs)
        return {
            "provider": provider,
            "resources": resources,
            "types": dict(sorted(self._nested.items())),
        }

    def _classes(self) -> dict[str, tuple[str, str]]:
        """Module and class by type token, as the SDK registers them."""
        found: dict[str, tuple[str, str]] = {}
        source = Path(self._sdk.__file__).read_text()
        listed = source.split('resource_modules="""', 1)[1].split('"""', 1)[0]
        for module in json.loads(listed):
            for token, name in module["classes"].items():
                found[token] = (module["fqn"], name)
        return found

    def _resource(self, module: str, name: str) -> dict[str, Any]:
        made = getattr(importlib.import_module(module), name)
        home = inspect.getmodule(made)
        # Where a nested type has taken the plain name, the arguments carry another one.
        arguments = getattr(home, f"{name}InitArgs", None) or getattr(home, f"{name}Args")
        taken = self._object(arguments)
        from pulumi import _types

        given = sorted(set(_types.resource_types(made)) - set(taken["fields"]))
        return {**taken, "outputs": given}

    def _object(self, made: Any) -> dict[str, Any]:
        from pulumi import _types

        names = _types.input_type_py_to_pulumi_names(made)
        types = _types.input_type_types(made)
        parameters = inspect.signature(made.__init__).parameters
        required = [
            names[name]
            for name, parameter in parameters.items()
            if name in names and parameter.default is inspect.Parameter.empty
        ]
        fields = {name: self._form(types[name], made) for name in sorted(types)}
        return {"fields": fields, "required": sorted(required)}

    def _form(self, kind: Any, owner: Any) -> str:
        if isinstance(kind, typing.ForwardRef):
            kind = kind.__forward_arg__
        if isinstance(kind, str):
            kind = getattr(inspect.getmodule(owner), kind)
        if kind in _SCALARS:
            return _SCALARS[kind]
        origin = typing.get_origin(kind)
        if origin is collections.abc.Sequence or origin is list:
            return f"[{self._form(typing.get_args(kind)[0], owner)}]"
        if origin is collections.abc.Mapping or origin is dict:
            return f"{{{self._form(typing.get_args(kind)[1], owner)}}}"
        if origin is typing.Union:
            return self._choice(typing.get_args(kind), owner)
        return self._reference(kind) if inspect.isclass(kind) else "any"

    def _choice(self, options: tuple[Any, ...], owner: Any) -> str:
        """One form for a union: late values and None say nothing about the form."""
        plain = [
            one
            for one in options
            if one is not type(None)
            and typing.get_origin(one) is not collections.abc.Awaitable
            and "Output" not in str(one)
        ]
        forms = [form for form in (self._form(one, owner) for one in plain) if form != "any"]
        # A policy document may be given as text or as an object; what is sent is text.
        return "str" if "str" in forms else (forms or ["any"])[0]

    def _reference(self, kind: Any) -> str:
        if not kind.__name__.endswith("Args"):
            return "str" if issubclass(kind, str) else "any"
        # The service's module tells types of one name apart: pulumi_aws.eks._inputs -> eks.
        name = f"{kind.__module__.split('.')[1]}.{kind.__name__.removesuffix('Args')}"
        if name not in self._nested:
            self._nested[name] = {}
            self._nested[name] = self._object(kind)
        return f"#{name}"


def path(package: str) -> Path:
    """The data file of a cloud."""
    return FOLDER / package / shapes.FILE


def text(content: Mapping[str, Any]) -> str:
    """The data file's text: one line per type, so that a new SDK shows as a short difference."""
    lines: list[str] = []
    for section, items in content.items():
        if section == "provider":
            lines.append(f'"{section}": {json.dumps(items)}')
            continue
        inner = [f"  {json.dumps(name)}: {json.dumps(item)}" for name, item in items.items()]
        lines.append(f'"{section}": {{\n' + ",\n".join(inner) + "\n}")
    return "{" + ",\n".join(lines) + "}\n"


def main() -> None:
    """Write the data files of all clouds."""
    for package in ("aws", "gcp"):
        kinds = importlib.import_module(f"lab.plugins.{package}.kinds").KINDS
        path(package).write_text(text(Extraction(package).read(kinds)))


if __name__ == "__main__":
    main()
