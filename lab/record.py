"""What a lab remembers between commands: its description, addresses, ports and tools."""

import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import ports
from .errors import LabError
from .process import write_atomically
from .spec import ClusterLab, LabSpec, Mode

FILE = "lab.json"


@dataclass(kw_only=True, slots=True)
class Record:
    """The remembered state of one lab; `save` after each change."""

    spec: LabSpec
    tools: dict[str, Path]
    indexes: dict[str, int] = field(default_factory=dict)
    """Cluster name -> index; kept while the cluster exists, so addresses never move."""

    ports: dict[str, int] = field(default_factory=dict)
    """`<cluster>/<use>` -> port on the host's loopback."""

    def save(self) -> None:
        content = {
            "spec": _spec_to_json(self.spec),
            "tools": {name: str(path) for name, path in self.tools.items()},
            "indexes": self.indexes,
            "ports": self.ports,
        }
        write_atomically(self.spec.directory / FILE, json.dumps(content, indent=1))

    def index(self, about: ClusterLab) -> int:
        """The cluster's index: its own wish, or the lowest free one when it is new."""
        if about.index is not None:
            self.indexes[about.name] = about.index
        if about.name not in self.indexes:
            taken = {*self.indexes.values(), *(c.index for c in self.spec.clusters)}
            self.indexes[about.name] = next(i for i in range(len(taken) + 1) if i not in taken)
        return self.indexes[about.name]

    def port(self, cluster: str, use: str) -> int:
        """The remembered port for this use, a newly claimed one when there is none."""
        key = f"{cluster}/{use}"
        if key not in self.ports:
            self.ports[key] = ports.claim(self.spec.directory)
        return self.ports[key]

    def forget_port(self, cluster: str, use: str) -> None:
        """Let the next `port` claim another one."""
        self.ports.pop(f"{cluster}/{use}", None)

    def forget(self, cluster: str) -> None:
        """Drop a cluster that is gone; its ports stay claimed until the lab ends."""
        self.indexes.pop(cluster, None)
        self.ports = {k: v for k, v in self.ports.items() if not k.startswith(f"{cluster}/")}


def load(directory: Path) -> Record | None:
    """The record of the lab in this directory, None when there is none."""
    try:
        data = json.loads((directory / FILE).read_text())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise LabError(f"{directory / FILE}: {error}; remove the directory") from error
    return Record(
        spec=_spec_from_json(data["spec"], directory),
        tools={name: Path(path) for name, path in data["tools"].items()},
        indexes=data["indexes"],
        ports=data["ports"],
    )


def merge(spec: LabSpec, tools: Mapping[str, Path]) -> Record:
    """The record for this description, keeping what an earlier one remembers.

    Raises LabError where a cluster that exists is described otherwise now.
    """
    known = load(spec.directory)
    if known is None:
        return Record(spec=spec, tools=dict(tools))
    before = {cluster.name: cluster for cluster in known.spec.clusters}
    changed = [c.name for c in spec.clusters if before.get(c.name, c) != c]
    if known.spec.mode is not spec.mode or known.spec.site != spec.site:
        changed = ["the whole lab"]
    if changed:
        raise LabError(
            f"{', '.join(changed)}: got another description than the running one; "
            "allowed the same; take the lab down first"
        )
    known.spec = spec
    known.tools = dict(tools)
    return known


def _spec_to_json(spec: LabSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "mode": spec.mode.value,
        "site": str(spec.site),
        "pretend_balancers": str(spec.pretend_balancers),
        "kubernetes_flags": list(spec.kubernetes_flags),
        "clusters": [
            {
                "name": c.name,
                "network": c.network,
                "nodes": c.nodes,
                "pods": str(c.pods) if c.pods else None,
                "services": str(c.services),
                "region": c.region,
                "zone": c.zone,
                "index": c.index,
            }
            for c in spec.clusters
        ],
    }


def _spec_from_json(data: dict[str, Any], directory: Path) -> LabSpec:
    network = ipaddress.IPv4Network
    clusters = (
        ClusterLab(
            **{
                **cluster,
                "pods": network(cluster["pods"]) if cluster["pods"] else None,
                "services": network(cluster["services"]),
            }
        )
        for cluster in data["clusters"]
    )
    return LabSpec(
        name=data["name"],
        directory=directory,
        clusters=tuple(clusters),
        mode=Mode(data["mode"]),
        site=network(data["site"]),
        pretend_balancers=network(data["pretend_balancers"]),
        kubernetes_flags=tuple(data["kubernetes_flags"]),
    )
