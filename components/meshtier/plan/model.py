"""Everything that will exist, as frozen data: computed before anything is registered.

Late values (keys, tokens, addresses) are never here; a plan names what they will be put into, or
the resource they come from (see `late`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from ..errors import Problem
from ..spec.environment import Level
from ..spec.model import Cloud, KeyAlgorithm, RootMode
from .late import LateText
from .resources import AccessPlan, ResourcePlan

Manifest: TypeAlias = Mapping[str, Any]
"""A Kubernetes object as plain data."""


class Role(StrEnum):
    """What a member does in the mesh; derived, never asked."""

    PRIMARY = "primary"


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectPlan:
    """One Kubernetes object, and the name it has in the stack."""

    logical_name: str
    """Identity in the stack; a contract, see `names`."""
    manifest: Manifest
    """apiVersion, kind, metadata (name, namespace, labels) and the plain part of the content."""
    replacing: tuple[str, ...] = ()
    """Paths in the object whose change replaces it, beyond those the provider knows of."""

    @property
    def name(self) -> str:
        """Name of the object in the cluster."""
        return str(self.manifest["metadata"]["name"])

    @property
    def namespace(self) -> str | None:
        """Namespace of the object, None when it is cluster-scoped."""
        return self.manifest["metadata"].get("namespace")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleasePlan:
    """One Helm release."""

    logical_name: str
    name: str
    namespace: str
    chart: str
    """Chart name in `repository`, an `oci://` address, or a directory."""
    repository: str | None
    """Helm repository of `chart`, None when `chart` says it all."""
    version: str | None
    """Chart version, None for directories."""
    values: Mapping[str, Any]
    labels: Mapping[str, str]
    """What every object of it carries, also those that the chart offers no labels for."""
    wait: bool
    keeper_of: LateText | None = None
    """Name of the control plane, for what has to stay until all else in the cluster is gone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificatePlan:
    """A key and its certificate: the root's, or the intermediate of one member."""

    key_name: str
    """Logical name of the private key."""
    request_name: str | None
    """Logical name of the certificate request, None for the root."""
    certificate_name: str
    common_name: str
    organization: str
    organizational_unit: str | None
    dns_names: tuple[str, ...]
    validity_hours: int
    early_renewal_hours: int
    path_length: int
    """How many certificate authorities may follow: 1 for the root, 0 for an intermediate."""
    protect: bool
    """Of the key, and of the root's certificate: an intermediate's is replaced at its renewal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TrustPlan:
    """The chain of trust: one root, one intermediate per member."""

    mode: RootMode
    algorithm: KeyAlgorithm
    root: CertificatePlan
    intermediates: Mapping[str, CertificatePlan]
    """By member name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PeerPlan:
    """One cluster whose endpoints a member's istiod reads."""

    cluster: str
    server: str | None
    """API address for peers; None when the cloud makes it known only later."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GatewayPlan:
    """East-west gateway of one member."""

    release: ReleasePlan
    service: ObjectPlan
    """The Service with the address under which other networks reach this one."""
    addresses: tuple[LateText, ...]
    """Fixed addresses; empty when the address is read back from the Service."""
    is_internal: bool
    """Whether the fixed addresses are reached from peered networks only."""
    cross_network: ObjectPlan
    """The Istio Gateway `cross-network-gateway`."""
    replicas: int


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberPlan:
    """Everything of the mesh in one cluster."""

    cluster: str
    component_name: str
    role: Role
    network: str
    wait: bool
    protect: bool
    namespace: ObjectPlan
    crds: ReleasePlan
    cacerts: ObjectPlan
    """Secret whose data is filled from the chain of trust."""
    base: ReleasePlan
    istiod: ReleasePlan
    peer_authentication: ObjectPlan
    gateway: GatewayPlan | None
    reader: tuple[ObjectPlan, ...]
    """ServiceAccount, ClusterRole, ClusterRoleBinding that peers read this cluster with."""
    reader_token: ObjectPlan
    """Secret of type kubernetes.io/service-account-token for the reader."""
    remote_secret: ObjectPlan
    """The one Secret with the kubeconfigs of all peers, filled late."""
    peers: tuple[PeerPlan, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkPlan:
    """One network of the mesh."""

    name: str
    members: tuple[str, ...]
    gateways: tuple[str, ...]
    """Members with an east-west gateway; empty only when the mesh has one network."""
    description: str
    """For readers, in one line; empty where the document has none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MeshPlan:
    """One Istio mesh over its members."""

    name: str
    """Name of the Mesh component; prefix of every logical name below it."""
    mesh_id: str
    trust_domain: str
    istio_version: str
    trust_name: str
    """Name of the TrustRoot component."""
    tls_provider_name: str
    trust: TrustPlan
    networks: tuple[NetworkPlan, ...]
    members: tuple[MemberPlan, ...]

    def member(self, cluster: str) -> MemberPlan:
        """Return the plan of one member; KeyError when the cluster is not in the mesh."""
        for member in self.members:
            if member.cluster == cluster:
                return member
        raise KeyError(cluster)


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordPlan:
    """A ConfigMap by which a cluster knows one of the clusters below it."""

    host: str
    """Cluster that holds the record."""
    about: str
    """Cluster the record describes."""
    config_map: ObjectPlan
    """`data` holds everything but `rootFingerprint`, which is added late when there is a mesh."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InsidePlan:
    """What a cloud needs inside the cluster before anything of ours: storage, load balancers."""

    objects: tuple[ObjectPlan, ...] = ()
    releases: tuple[ReleasePlan, ...] = ()
    """What makes load balancers: gateways' Services come after it and go before it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterPlan:
    """One cluster of the hierarchy."""

    name: str
    component_name: str
    level: Level
    parent: str | None
    cloud: Cloud
    provider_name: str
    """Logical name of the cluster's only Kubernetes provider."""
    identifier: str
    """Stable identity of the cluster for the provider: `<environment>/<cluster>`."""
    adopt: bool
    """Whether objects that are already there are taken over."""
    labels: Mapping[str, str]
    namespace: ObjectPlan | None
    """Namespace `meshtier`, on clusters that hold records."""
    records: tuple[RecordPlan, ...]
    """Records this cluster holds."""
    protect: bool = False
    """Whether the engine refuses to replace or delete what carries state or traffic."""
    access: AccessPlan | None = None
    """How a cluster that a cloud makes is reached; None for existing ones."""
    inside: InsidePlan = InsidePlan()


@dataclass(frozen=True, kw_only=True, slots=True)
class EnvironmentPlan:
    """A whole environment."""

    name: str
    clusters: tuple[ClusterPlan, ...]
    """Master first, then each seed followed by its user clusters."""
    mesh: MeshPlan | None
    warnings: tuple[Problem, ...]
    cloud: tuple[ResourcePlan, ...] = ()
    """Resources of the clouds, each after those it names."""
    quotas: tuple[Problem, ...] = ()
    """What the accounts may lack a quota for; one that was given more has it too."""

    @property
    def cautions(self) -> tuple[Problem, ...]:
        """What a reader of the plan is warned of; a run repeats only the document's warnings."""
        return (*self.warnings, *self.quotas)

    def cluster(self, name: str) -> ClusterPlan:
        """Return one cluster; KeyError when there is none of that name."""
        for cluster in self.clusters:
            if cluster.name == name:
                return cluster
        raise KeyError(name)
