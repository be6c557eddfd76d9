"""The aws plugin's own configuration: account, region, default tags."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from lab.plugins import wire
from lab.plugins.cloud.model import Place
from lab.plugins.cloud.plugin import CloudPlugin
from lab.plugins.cloud.shapes import Shapes
from lab.plugins.cloud.store import Values
from lab.plugins.contract import PluginError
from lab.plugins.serve import run

from .kinds import KINDS

_ACCOUNT: Final = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):")
_ANY_ACCOUNT: Final = "123456789012"


class AwsPlugin(CloudPlugin):
    """Serves one `aws.Provider`."""

    version = "7.51.1"
    package = "aws"
    kinds = KINDS
    shapes = Shapes(Path(__file__).parent)

    def located(self, config: Values) -> Place:
        """The account of the last assumed role, and the region."""
        allowed = [str(one) for one in config.get("allowedAccountIds") or []]
        account = allowed[0] if allowed else _ANY_ACCOUNT
        for role in config.get("assumeRoles") or []:
            found = _ACCOUNT.match(str(role.get("roleArn")))
            if found is None:
                raise PluginError(f"Cannot assume IAM Role: got {role.get('roleArn')!r}")
            account = found.group(1)
        if allowed and account not in allowed:
            raise PluginError(f"AWS account ID not allowed: {account}")
        tags = (config.get("defaultTags") or {}).get("tags") or {}
        return Place(name=account, region=config.get("region") or "", labels=tags)

    def complete(self, type: str, outputs: Values) -> None:
        """Add the region, and the tags in effect."""
        if "region" in self.shapes.inputs(type) and self.place.region:
            outputs.setdefault("region", self.place.region)
        if "tagsAll" in self.shapes.outputs(type):
            outputs["tagsAll"] = _merged(self.place.labels, outputs.get("tags"))


def _merged(defaults: Any, own: Any) -> Any:
    return own if isinstance(own, wire.Unknown) else {**defaults, **(own or {})}


def main() -> None:
    """Serve the plugin to the engine that started this process."""
    run(AwsPlugin)
