"""Rules about node pools of GKE clusters: what the cloud refuses, or starts nothing on."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from ...errors import Problem
from ..endpoint import TaintEffect
from ..gcp import GcpCloud, GcpCreatedNetwork, GcpNodePool
from ..reach import reach
from ..show import one_of, show
from .gcp import on_gcp
from .made import place
from .subject import Subject

NODES_PER_ADDRESS: Final = 252
"""Nodes that one NAT address has ports for, see the NAT of the plan."""

_MACHINE: Final = re.compile(r"(?P<family>[a-z][a-z0-9]*)(-[a-z0-9]+)+")
_DISKS: Final = ("pd-balanced", "pd-ssd", "pd-standard", "hyperdisk-balanced")
_HYPERDISK_ONLY: Final = frozenset(("c4", "c4a", "c4d", "h4d", "m4", "n4", "n4a", "n4d", "x4"))
_NO_HYPERDISK: Final = frozenset(("e2", "n1", "n2", "n2d", "t2a", "t2d"))
"""Families by the boot disks they take (Compute Engine, "About Hyperdisk", machine series)."""

_KEY: Final = re.compile(
    r"([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
)
_VALUE: Final = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
_KEPT: Final = re.compile(r"([^/]*\.)?(kubernetes|k8s)\.io/.*")
"""Labels that Kubernetes keeps: no node may give them to itself (NodeRestriction)."""


def machines_and_disks(subject: Subject) -> Iterable[Problem]:
    """Machine types have a form, and every family of them takes some boot disks only."""
    for path, pool in _pools(subject):
        machine = _MACHINE.fullmatch(pool.type)
        if machine is None:
            yield Problem(
                path=f"{path}.type",
                got=show(pool.type or None),
                allowed="a machine type",
                fix="write such as 'e2-standard-4'",
            )
        allowed = _disks(machine["family"] if machine else "")
        if pool.disk_type not in allowed:
            yield Problem(
                path=f"{path}.diskType",
                got=f"{show(pool.disk_type or None)} for {show(pool.type or None)}",
                allowed=one_of(allowed),
                fix="write one of them, or choose another machine type",
            )


def labels_and_taints(subject: Subject) -> Iterable[Problem]:
    """Nodes get labels and taints as Kubernetes has them, and no label that it keeps."""
    for path, pool in _pools(subject):
        written = [(f"labels.{key}", key, value) for key, value in pool.labels.items()]
        for index, taint in enumerate(pool.taints):
            written.append((f"taints[{index}]", taint.key, taint.value))
        for at, key, value in written:
            is_kept = at.startswith("labels") and _KEPT.fullmatch(key)
            if is_kept or not _KEY.fullmatch(key) or not _VALUE.fullmatch(value):
                yield Problem(
                    path=f"{path}.{at}",
                    got="a key that Kubernetes keeps" if is_kept else show(f"{key}={value}"),
                    allowed="keys and values as Kubernetes has them, labels without kubernetes.io "
                    "and k8s.io",
                    fix="choose a key under a domain of your own, and a short value",
                )


def a_pool_for_any_pod(subject: Subject) -> Iterable[Problem]:
    """With taints everywhere nothing starts, neither GKE's own DNS nor istiod."""
    for cluster, cloud in on_gcp(subject):
        if cloud.nodes and all(map(_is_closed, cloud.nodes.values())):
            yield Problem(
                path=f"{place(cluster)}.nodes",
                got="taints on every node pool",
                allowed="at least one pool that takes any pod",
                fix="add one, or remove the taints of one",
            )


def nat_has_ports(subject: Subject) -> Iterable[Problem]:
    """Every node has ports of its own at the NAT, or it reaches nothing outside."""
    ways = reach(subject.environment)
    for cluster, cloud in on_gcp(subject):
        network = ways.owner(cluster).cloud
        if isinstance(network, GcpCloud) and network.network.given is None:
            count = (network.network.create or GcpCreatedNetwork()).nat_addresses
            nodes = sum(pool.max for pool in cloud.nodes.values())
            if count and nodes > count * NODES_PER_ADDRESS:
                yield Problem(
                    path=f"{place(cluster)}.nodes",
                    got=f"up to {nodes} nodes behind {count} NAT addresses",
                    allowed=f"at most {NODES_PER_ADDRESS} for each address",
                    fix="raise network.create.natAddresses of the VPC's cluster, or lower max",
                )


def _disks(family: str) -> tuple[str, ...]:
    if family in _HYPERDISK_ONLY:
        return tuple(disk for disk in _DISKS if disk.startswith("hyperdisk"))
    if family in _NO_HYPERDISK:
        return tuple(disk for disk in _DISKS if not disk.startswith("hyperdisk"))
    return _DISKS


def _is_closed(pool: GcpNodePool) -> bool:
    return any(taint.effect is not TaintEffect.PREFER_NO_SCHEDULE for taint in pool.taints)


def _pools(subject: Subject) -> Iterator[tuple[str, GcpNodePool]]:
    for cluster, cloud in on_gcp(subject):
        for name, pool in cloud.nodes.items():
            yield f"{place(cluster)}.nodes.{name}", pool
