"""The plugin of one cloud: its configuration, and a handler per type of its table."""

from __future__ import annotations

import json
import os
from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Final

from lab.plugins import compare, wire
from lab.plugins.contract import Call, Checked, Difference, PluginError, Session
from lab.plugins.serve import Plugin

from .handler import CloudHandler
from .model import Kind, Place
from .shapes import Shapes
from .store import FOLDER, Cloud, Values

_ENGINES_OWN: Final = ("version", "pluginDownloadURL")


class CloudPlugin(Plugin):
    """Serves one provider of a cloud."""

    package: ClassVar[str]
    kinds: Mapping[str, Kind]
    shapes: Shapes

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._place: Place | None = None
        self._cloud: Cloud | None = None

    @property
    def place(self) -> Place:
        """Where this provider makes its resources."""
        if self._place is None:
            raise PluginError("the provider has not been configured")
        return self._place

    @property
    def cloud(self) -> Cloud:
        """The folder that stands for the cloud."""
        if self._cloud is None:
            folder = os.environ.get(FOLDER)
            if not folder:
                raise PluginError(
                    f"the {self.package} plugin is a stand-in, and {FOLDER} names no folder "
                    "for it to keep its resources in"
                )
            self._cloud = Cloud(Path(folder))
        return self._cloud

    def handler(self, type: str) -> CloudHandler:
        """The handler of one of the table's types."""
        if type not in self.kinds:
            raise PluginError(
                f"unrecognized resource type ({self.package} stand-in): {type}; "
                "it has only the types that meshtier makes"
            )
        return CloudHandler(type, self)

    async def check_config(self, call: Call) -> Checked:
        """Refuse what the provider has no setting for."""
        inputs = {k: v for k, v in settings(call.inputs).items() if k not in _ENGINES_OWN}
        return Checked(inputs=call.inputs, failures=self.shapes.provider_faults(inputs))

    async def diff_config(self, call: Call) -> Difference:
        """A changed setting is an update, never a replacement of everything."""
        found = compare.differences(call.old_inputs, call.inputs)
        return Difference(changes={compare.join(path): kind for path, kind in found.items()})

    async def configure(self, inputs: wire.Object) -> None:
        """Take the place from the configuration."""
        self._place = self.located(settings(inputs))

    @abstractmethod
    def located(self, config: Values) -> Place:
        """Where a provider of this configuration works; raises PluginError."""

    @abstractmethod
    def complete(self, type: str, outputs: Values) -> None:
        """Add what the provider gives every resource: its place, and the labels in effect."""


def settings(inputs: wire.Object) -> Values:
    """The provider's configuration as plain values; nested ones cross the wire as JSON text."""
    return {key: _parsed(value) for key, value in wire.reveal(inputs).items()}


def _parsed(value: Any) -> Any:
    if isinstance(value, str) and (value[:1] in ("{", "[") or value in ("true", "false")):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
