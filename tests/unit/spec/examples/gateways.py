"""Broken rules about the fixed addresses of gateways."""

from typing import Any

from meshtier.spec.rules import gateways as rules

from tests.unit.spec.cloud_documents import at_web, gcp
from tests.unit.spec.examples.example import PAY, SHOP, WEB, Example, at

_ADDRESSES = f"{SHOP}.mesh.gateway.addresses"


def _given(*addresses: str) -> dict[str, Any]:
    return {"gateway": {"addresses": list(addresses)}}


def _of_address(address: str, allowed: str, fix: str) -> Example:
    return Example(
        rule=rules.gateway_addresses,
        changes={f"{at(SHOP)}/mesh": _given("203.0.113.9", address)},
        lines=(f"{_ADDRESSES}[1]: got '{address}'; allowed {allowed}; {fix}",),
    )


def _of_name(text: str) -> Example:
    return _of_address(
        text, "an IP address", "write the load balancer's address, not a name or a range"
    )


def _nowhere(address: str) -> Example:
    return _of_address(
        address,
        "an address that the other members reach",
        "write that of the cluster's load balancer",
    )


def _loopback(address: str) -> Example:
    return _of_address(
        address,
        "an address that the other members reach",
        "write that of the cluster's load balancer, or set mesh.allowLoopbackPeers where all "
        "members share one machine",
    )


GATEWAYS = {
    "a gateway's address beside the cloud's own": Example(
        rule=rules.gateway_addresses,
        changes=at_web(gcp(), mesh=_given("203.0.113.9")),
        lines=(
            f"{WEB}.mesh.gateway.addresses: got addresses of a cluster on gcp; allowed addresses "
            "of existing clusters; remove it; fixed addresses are made with the cluster",
        ),
    ),
    "a gateway's name for its address": _of_name("lb.shop.example"),
    "a gateway's range for its address": _of_name("203.0.113.8/32"),
    "a gateway's address on one of its links": _of_name("2001:db8::1%eth0"),
    "a gateway on loopback": _loopback("127.0.0.1"),
    "a gateway on IPv6 loopback": _loopback("::1"),
    "a gateway on loopback, written in IPv6": _loopback("::ffff:127.0.0.1"),
    "a gateway at all addresses": _nowhere("0.0.0.0"),
    "a gateway on its own link": _nowhere("169.254.1.1"),
    "a gateway on its own IPv6 link": _nowhere("fe80::1"),
    "a gateway at a group": _nowhere("224.0.0.1"),
    "a gateway at everybody's address": _nowhere("255.255.255.255"),
    "one gateway's address for two": Example(
        rule=rules.gateway_addresses_unique,
        changes={
            f"{at(PAY)}/mesh": _given("2001:db8::9"),
            f"{at(SHOP)}/mesh": _given("203.0.113.9", "2001:DB8:0::9"),
        },
        lines=(
            f"{_ADDRESSES}[1]: got '2001:DB8:0::9', an address of pay's gateway; allowed "
            "addresses of its own for each gateway; write that of shop's load balancer at shop, "
            "not in defaults",
        ),
    ),
    "one gateway's address for two networks": Example(
        rule=rules.gateway_addresses_unique,
        changes={
            f"{at(SHOP)}/mesh": _given("203.0.113.9"),
            f"{at(WEB)}/mesh": _given("203.0.113.9"),
        },
        lines=(
            f"{WEB}.mesh.gateway.addresses[0]: got '203.0.113.9', an address of shop's gateway; "
            "allowed addresses of its own for each gateway; write that of web's load balancer at "
            "web, not in defaults",
        ),
    ),
    "one gateway's address for all": Example(
        rule=rules.gateway_addresses_unique,
        changes={"master/defaults": {"mesh": _given("203.0.113.9")}},
        lines=tuple(
            f"{path}.mesh.gateway.addresses[0]: got '203.0.113.9', an address of pay's gateway; "
            f"allowed addresses of its own for each gateway; write that of {name}'s load balancer "
            f"at {name}, not in defaults"
            for path, name in ((SHOP, "shop"), (WEB, "web"))
        ),
    ),
    "one address twice": Example(
        rule=rules.gateway_addresses_unique,
        changes={f"{at(SHOP)}/mesh": _given("203.0.113.9", "203.0.113.9")},
        lines=(
            f"{_ADDRESSES}[1]: got '203.0.113.9' a second time; allowed each address once; "
            "remove it",
        ),
    ),
}
