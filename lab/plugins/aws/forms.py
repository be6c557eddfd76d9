"""Ids, ARNs and addresses in AWS's own form."""

from __future__ import annotations

import ipaddress
from typing import Final

from lab.plugins.cloud.model import Maker, Making

# Ranges for documentation (RFC 5737): nothing that a program makes of them leads anywhere.
_PUBLIC: Final = ("203.0.113.0/24", "198.51.100.0/24")


def numbered(prefix: str) -> Maker:
    """An id such as `vpc-0a1b2c3d4e5f60718`."""
    return lambda making: f"{prefix}-0{making.hex(16)}"


def given(key: str) -> Maker:
    """The value of an input."""
    return lambda making: making.inputs[key]


def output(key: str) -> Maker:
    """The value of an output that was computed before."""
    return lambda making: making.outputs[key]


def joined(separator: str, *keys: str) -> Maker:
    """Values of inputs, joined."""
    return lambda making: separator.join(str(making.inputs[key]) for key in keys)


def the_id(making: Making) -> str:
    """The resource's own id."""
    return making.id


def account(making: Making) -> str:
    """The account's number."""
    return making.place.name


def arn(service: str, resource: str, *, regional: bool = True) -> Maker:
    """An ARN whose last part is `resource` with `{id}` and inputs filled in."""

    def make(making: Making) -> str:
        region = making.region if regional else ""
        last = resource.format(id=making.id, seed=making.hex(32), **making.inputs)
        return f"arn:aws:{service}:{region}:{making.place.name}:{last}"

    return make


def public_address(making: Making) -> str:
    """An address that no other elastic address has."""
    taken = {one.outputs.get("publicIp") for one in making.cloud.all(making.type)}
    addresses = [str(one) for block in _PUBLIC for one in ipaddress.ip_network(block).hosts()]
    start = int(making.hex(8), 16) % len(addresses)
    free = (one for one in addresses[start:] + addresses[:start] if one not in taken)
    return next(free)


def private_address(making: Making) -> str:
    """An address for an interface; only its form counts."""
    return str(ipaddress.ip_address("10.0.0.0") + int(making.hex(6), 16))


def created(making: Making) -> str:
    """A time stamp that depends on nothing but the resource."""
    return "2026-01-01T00:00:00Z"
