"""Rules about the fixed addresses of gateways, which every istiod of the mesh is told."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from ...errors import Problem
from ..environment import ClusterSpec
from ..existing import ExistingCloud
from ..show import show
from .subject import Subject

_BROADCAST: Final = IPv4Address("255.255.255.255")


def gateway_addresses(subject: Subject) -> Iterable[Problem]:
    """Fixed addresses are given where nobody here can make them, and lead to a load balancer."""
    mesh = subject.document.mesh
    loopback = mesh is not None and mesh.allow_loopback_peers
    for cluster in subject.environment.clusters:
        addresses = cluster.member.gateway_addresses if cluster.member else ()
        path = _path(cluster)
        if addresses and not isinstance(cluster.cloud, ExistingCloud):
            yield Problem(
                path=path,
                got=f"addresses of a cluster on {cluster.cloud.provider}",
                allowed="addresses of existing clusters",
                fix="remove it; fixed addresses are made with the cluster",
            )
            continue
        for index, text in enumerate(addresses):
            wrong = _wrong(text, loopback=loopback)
            if wrong is not None:
                allowed, fix = wrong
                yield Problem(path=f"{path}[{index}]", got=show(text), allowed=allowed, fix=fix)


def gateway_addresses_unique(subject: Subject) -> Iterable[Problem]:
    """Behind one address stands one gateway: calls for the other would end in the wrong cluster."""
    first: dict[IPv4Address | IPv6Address, ClusterSpec] = {}
    for cluster in subject.environment.members():
        is_given = isinstance(cluster.cloud, ExistingCloud)
        member = cluster.member
        # Whoever has no gateway may inherit the addresses of the one that its network has.
        addresses = member.gateway_addresses if is_given and member and member.gateway else ()
        seen: set[IPv4Address | IPv6Address] = set()
        for index, text in enumerate(addresses):
            address, place = _address(text), f"{_path(cluster)}[{index}]"
            if address is None:
                continue
            other = first.setdefault(address, cluster)
            if address in seen:
                yield Problem(
                    path=place,
                    got=f"{show(text)} a second time",
                    allowed="each address once",
                    fix="remove it",
                )
            elif other is not cluster:
                yield Problem(
                    path=place,
                    got=f"{show(text)}, an address of {other.name}'s gateway",
                    allowed="addresses of its own for each gateway",
                    fix=f"write that of {cluster.name}'s load balancer at {cluster.name}, not in "
                    "defaults",
                )
            seen.add(address)


def _path(cluster: ClusterSpec) -> str:
    return f"{cluster.path}.mesh.gateway.addresses"


def _wrong(text: str, *, loopback: bool) -> tuple[str, str] | None:
    """Return what is allowed instead of an address, and the fix; None where it leads somewhere."""
    address = _address(text)
    if address is None:
        return "an IP address", "write the load balancer's address, not a name or a range"
    reached = "an address that the other members reach"
    fix = "write that of the cluster's load balancer"
    if address.is_loopback:
        word = "or set mesh.allowLoopbackPeers where all members share one machine"
        return None if loopback else (reached, f"{fix}, {word}")
    is_nowhere = address.is_unspecified or address.is_link_local or address.is_multicast
    return (reached, fix) if is_nowhere or address == _BROADCAST else None


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address a text means; None for anything else, such as one of a single link."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return address
    return None if address.scope_id else address.ipv4_mapped or address
