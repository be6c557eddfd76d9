"""Compute's networking: what each type gives, what it needs, what must be gone before it goes."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lab.plugins.cloud.model import Kind, Link, Making, values

from . import forms
from .project import enabled

NETWORK: Final = "gcp:compute/network:Network"
SUBNETWORK: Final = "gcp:compute/subnetwork:Subnetwork"
ROUTER: Final = "gcp:compute/router:Router"
ADDRESS: Final = "gcp:compute/address:Address"
PEERING: Final = "gcp:compute/networkPeering:NetworkPeering"

_IN_NETWORK: Final = Link(path="network", to=NETWORK, by=forms.ANY_OF)
_IN_USE: Final = "The resource '{id}' is already being used by"
_TAKEN: Final = "Error 409: The resource '{id}' already exists, alreadyExists"
_COMPUTE: Final = enabled("compute.googleapis.com")


def _ranges(subnetwork: Mapping[str, Any]) -> Iterator[ipaddress.IPv4Network]:
    for path in ("ipCidrRange", "secondaryIpRanges[*].ipCidrRange"):
        for value in values(dict(subnetwork), path):
            yield ipaddress.IPv4Network(value)


def _ranges_are_free(making: Making) -> str:
    """No two ranges of one network overlap."""
    network = making.linked(NETWORK, "network", forms.ANY_OF)
    names = [network.shown.get(key) for key in forms.ANY_OF] if network else []
    wanted = list(_ranges(making.inputs))
    for one in making.cloud.all(SUBNETWORK):
        if one.outputs["network"] in names:
            taken = list(_ranges(one.outputs))
            if any(mine.overlaps(yours) for mine in wanted for yours in taken):
                return f"Error 400: Invalid IPCidrRange: conflicts with existing subnetwork {one}"
    return ""


def _lies_in_subnetwork(making: Making) -> str:
    wanted, subnetwork = making.inputs.get("address"), making.inputs.get("subnetwork")
    if making.inputs["addressType"] == "EXTERNAL":
        return "subnetwork is for internal addresses only" if subnetwork else ""
    found = making.linked(SUBNETWORK, "subnetwork", forms.ANY_OF)
    if found is None:
        return "an internal address needs a subnetwork"
    block = ipaddress.IPv4Network(found.outputs["ipCidrRange"])
    if wanted and ipaddress.IPv4Address(wanted) not in block:
        return (
            f"Error 400: Requested internal IP address {wanted} is outside the subnetwork's range"
        )
    return ""


def _nat_addresses_fit(making: Making) -> str:
    manual = making.inputs.get("natIpAllocateOption") == "MANUAL_ONLY"
    given = bool(making.inputs.get("natIps"))
    return "" if manual == given else "natIps go with natIpAllocateOption MANUAL_ONLY"


def _state(making: Making) -> str:
    """Active once both sides exist."""
    wanted = (making.inputs["peerNetwork"], making.inputs["network"])
    both = [
        (one.outputs["network"], one.outputs["peerNetwork"]) for one in making.cloud.all(PEERING)
    ]
    return "ACTIVE" if wanted in both else "INACTIVE"


def _one_direction(making: Making) -> str:
    keys = ("sourceRanges", "sourceTags", "sourceServiceAccounts", "destinationRanges")
    if making.inputs["direction"] == "INGRESS" and not any(making.inputs.get(k) for k in keys[:3]):
        return "one of source_tags, source_ranges, or source_service_accounts must be defined"
    return ""


KINDS: Final[Mapping[str, Kind]] = {
    NETWORK: Kind(
        id=forms.path("projects/{project}/global/networks/{name}"),
        outputs={
            "selfLink": forms.self_link,
            "networkId": forms.number,
            "numericId": forms.number,
        },
        defaults={"autoCreateSubnetworks": True},
        replaces=("name", "project", "description", "autoCreateSubnetworks"),
        named="name",
        rules=(_COMPUTE,),
        in_use=_IN_USE,
        taken=_TAKEN,
    ),
    SUBNETWORK: Kind(
        id=forms.path("projects/{project}/regions/{region}/subnetworks/{name}"),
        outputs={
            "selfLink": forms.self_link,
            "creationTimestamp": forms.created,
            "gatewayAddress": lambda making: str(next(_ranges(making.inputs))[1]),
        },
        replaces=("name", "project", "region", "network"),
        links=(_IN_NETWORK,),
        named="name",
        rules=(_ranges_are_free,),
        in_use=_IN_USE,
        taken=_TAKEN,
    ),
    ROUTER: Kind(
        id=forms.path("projects/{project}/regions/{region}/routers/{name}"),
        outputs={"selfLink": forms.self_link, "creationTimestamp": forms.created},
        replaces=("name", "project", "region", "network"),
        links=(_IN_NETWORK,),
        named="name",
        in_use=_IN_USE,
        taken=_TAKEN,
    ),
    "gcp:compute/routerNat:RouterNat": Kind(
        id=forms.path("{project}/{region}/{router}/{name}"),
        replaces=("name", "project", "region", "router", "type"),
        links=(
            Link(path="router", to=ROUTER, by=forms.ANY_OF),
            Link(path="subnetworks[*].name", to=SUBNETWORK, by=forms.ANY_OF),
            Link(path="natIps[*]", to=ADDRESS, by=forms.ANY_OF),
        ),
        named="name",
        rules=(_nat_addresses_fit,),
        choices={
            "natIpAllocateOption": ("AUTO_ONLY", "MANUAL_ONLY"),
            "sourceSubnetworkIpRangesToNat": (
                "ALL_SUBNETWORKS_ALL_IP_RANGES",
                "ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES",
                "LIST_OF_SUBNETWORKS",
            ),
        },
        taken=_TAKEN,
    ),
    "gcp:compute/firewall:Firewall": Kind(
        id=forms.path("projects/{project}/global/firewalls/{name}"),
        outputs={"selfLink": forms.self_link, "creationTimestamp": forms.created},
        defaults={"direction": "INGRESS", "priority": 1000},
        replaces=("name", "project", "network", "direction"),
        links=(_IN_NETWORK,),
        named="name",
        rules=(_one_direction,),
        choices={"direction": ("INGRESS", "EGRESS")},
        taken=_TAKEN,
    ),
    ADDRESS: Kind(
        id=forms.path("projects/{project}/regions/{region}/addresses/{name}"),
        outputs={
            "address": forms.address,
            "selfLink": forms.self_link,
            "creationTimestamp": forms.created,
        },
        defaults={"addressType": "EXTERNAL"},
        replaces=(
            *("name", "project", "region", "address", "addressType", "description"),
            *("ipVersion", "network", "networkTier", "prefixLength", "purpose", "subnetwork"),
        ),
        links=(_IN_NETWORK, Link(path="subnetwork", to=SUBNETWORK, by=forms.ANY_OF)),
        named="name",
        rules=(_COMPUTE, _lies_in_subnetwork),
        choices={"addressType": ("EXTERNAL", "INTERNAL")},
        in_use=_IN_USE,
        taken=_TAKEN,
    ),
    PEERING: Kind(
        id=lambda making: f"{making.inputs['network'].rsplit('/', 1)[-1]}/{making.inputs['name']}",
        outputs={"state": _state, "stateDetails": lambda _: "[lab] peered"},
        defaults={"exportCustomRoutes": False, "importCustomRoutes": False},
        replaces=("name", "network", "peerNetwork"),
        links=(_IN_NETWORK, Link(path="peerNetwork", to=NETWORK, by=forms.ANY_OF)),
        named="name",
        unique=("network", "peerNetwork"),
        taken=_TAKEN,
    ),
}
