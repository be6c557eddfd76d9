"""What is wrong with a resource's inputs, in the official providers' words where they matter."""

from __future__ import annotations

from collections.abc import Iterator

from lab.plugins import wire
from lab.plugins.contract import Call

from .model import Kind, values
from .shapes import Fault, Shapes


def faults(kind: Kind, shapes: Shapes, type: str, call: Call) -> list[Fault]:
    """Every fault as (property, reason). Values not known yet are not judged."""
    inputs = wire.reveal(call.inputs)
    found = (*shapes.faults(type, inputs), *_alternatives(kind, inputs), *_choices(kind, inputs))
    return [(path, f"{reason}. Examine values at '{call.name}.{path}'") for path, reason in found]


def _alternatives(kind: Kind, inputs: wire.Object) -> Iterator[Fault]:
    for group in kind.alternatives:
        given = [key for key in group if inputs.get(key) is not None]
        if len(given) != 1:
            names = ", ".join(f'"{key}"' for key in group)
            yield (given or group)[0], f"exactly one of {names} must be given, got {len(given)}"


def _choices(kind: Kind, inputs: wire.Object) -> Iterator[Fault]:
    for path, allowed in kind.choices.items():
        for value in values(inputs, path):
            if value not in allowed:
                names = ", ".join(f'"{one}"' for one in allowed)
                yield path.replace("[*]", ""), f'expected one of {names}, got "{value}"'
