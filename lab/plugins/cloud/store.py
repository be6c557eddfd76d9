"""The cloud itself: a folder of JSON files that every plugin process and every test shares.

    resources/<type>/<digest>.json   one resource that exists
    operations.jsonl                 what was done, in order: see `Operation`
    faults.json                      what is to fail or to take its time: see `Fault`
    endpoints.json                   cluster's physical name -> kubeconfig of a real API server

Files appear whole or not at all; changes are made under one lock, which is never held for long.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import fnmatch
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

FOLDER: Final = "MESHTIER_LAB_CLOUD"
"""Environment variable that names the folder."""

Values = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One resource that exists."""

    type: str
    id: str
    place: str
    """AWS account or GCP project."""
    name: str = ""
    """Logical name of what made it; empty for what was there before any program."""
    urn: str = ""
    inputs: Values = field(default_factory=dict)
    outputs: Values = field(default_factory=dict)
    """Everything it shows, inputs included."""
    owner: str = ""
    """Id of the resource that made it and takes it along; a control plane's security group."""

    @property
    def shown(self) -> Values:
        """Its outputs, with the id among them."""
        return {**self.outputs, "id": self.id}

    def __str__(self) -> str:
        return f"{self.type.rsplit(':', 1)[1]} {self.id}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One line of the log."""

    at: float
    step: str
    """`begun`, `done` or `failed`."""
    operation: str
    """`create`, `update`, `delete`; `login` for a command of `login`."""
    type: str
    name: str
    id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What goes wrong with calls; patterns are those of a shell."""

    type: str = "*"
    name: str = "*"
    """Logical name."""
    operation: str = "*"
    error: str = ""
    """The text of the failure; without one the call only takes its time."""
    times: int = 1
    """How often; the calls after that succeed."""
    delay: float = 0.0
    """Seconds that the call takes."""
    arrives: bool = False
    """Whether the cloud does what it was asked before the delay or the failure."""

    def matches(self, operation: str, type: str, name: str) -> bool:
        """Whether it is for this call."""
        pairs = ((self.operation, operation), (self.type, type), (self.name, name))
        return all(fnmatch.fnmatchcase(value, pattern) for pattern, value in pairs)


class Cloud:
    """One cloud, or several: types and places tell them apart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other process from changing the cloud."""
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    # Resources

    def all(self, type: str = "") -> list[Record]:
        """What exists, of one type or of all."""
        where = [self._of(type)] if type else sorted((self.folder / "resources").glob("*"))
        found: list[Record] = []
        for path in (path for folder in where for path in sorted(folder.glob("*.json"))):
            with contextlib.suppress(FileNotFoundError):
                found.append(Record(**json.loads(path.read_text())))
        return found

    def find(self, type: str, id: str) -> Record | None:
        """One resource; None when it isn't there."""
        try:
            return Record(**json.loads(self._file(type, id).read_text()))
        except FileNotFoundError:
            return None

    def named(self, name: str) -> Record:
        """The one resource with a logical name; for tests. Raises LookupError."""
        found = [one for one in self.all() if one.name == name]
        if len(found) != 1:
            raise LookupError(f"{name}: {len(found)} resources in the cloud")
        return found[0]

    def write(self, record: Record) -> None:
        """Make a resource, or change it."""
        _write(self._file(record.type, record.id), json.dumps(dataclasses.asdict(record), indent=1))

    def remove(self, record: Record) -> None:
        """Take a resource away, without asking whether anything needs it."""
        self._file(record.type, record.id).unlink(missing_ok=True)

    def change(self, record: Record, **values: Any) -> None:
        """Change a resource behind every program's back; for tests."""
        inputs, outputs = {**record.inputs, **values}, {**record.outputs, **values}
        self.write(dataclasses.replace(record, inputs=inputs, outputs=outputs))

    def _of(self, type: str) -> Path:
        return self.folder / "resources" / type.replace(":", ".").replace("/", ".")

    def _file(self, type: str, id: str) -> Path:
        return self._of(type) / f"{hashlib.sha256(id.encode()).hexdigest()[:24]}.json"

    # The log

    def log(self, step: str, operation: str, *, type: str, name: str, id: str = "") -> None:
        """Add a line to the log."""
        line = Operation(
            at=time.time(), step=step, operation=operation, type=type, name=name, id=id
        )
        # One write call to a file opened for appending: lines of two processes never mix.
        with (self.folder / "operations.jsonl").open("a") as log:
            log.write(json.dumps(dataclasses.asdict(line)) + "\n")

    def operations(self, operation: str = "", *, step: str = "done") -> list[Operation]:
        """The log: one kind of operation or all, as they ended by default."""
        path = self.folder / "operations.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        found = (Operation(**json.loads(line)) for line in lines)
        return [one for one in found if one.step == step and operation in ("", one.operation)]

    def quiet(self) -> float:
        """Seconds since the last line of the log."""
        path = self.folder / "operations.jsonl"
        return time.time() - path.stat().st_mtime if path.exists() else 0.0

    # Faults

    def break_down(self, *faults: Fault) -> None:
        """Set what goes wrong from now on; nothing without arguments."""
        with self.alone():
            self._write_faults(list(faults))

    def fault(self, operation: str, type: str, name: str) -> Fault | None:
        """What goes wrong with a call, which counts as one time."""
        with self.alone():
            faults = self._faults()
            for index, one in enumerate(faults):
                if one.times > 0 and one.matches(operation, type, name):
                    faults[index] = dataclasses.replace(one, times=one.times - 1)
                    self._write_faults(faults)
                    return one
        return None

    def _faults(self) -> list[Fault]:
        path = self.folder / "faults.json"
        return [Fault(**one) for one in json.loads(path.read_text())] if path.exists() else []

    def _write_faults(self, faults: list[Fault]) -> None:
        listed = [dataclasses.asdict(one) for one in faults]
        _write(self.folder / "faults.json", json.dumps(listed, indent=1))

    # Clusters

    def serve(self, kubeconfigs: Mapping[str, Path]) -> None:
        """Say which API server stands behind which cluster, by the cluster's physical name."""
        with self.alone():
            served = {**self.served(), **kubeconfigs}
            named = {name: str(path) for name, path in served.items()}
            _write(self.folder / "endpoints.json", json.dumps(named, indent=1))

    def served(self) -> dict[str, Path]:
        """Kubeconfigs of the API servers behind clusters, by physical name."""
        path = self.folder / "endpoints.json"
        named = json.loads(path.read_text()) if path.exists() else {}
        return {name: Path(kubeconfig) for name, kubeconfig in named.items()}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text)
    draft.rename(path)
