"""The gcp plugin's own configuration: project, region, default labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from lab.plugins import wire
from lab.plugins.cloud.model import Place
from lab.plugins.cloud.plugin import CloudPlugin
from lab.plugins.cloud.shapes import Shapes
from lab.plugins.cloud.store import Values
from lab.plugins.serve import run

from .kinds import KINDS

_ATTRIBUTION: Final = {"goog-pulumi-provisioned": "true"}


class GcpPlugin(CloudPlugin):
    """Serves one `gcp.Provider`."""

    version = "10.2.0"
    package = "gcp"
    kinds = KINDS
    shapes = Shapes(Path(__file__).parent)

    def located(self, config: Values) -> Place:
        """The project, region and zone."""
        labels = {str(k): str(v) for k, v in (config.get("defaultLabels") or {}).items()}
        if config.get("addPulumiAttributionLabel", True):
            labels |= _ATTRIBUTION
        return Place(
            name=config.get("project") or "",
            region=config.get("region") or "",
            zone=config.get("zone") or "",
            labels=labels,
        )

    def complete(self, type: str, outputs: Values) -> None:
        """Add project and region, and the labels in effect."""
        inputs = self.shapes.inputs(type)
        for key, value in (("project", self.place.name), ("region", self.place.region)):
            if key in inputs and value:
                outputs.setdefault(key, value)
        if "effectiveLabels" in self.shapes.outputs(type):
            own = outputs.get("resourceLabels" if "resourceLabels" in inputs else "labels")
            both = own if isinstance(own, wire.Unknown) else self._labelled(own)
            outputs["effectiveLabels"] = outputs["pulumiLabels"] = both

    def _labelled(self, own: Any) -> Values:
        return {**self.place.labels, **(own or {})}


def main() -> None:
    """Serve the plugin to the engine that started this process."""
    run(GcpPlugin)
