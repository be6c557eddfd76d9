"""What a resource type's handler is given and returns, in decoded values.

`serve.Plugin` turns each call of the engine into one of these and each result into an answer.
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from . import wire


class Severity(enum.IntEnum):
    """How the engine shows a message; the numbers are those of the protocol."""

    DEBUG = 0
    INFO = 1
    WARNING = 2
    ERROR = 3


class Change(enum.IntEnum):
    """What happened to one property; the numbers are those of the protocol."""

    ADD = 0
    ADD_REPLACE = 1
    DELETE = 2
    DELETE_REPLACE = 3
    UPDATE = 4
    UPDATE_REPLACE = 5

    @property
    def replaces(self) -> bool:
        return bool(self.value % 2)

    def replacing(self) -> Change:
        """The same change, but one that only a replacement can make."""
        return Change(self.value | 1)


class PluginError(Exception):
    """A failure that the user reads; the text is shown as it is."""


class InitFailed(PluginError):
    """The object exists but isn't what was asked for; the engine keeps it in the state.

    `inputs` may be left out after a create or an update: the engine then keeps those it sent.
    """

    def __init__(
        self,
        message: str,
        *,
        id: str,
        outputs: wire.Object,
        reasons: list[str],
        inputs: wire.Object | None = None,
    ) -> None:
        super().__init__(message)
        self.id = id
        self.outputs = outputs
        self.reasons = reasons
        self.inputs = inputs


class Log(Protocol):
    """Says something to the user, beside the resource `urn`; the only way a plugin can."""

    async def __call__(
        self, severity: Severity, message: str, urn: str = "", *, ephemeral: bool = False
    ) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """What one plugin process shares with its handlers."""

    log: Log
    stop: asyncio.Event
    """Set when the engine cancels: every wait ends then."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One call about one resource. Values that a call doesn't carry are empty."""

    urn: str
    type: str
    name: str
    id: str = ""
    inputs: wire.Object = field(default_factory=dict)
    """The new inputs; in Read and Delete those in the state."""
    old_inputs: wire.Object = field(default_factory=dict)
    """The inputs in the state (Check, Diff, Update, Read, Delete)."""
    old: wire.Object = field(default_factory=dict)
    """The outputs in the state (Diff, Update, Read, Delete)."""
    ignore_changes: tuple[str, ...] = ()
    preview: bool = False
    timeout: float = 0.0
    """Seconds, from the resource's customTimeouts; 0 means none was set."""
    seed: bytes = b""
    """Check only: the source of randomness that makes a repeated update pick the same names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """The inputs with defaults, and what is wrong with them as (property, reason)."""

    inputs: wire.Object
    failures: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What an update would change, by property path (`spec.ports[0].port`, `data["a.b"]`)."""

    changes: Mapping[str, Change] = field(default_factory=dict)
    delete_before_replace: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Created:
    """A new object; `id` is empty in a preview."""

    id: str
    outputs: wire.Object


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """An object as it is: what it shows, and the inputs that would make it so."""

    id: str
    outputs: wire.Object
    inputs: wire.Object


class Handler(Protocol):
    """The life of the resources of one type. Every method may raise `PluginError`."""

    async def check(self, call: Call) -> Checked: ...

    async def diff(self, call: Call) -> Difference: ...

    async def create(self, call: Call) -> Created: ...

    async def read(self, call: Call) -> Found | None:
        """None when the object is gone."""
        ...

    async def update(self, call: Call) -> wire.Object: ...

    async def delete(self, call: Call) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Construction:
    """A component asked for; its children are registered at `monitor`."""

    type: str
    name: str
    parent: str
    inputs: wire.Object
    project: str
    stack: str
    preview: bool
    parallel: int
    monitor: str
    """Address of the engine's resource monitor."""
    providers: Mapping[str, str]
    """Provider reference (`urn::id`) by package name."""
    protect: bool = False
    aliases: tuple[object, ...] = ()
    """`alias_pb2.Alias` messages, passed on as they are."""
    retain_on_delete: bool = False
    deleted_with: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Constructed:
    """A registered component."""

    urn: str
    outputs: wire.Object


class Constructor(Protocol):
    """Makes components of one type."""

    async def construct(self, call: Construction) -> Constructed: ...
