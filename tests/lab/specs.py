"""Descriptions of the labs that the tests run."""

from collections.abc import Callable
from ipaddress import IPv4Network
from pathlib import Path

from lab.running import RunningLab
from lab.spec import ClusterLab, LabSpec, Mode

StartLab = Callable[[LabSpec], RunningLab]


def noded(name: str, network: str, number: int) -> ClusterLab:
    """A cluster with a node, with ranges of its own."""
    return ClusterLab(
        name=name,
        network=network,
        nodes=True,
        pods=IPv4Network(f"10.{200 + number}.0.0/24"),
        services=IPv4Network(f"10.{110 + number}.0.0/16"),
    )


def plain(name: str, directory: Path, *clusters: str) -> LabSpec:
    """Control planes only."""
    return LabSpec(
        name=name,
        directory=directory,
        clusters=tuple(ClusterLab(name=cluster) for cluster in clusters),
        mode=Mode.CONTROL_PLANE,
    )
