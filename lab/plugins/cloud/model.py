"""What a table says about a resource type, and what its makers are given."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lab.plugins import wire
from lab.plugins.contract import PluginError

from .store import Cloud, Record, Values


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a provider makes its resources, and what it adds to each."""

    name: str
    """AWS account or GCP project."""
    region: str = ""
    zone: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Default tags or labels."""


@dataclass(kw_only=True, slots=True)
class Making:
    """One resource while it is made or changed."""

    cloud: Cloud
    place: Place
    type: str
    name: str
    """Logical name."""
    urn: str
    inputs: Values
    """Plain, defaults included."""
    seed: str
    """Hexadecimal; the same for the same creation of the same resource."""
    id: str = ""
    outputs: Values = field(default_factory=dict)
    """What is computed so far."""

    @property
    def region(self) -> str:
        """The resource's own region or the provider's; raises where there is none."""
        region = self.inputs.get("region") or self.place.region
        if not region:
            raise PluginError(f"{self.name}: no region, neither its own nor the provider's")
        return region

    @property
    def project(self) -> str:
        """The resource's own project or the provider's."""
        return self.inputs.get("project") or self.place.name

    def hex(self, length: int, salt: str = "") -> str:
        """Digits that nothing else has."""
        digest = hashlib.sha256(f"{self.seed}{salt}".encode()).hexdigest()
        return digest[:length]

    def linked(self, type: str, path: str, by: tuple[str, ...] = ("id",)) -> Record | None:
        """The resource that an input names; None when it isn't there."""
        wanted = list(values(self.inputs, path))
        return next(
            (
                one
                for one in self.cloud.all(type)
                if any(one.shown.get(key) in wanted for key in by)
            ),
            None,
        )


Maker = Callable[[Making], Any]
"""Computes one output."""
Rule = Callable[[Making], str]
"""Says why the cloud refuses to make a resource; empty when it doesn't."""
Guard = Callable[[Cloud, Record], str]
"""Says why the cloud refuses to delete a resource; empty when it doesn't."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """An input that names another resource, which must exist then."""

    path: str
    """Property path; `[*]` is every element."""
    to: str
    """Type token."""
    by: tuple[str, ...] = ("id",)
    """Properties of the other resource, one of which the input holds."""
    holds: bool = True
    """Whether the other one can't be deleted while this one exists."""
    foreign: str = ""
    """Prefix of values that belong to the cloud itself and are always there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """One resource type, as a cloud treats it."""

    id: Maker
    outputs: Mapping[str, Maker] = field(default_factory=dict)
    """Computed outputs by property path; unknown in a preview."""
    changing: tuple[str, ...] = ()
    """Outputs that every update computes anew."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    replaces: tuple[str, ...] = ()
    """Property paths whose change only a replacement can make."""
    keeps: tuple[str, ...] = ()
    """Property paths whose removal only a replacement can make."""
    links: tuple[Link, ...] = ()
    named: str = ""
    """The input with the physical name, which the provider invents when it is left out."""
    unique: tuple[str, ...] = ()
    """Inputs that no two resources of a place may share; missing ones count as different."""
    rules: tuple[Rule, ...] = ()
    guards: tuple[Guard, ...] = ()
    alternatives: tuple[tuple[str, ...], ...] = ()
    """Groups of inputs, exactly one of which must be given."""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Allowed values by property path."""
    companions: Callable[[Making], list[Record]] | None = None
    """What the cloud makes along with it and takes away with it."""
    in_use: str = "{id} is in use"
    """The refusal to delete what others need; the list of them is added."""
    taken: str = "{id} already exists"
    """The refusal to make what exists."""

    def with_region(self) -> Kind:
        """The same for a cloud whose every resource takes a region and is bound to it."""
        return dataclasses.replace(self, replaces=(*self.replaces, "region"))


def values(of: Values, path: str) -> Iterator[Any]:
    """Known values at a property path; none where it leads nowhere."""
    found: list[Any] = [of]
    for step in path.replace("[*]", ".*").split("."):
        found = [item for one in found for item in _inside(one, step)]
    return (one for one in found if one is not None and not isinstance(one, wire.Unknown))


def _inside(value: Any, step: str) -> list[Any]:
    if step == "*":
        return list(value) if isinstance(value, list) else []
    return [value[step]] if isinstance(value, dict) and step in value else []


def first(of: Values, path: str) -> Any:
    """The first value at a property path, or None."""
    return next(values(of, path), None)


def put(into: Values, path: str, value: Any) -> None:
    """Set a value at a property path without list steps; missing objects are made."""
    *parents, last = path.split(".")
    at = into
    for step in parents:
        if not isinstance(at.get(step), dict):
            at[step] = {}
        at = at[step]
    at[last] = value


def seed(urn: str, generation: int) -> str:
    """The seed of the n-th creation of a resource."""
    return hashlib.sha256(json.dumps([urn, generation]).encode()).hexdigest()
