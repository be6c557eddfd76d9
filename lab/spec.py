"""What a lab is: its clusters, the mesh network of each, and the addresses they use."""

import enum
import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .errors import LabError

# 10 machine addresses from .10, then blocks of 8 LoadBalancer addresses, fit a /24 like this.
MOST_CLUSTERS = 16
_FIRST_MACHINE = 10
_FIRST_BALANCER = 100
BALANCER_ADDRESSES = 8
# kubelet node, host and cgroup names are derived from it; 40 leaves room for their prefixes.
_NAME = re.compile(r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?")


class Mode(enum.Enum):
    """How much of each cluster runs."""

    NODES = "nodes"
    """Clusters in namespaces of their own, with a node where the cluster asks for one; root."""

    CONTROL_PLANE = "control-plane"
    """API servers on loopback, no nodes, no namespaces; any user."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterLab:
    """One cluster of a lab."""

    name: str
    network: str | None = None
    """Mesh network; pods of clusters in the same one reach each other. None: nobody's pods."""

    nodes: bool = False
    """True: one node that runs pods. False: an API server and its controllers only."""

    pods: ipaddress.IPv4Network | None = None
    """Range of pod addresses; needed with `nodes`."""

    services: ipaddress.IPv4Network = ipaddress.IPv4Network("10.96.0.0/16")
    region: str = "local"
    zone: str = "local-a"
    index: int | None = None
    """Decides its addresses, see LabSpec.machine. None: the lowest free one, then kept."""

    @property
    def first_service(self) -> str:
        """ClusterIP of the API server."""
        return str(self.services[1])

    @property
    def dns_service(self) -> str:
        """ClusterIP of the DNS server."""
        return str(self.services[10])


@dataclass(frozen=True, kw_only=True, slots=True)
class LabSpec:
    """A lab to run. Raises LabError naming every mistake."""

    name: str
    directory: Path
    """State of the lab; made when missing, the lab's own."""

    clusters: tuple[ClusterLab, ...]
    mode: Mode = Mode.NODES
    site: ipaddress.IPv4Network = ipaddress.IPv4Network("172.30.99.0/24")
    """Range of the bridge the clusters meet on; inside the lab's own network namespace."""

    pretend_balancers: ipaddress.IPv4Network = ipaddress.IPv4Network("192.0.2.0/24")
    """Where LoadBalancer addresses come from in control-plane mode; nothing answers there."""

    kubernetes_flags: tuple[str, ...] = field(default=())
    """Extra kube-apiserver flags, the same for each cluster."""

    def __post_init__(self) -> None:
        problems = list(_problems(self))
        if problems:
            raise LabError("\n".join(problems))

    def __getitem__(self, name: str) -> ClusterLab:
        return next(cluster for cluster in self.clusters if cluster.name == name)

    @property
    def gateway(self) -> str:
        """Address of the bridge itself."""
        return str(self.site[1])

    def machine(self, index: int) -> str:
        """Address of the cluster with this index on the bridge."""
        return str(self.site[_FIRST_MACHINE + index])

    def balancers(self, index: int) -> tuple[str, ...]:
        """LoadBalancer addresses of the cluster with this index."""
        source = self.site if self.mode is Mode.NODES else self.pretend_balancers
        first = _FIRST_BALANCER + BALANCER_ADDRESSES * index
        return tuple(str(source[first + step]) for step in range(BALANCER_ADDRESSES))

    def neighbours(self, cluster: ClusterLab) -> tuple[ClusterLab, ...]:
        """The other clusters whose pods this one's pods reach directly."""
        if cluster.network is None:
            return ()
        return tuple(
            other
            for other in self.clusters
            if other.network == cluster.network and other.name != cluster.name and other.nodes
        )


def _problems(spec: LabSpec) -> Iterator[str]:
    names = [cluster.name for cluster in spec.clusters]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"clusters.{name}: got two clusters of this name; allowed one; rename one"
    if not 1 <= len(names) <= MOST_CLUSTERS:
        yield f"clusters: got {len(names)}; allowed 1 to {MOST_CLUSTERS}; split the lab"
    wished = [cluster.index for cluster in spec.clusters if cluster.index is not None]
    for index in sorted({i for i in wished if wished.count(i) > 1 or i >= MOST_CLUSTERS or i < 0}):
        yield f"clusters: got index {index}; allowed 0 to {MOST_CLUSTERS - 1}, each once; change it"
    if spec.site.prefixlen > 24:
        yield f"site: got {spec.site}; allowed a /24 or wider; widen it"
    for cluster in spec.clusters:
        if not _NAME.fullmatch(cluster.name):
            yield (
                f"clusters.{cluster.name}: got {cluster.name!r}; allowed lower-case letters, "
                "digits and dashes, 40 at most; rename it"
            )
        if cluster.nodes and cluster.pods is None:
            yield f"clusters.{cluster.name}.pods: got none; allowed a range; nodes need one"
        yield from _overlaps(spec, cluster)


def _overlaps(spec: LabSpec, cluster: ClusterLab) -> Iterator[str]:
    where = f"clusters.{cluster.name}"
    if cluster.pods is not None and cluster.pods.overlaps(cluster.services):
        yield f"{where}.pods: got {cluster.pods}; allowed outside {cluster.services}; move it"
    for key, value in (("pods", cluster.pods), ("services", cluster.services)):
        if value is not None and value.overlaps(spec.site):
            yield f"{where}.{key}: got {value}; allowed outside the site's {spec.site}; move it"
    for other in spec.neighbours(cluster):
        if cluster.pods and other.pods and cluster.pods.overlaps(other.pods):
            yield (
                f"{where}.pods: got {cluster.pods}; allowed outside {other.pods} of "
                f"{other.name}, same network; move one"
            )
