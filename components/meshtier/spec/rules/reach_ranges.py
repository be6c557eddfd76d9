"""The rule about ranges where cloud networks meet: in one VPC, or in several that are peered here.

A VPC holds more than what a mesh network holds together: the cluster it is made for may be in no
mesh, and GKE's control planes have ranges too. Clouds refuse a second subnet of one range, and a
peering of networks that overlap, when half of the environment stands.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import product
from typing import Final

from ...errors import Problem
from ..environment import ClusterSpec
from ..existing import ExistingCloud
from ..gcp import GcpCloud
from ..reach import Reach, reach
from .made import made
from .ranges import block_of
from .subject import Subject

_CONTROL_PLANE: Final = "cloud.gcp.controlPlaneRange"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ground:
    cluster: ClusterSpec
    vpc: str | None
    mesh_network: str | None
    is_given: bool
    ranges: Mapping[str, IPv4Network]
    """What the VPC gives the cluster, by where it stands below the cluster's path."""


def cloud_networks_apart(subject: Subject) -> Iterable[Problem]:
    """What stands in one VPC, or in VPCs that are peered here, has ranges of its own."""
    ways = reach(subject.environment)
    meeting = _meeting(ways)
    seen: list[_Ground] = []
    for cluster, _ in made(subject):
        ground = _ground(subject, ways, cluster)
        seen.append(ground)
        near = [one for one in seen if one.vpc in meeting.get(ground.vpc, {ground.vpc})]
        for key, block in ground.ranges.items():
            taken = next(_overlaps(ways, ground, key, near), None)
            if taken is not None:
                yield Problem(
                    path=f"{cluster.path}.{key}",
                    got=f"{block}, which overlaps {taken}",
                    allowed="ranges that nothing else in the VPC, or in one peered with it, uses",
                    fix="choose another range",
                )


def _overlaps(ways: Reach, ground: _Ground, key: str, near: Iterable[_Ground]) -> Iterator[str]:
    block = ground.ranges[key]
    for other in near:
        is_told = _is_told(ways, ground, other)
        for their_key, theirs in other.ranges.items():
            if is_told and _CONTROL_PLANE not in (key, their_key):
                continue
            if other is ground and (key == their_key or key != _CONTROL_PLANE):
                continue
            if theirs.overlaps(block):
                yield f"{theirs} of {other.cluster.name}"


def _is_told(ways: Reach, one: _Ground, other: _Ground) -> bool:
    """Whether rules about `addresses` tell of two clusters; what is given both are in already."""
    if one is other or (one.is_given and other.is_given):
        return True
    networks = frozenset({one.mesh_network, other.mesh_network})
    return None not in networks and (len(networks) == 1 or networks in ways.peered)


def _ground(subject: Subject, ways: Reach, cluster: ClusterSpec) -> _Ground:
    addresses, cloud = cluster.addresses, cluster.cloud
    if isinstance(cloud, GcpCloud):
        kinds = ("nodes", "pods", "services")
        texts = {f"addresses.{kind}": getattr(addresses, kind) for kind in kinds}
        texts[_CONTROL_PLANE] = cloud.control_plane_range
    else:
        # Services of EKS are in no VPC, and pods and nodes of one that shares in its owner's.
        is_own = ways.owner(cluster) is cluster
        texts = {"addresses.nodes": addresses.nodes, "addresses.pods": addresses.pods}
        texts = texts if is_own else {}
    blocks = {key: block_of(text or "") for key, text in texts.items()}
    return _Ground(
        cluster=cluster,
        vpc=ways.cloud_network(cluster),
        mesh_network=subject.networks[cluster.path],
        is_given=not isinstance(cloud, ExistingCloud) and cloud.network.given is not None,
        ranges={key: one for key, one in blocks.items() if isinstance(one, IPv4Network)},
    )


def _meeting(ways: Reach) -> Mapping[str | None, set[str | None]]:
    """Return, of every VPC with members of the mesh, those it meets: itself, and what is peered."""
    by_network: dict[str, set[str | None]] = {}
    for cluster in ways.clusters.values():
        vpc = ways.cloud_network(cluster)
        if cluster.member is not None and vpc is not None:
            by_network.setdefault(cluster.member.network, set()).add(vpc)
    found: dict[str | None, set[str | None]] = {}
    for (name, mine), (other, theirs) in product(by_network.items(), repeat=2):
        if name == other or frozenset({name, other}) in ways.peered:
            for vpc in mine:
                found.setdefault(vpc, {vpc}).update(theirs)
    return found
