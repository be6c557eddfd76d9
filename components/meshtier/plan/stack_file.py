"""The environment document as it lies in a Pulumi stack file, read without an engine."""

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

from ..errors import Problem, SpecError
from ..spec.show import Location, spell
from .stack_yaml import content, not_yaml

CONFIG_KEY: Final = "meshtier:environment"


def add_stack_options(parser: argparse.ArgumentParser) -> None:
    """Let a command take `--stack`, and `--stacks-dir` for where its file is."""
    parser.add_argument("--stack", required=True, help="name of the stack, such as local")
    parser.add_argument(
        "--stacks-dir",
        type=Path,
        default=Path("stacks"),
        metavar="DIR",
        help="directory of the stack files (default: %(default)s)",
    )


def read_document(directory: Path, stack: str) -> Mapping[str, object]:
    """Return the document of `stack`, whose file is `Pulumi.<stack>.yaml` in `directory`.

    Raises SpecError when the file, its config or the document in it can't be read.
    """
    path = directory / f"Pulumi.{stack}.yaml"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise SpecError([_no_stack(directory, stack)]) from None
    except UnicodeDecodeError as error:
        raise SpecError([not_yaml(str(path), error)]) from None
    return document_in(text, str(path))


def document_in(text: str, path: str) -> Mapping[str, object]:
    """Return the document in the text of a stack file; `path` is what errors call the file.

    Raises SpecError when the text, its config or the document in it can't be read.
    """
    config = _mapping(content(text, path), "config", path)
    document = config.get(CONFIG_KEY)
    if not isinstance(document, Mapping):
        raise SpecError([_no_document(path, document)])
    found = cast("Mapping[str, object]", document)
    if problems := [_encrypted(path, location) for location in _encrypted_in(found)]:
        raise SpecError(problems)
    return found


def _encrypted_in(value: object, location: Location = ()) -> Iterator[Location]:
    if isinstance(value, Mapping):
        block = cast("Mapping[str, object]", value)
        if set(block) == {"secure"} and isinstance(block["secure"], str):
            yield location
        for key, below in block.items():
            yield from _encrypted_in(below, (*location, key))
    elif isinstance(value, list):
        for at, below in enumerate(cast("list[object]", value)):
            yield from _encrypted_in(below, (*location, at))


def _mapping(whole: object, key: str, path: str) -> Mapping[str, Any]:
    below = cast("Mapping[str, object]", whole).get(key) if isinstance(whole, Mapping) else None
    if isinstance(below, Mapping):
        return cast("Mapping[str, Any]", below)
    problem = Problem(
        path=f"{path}: {key}",
        got="nothing",
        allowed=f"a mapping with {CONFIG_KEY}",
        fix="write the environment document below it",
    )
    raise SpecError([problem])


def _no_stack(directory: Path, stack: str) -> Problem:
    names = sorted(file.name[len("Pulumi.") : -len(".yaml")] for file in _stack_files(directory))
    return Problem(
        path=str(directory),
        got=f"no readable file Pulumi.{stack}.yaml",
        allowed=f"one of {', '.join(names)}" if names else "a directory with stack files",
        fix="name one with --stack, or the directory with --stacks-dir",
    )


def _stack_files(directory: Path) -> list[Path]:
    return list(directory.glob("Pulumi.*.yaml"))


def _no_document(path: str, document: object) -> Problem:
    return Problem(
        path=f"{path}: config.{CONFIG_KEY}",
        got=_kind(document),
        allowed="a mapping",
        fix="write the environment document there, as YAML and not as text",
    )


def _kind(value: object) -> str:
    if value is None:
        return "nothing"
    return "a text" if isinstance(value, str) else f"a {type(value).__name__}"


def _encrypted(path: str, location: Location) -> Problem:
    if location:
        return Problem(
            path=f"{path}: config.{CONFIG_KEY}.{spell(location)}",
            got="an encrypted value",
            allowed="a value in clear",
            fix="keep secrets in config keys of their own or in Secrets of the clusters, and name "
            "those in the document",
        )
    return Problem(
        path=f"{path}: config.{CONFIG_KEY}",
        got="an encrypted value",
        allowed="a mapping in clear",
        fix="keep secrets in config keys of their own, and name the keys in the document",
    )
