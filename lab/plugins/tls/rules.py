"""What is wrong with the inputs of a tls resource."""

from __future__ import annotations

from collections.abc import Iterator

from lab.plugins import wire

from .kinds import Kind


def failures(kind: Kind, inputs: wire.Object) -> list[tuple[str, str]]:
    """Every fault as (property, reason). Values not known yet are not judged."""
    known = {prop: value for prop, value in wire.reveal(inputs).items() if value is not None}
    return [
        *((prop, f"missing required property '{prop}'") for prop in _missing(kind, known)),
        *_keys(kind, known),
        *_out_of_choice(kind, known),
        *_too_small(kind, known),
    ]


def _missing(kind: Kind, inputs: wire.Object) -> Iterator[str]:
    return (prop for prop in kind.required if prop not in inputs)


def _keys(kind: Kind, inputs: wire.Object) -> Iterator[tuple[str, str]]:
    if not kind.key:
        return
    given = [prop for prop in (kind.key, kind.write_only) if prop in inputs]
    if len(given) != 1:
        yield kind.key, f"exactly one of '{kind.key}', '{kind.write_only}' must be set"
    version = f"{kind.write_only}Version"
    if (kind.write_only in inputs) is not (version in inputs):
        yield version, f"'{kind.write_only}' and '{version}' must be set together"


def _out_of_choice(kind: Kind, inputs: wire.Object) -> Iterator[tuple[str, str]]:
    for prop, allowed in kind.choices.items():
        value = inputs.get(prop, [])
        for item in value if isinstance(value, list) else [value]:
            if item not in allowed and not isinstance(item, wire.Unknown):
                choice = ", ".join(f'"{one}"' for one in allowed)
                yield prop, f'value must be one of: {choice}; got: "{item}"'


def _too_small(kind: Kind, inputs: wire.Object) -> Iterator[tuple[str, str]]:
    for prop, least in kind.minimum.items():
        value = inputs.get(prop)
        if isinstance(value, int | float) and value < least:
            yield prop, f"value must be at least {least}; got: {value}"
