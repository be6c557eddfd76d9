"""A cloud plugin without an engine: its handlers, called one by one."""

import asyncio
import json
from typing import Any

from lab.plugins.aws.plugin import AwsPlugin
from lab.plugins.contract import Call, Change, Session, Severity
from lab.plugins.gcp.plugin import GcpPlugin

ACCOUNT, PROJECT = "111122223333", "acme-eu"
PLUGINS = {"aws": AwsPlugin, "gcp": GcpPlugin}


class Caller:
    """Calls a plugin's handlers as the engine does, and says what came of it."""

    def __init__(self, package: str) -> None:
        self.plugin = PLUGINS[package](Session(log=_say, stop=asyncio.Event()))
        config: dict[str, Any] = {"project": PROJECT, "region": "europe-west3"}
        if package == "aws":
            config = {"region": "us-west-2", "allowedAccountIds": json.dumps([ACCOUNT])}
        asyncio.run(self.plugin.configure(config))

    def make(self, type: str, name: str, /, **inputs: Any) -> dict[str, Any]:
        """Create a resource; returns its outputs with the id."""
        call = Call(urn=f"urn:{name}", type=type, name=name, inputs=inputs)
        checked = asyncio.run(self.plugin.handler(type).check(call))
        assert checked.failures == []
        call = Call(urn=call.urn, type=type, name=name, inputs=checked.inputs)
        made = asyncio.run(self.plugin.handler(type).create(call))
        return {**made.outputs, "id": made.id}

    def delete(self, type: str, id: str) -> None:
        """Delete a resource."""
        call = Call(urn=f"urn:{id}", type=type, name=id, id=id)
        asyncio.run(self.plugin.handler(type).delete(call))

    def diff(self, type: str, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Change]:
        """What a change of inputs comes to, by path."""
        call = Call(urn="urn", type=type, name="n", inputs=new, old_inputs=old, old=old)
        return dict(asyncio.run(self.plugin.handler(type).diff(call)).changes)


async def _say(severity: Severity, message: str, urn: str = "", *, ephemeral: bool = False) -> None:
    raise AssertionError(message)
