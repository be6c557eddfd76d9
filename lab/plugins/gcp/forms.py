"""Ids, links and addresses in Google's own form."""

from __future__ import annotations

import ipaddress
from typing import Any, Final

from lab.plugins.cloud.model import Maker, Making

# Ranges for documentation (RFC 5737, RFC 2544): nothing made of them leads anywhere.
_PUBLIC: Final = "198.18.0.0/16"
_COMPUTE: Final = "https://www.googleapis.com/compute/v1/"

ANY_OF: Final = ("id", "selfLink", "name")
"""How one compute resource names another."""


def path(template: str) -> Maker:
    """An id such as `projects/p/global/networks/n`: inputs, project and region filled in."""

    def make(making: Making) -> str:
        filled: dict[str, Any] = {**making.inputs, "project": making.project}
        if "{region}" in template:
            filled["region"] = making.region
        return template.format(**filled)

    return make


def self_link(making: Making) -> str:
    """The address of a compute resource."""
    return f"{_COMPUTE}{making.id}"


def given(key: str) -> Maker:
    """The value of an input."""
    return lambda making: making.inputs[key]


def joined(*keys: str) -> Maker:
    """Values of inputs, joined by slashes."""
    return lambda making: "/".join(str(making.inputs[key]) for key in keys)


def the_id(making: Making) -> str:
    """The resource's own id."""
    return making.id


def number(making: Making) -> str:
    """A number of Google's, which it gives as a text."""
    return str(int(making.hex(15), 16))


def etag(making: Making) -> str:
    """A tag of a policy's version."""
    return making.hex(12)


def created(making: Making) -> str:
    """A time stamp that depends on nothing but the resource."""
    return "2026-01-01T00:00:00.000-00:00"


def address(making: Making) -> str:
    """The address asked for; else one that no other address has."""
    if making.inputs.get("address"):
        return making.inputs["address"]
    taken = {one.outputs.get("address") for one in making.cloud.all(making.type)}
    block = ipaddress.ip_network(_PUBLIC)
    start = int(making.hex(8), 16) % (block.num_addresses - 512)
    free = (str(block[start + step]) for step in range(1, 512))
    return next(one for one in free if one not in taken)
