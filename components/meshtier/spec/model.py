"""The environment document as typed models: what a user may write, key by key.

Deliberately leaves out every rule that needs more than one field (see `rules`) and the
cascade (see `cascade`): a model here is what was written, not what follows from it.
"""

from enum import StrEnum
from typing import Annotated, Any, Final, TypeAlias

from pydantic import ConfigDict, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from .aws import AwsCloud
from .base import WHOLE, Document
from .existing import ExistingCloud
from .gcp import GcpCloud

DEFAULT_CHARTS: Final = "https://blob.istio.io/istio-release/charts"
"""Istio's Helm repository that outlives December 2026 (blog/2026/retirement-of-gcp)."""
DEFAULT_HUB: Final = "docker.io/istio"
"""Istio's image registry that outlives December 2026 (same announcement)."""


class RootMode(StrEnum):
    """Where the mesh's root certificate comes from."""

    GENERATED = "generated"
    PROVIDED = "provided"


class KeyAlgorithm(StrEnum):
    """Keys of the root and of the intermediates."""

    ECDSA_P256 = "ECDSA-P256"
    RSA_4096 = "RSA-4096"


class ExistingObjects(StrEnum):
    """What happens when an object that is to be created is already there."""

    REFUSE = "refuse"
    ADOPT = "adopt"


UPSERT: Final = "PULUMI_K8S_UPSERT_EXISTING_OBJECTS"
"""The Kubernetes provider's own switch: set to `true`, one run takes over what exists."""


class TrustSpec(Document):
    """The mesh's chain of trust: one root, one intermediate per member."""

    root: RootMode = RootMode.GENERATED
    """`generated` keeps the root key in the (encrypted) state; with `provided` it never enters."""
    algorithm: KeyAlgorithm = KeyAlgorithm.ECDSA_P256
    """Keys of the root and of the intermediates."""
    root_validity_hours: Annotated[int, Field(ge=24, le=876_000), WHOLE] = 87_600
    """Life of the root in hours; default ten years."""
    intermediate_validity_hours: Annotated[int, Field(ge=24, le=876_000), WHOLE] = 43_800
    """Life of an intermediate in hours; default five years; never longer than the root's."""
    root_generation: Annotated[int, Field(ge=1), WHOLE] = 1
    """Raise by one to make a new root key and certificate.

    Running istiods keep the old root: after the run restart all of them at once, then all gateways
    and workloads. Until then calls between those under the old and the new root fail. The same
    holds when `mesh.id`, `algorithm` or `rootValidityHours` change: the root is made of them.
    """
    intermediate_generation: Annotated[int, Field(ge=1), WHOLE] = 1
    """Raise by one to make new intermediate keys and certificates under the same root."""


class IstioValues(Document):
    """Helm values laid over the computed ones, chart by chart; owned values are refused."""

    base: dict[str, Any] = Field(default_factory=dict)
    """Values for chart `base`."""
    istiod: dict[str, Any] = Field(default_factory=dict)
    """Values for chart `istiod`."""
    gateway: dict[str, Any] = Field(default_factory=dict)
    """Values for chart `gateway`, the workload of the east-west gateway."""


class IstioSpec(Document):
    """Which Istio, and from where."""

    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+(-[a-z0-9.]+)?$")]
    """Chart and image version, such as `1.31.1`; builds of one's own carry a suffix."""
    charts: str = DEFAULT_CHARTS
    """Helm repository (`https://`, `oci://`) or a directory holding `base`, `istiod`, `gateway`."""
    hub: str = DEFAULT_HUB
    """Image registry and path in front of `/pilot` and `/proxyv2`."""
    values: IstioValues = Field(default_factory=IstioValues)
    """Helm values laid over the computed ones, chart by chart."""


class NetworkSpec(Document):
    """One network of the mesh: pods inside it reach each other without a gateway."""

    description: str = ""
    """For readers: in the plan's table, on the page, and in reviews when it changes."""
    peered_with: tuple[str, ...] = ()
    """Networks whose addresses are routed to and from this one; it is enough to say it once.

    Networks that clouds make here are peered by the plan, within one cloud; other routes are
    yours. A gateway that only peered networks call gets internal addresses.
    """


class MeshSpec(Document):
    """One Istio mesh over the environment's member clusters."""

    id: str
    """Mesh id, equal in every member."""
    trust_domain: str = "cluster.local"
    """SPIFFE trust domain of every identity in the mesh."""
    cluster_domain: str = "cluster.local"
    """DNS domain of Services, equal in every member."""
    istio: IstioSpec
    """Which Istio, and from where."""
    trust: TrustSpec = Field(default_factory=TrustSpec)
    """The chain of trust: one root, one intermediate per member."""
    networks: dict[str, NetworkSpec] = Field(default_factory=dict)
    """Networks by name; when given, every member's network must stand here."""
    peers_read_secrets: StrictBool = False
    """Let the members' istiods read each other's Secrets, as Istio does by default.

    Only for Istio versions whose istiod can't do without; see the rule for versions.
    """
    allow_loopback_peers: StrictBool = False
    """Accept loopback API addresses for peers: only where all istiods share one machine."""


class GatewaySettings(Document):
    """East-west gateway of a member; unset fields come from the cascade."""

    enabled: StrictBool | None = None
    """Built-in: on when the mesh spans more than one network."""
    replicas: Annotated[int, Field(ge=1, le=100), WHOLE] | None = None
    """Built-in: 2."""
    annotations: dict[str, str] | None = None
    """Annotations of the gateway's Service (load balancer settings of the cloud).

    Merged key by key, nearest wins.
    """
    addresses: tuple[str, ...] | None = None
    """Fixed IP addresses of the gateway, for a cluster whose load balancer has them.

    Every istiod is told them, so nothing is read back from the Service. Clusters that a cloud
    makes here have fixed addresses without it.
    """


class MemberSettings(Document):
    """How a cluster takes part in the mesh; unset fields come from the cascade."""

    member: StrictBool | None = None
    """Built-in: true for user clusters, false for the master and for seeds."""
    network: str | None = None
    """Name of the network the cluster's pods are on. Members need one."""
    gateway: GatewaySettings | None = None
    """East-west gateway of the cluster."""
    wait: StrictBool | None = None
    """Wait until istiod and the gateway are ready; built-in true; false where nodes come later."""


class Settings(Document):
    """What every level may set for itself or, under `defaults`, for the levels below."""

    mesh: MemberSettings = Field(default_factory=MemberSettings)
    """How clusters take part in the mesh."""
    labels: dict[str, str] | None = None
    """Extra labels for every object of the cluster; merged key by key, nearest wins."""
    existing_objects: ExistingObjects | None = None
    """For objects that are there already: `adopt` takes them over; built-in: `refuse`."""


class Addresses(Document):
    """Address ranges of a cluster, for the overlap rules and the cloud that makes the cluster."""

    pods: str | None = None
    """Range of the pods in CIDR form, such as `10.32.0.0/16`; on AWS built-in that of `nodes`."""
    services: str | None = None
    """Range of the Services in CIDR form, such as `10.36.0.0/20`."""
    nodes: str | None = None
    """Range of the nodes; on AWS that of the VPC."""
    egress: tuple[str, ...] = ()
    """Public ranges the cluster's traffic leaves from, for its peers' firewalls.

    Known by itself where the cloud's NAT is made here.
    """


Cloud: TypeAlias = ExistingCloud | AwsCloud | GcpCloud
"""Where a cluster lives, told apart by `provider`."""
MadeCloud: TypeAlias = AwsCloud | GcpCloud
"""A cloud in which the cluster is made here."""


class CloudBlock(Document):
    """Where a cluster lives: exactly one provider, named by its key."""

    # A new provider is one field here and one member of `Cloud`.
    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    existing: ExistingCloud | None = None
    """A cluster that is already there, reached by a kubeconfig."""
    aws: AwsCloud | None = None
    """An EKS cluster."""
    gcp: GcpCloud | None = None
    """A GKE cluster."""

    @model_validator(mode="after")
    def _require_one_provider(self) -> "CloudBlock":
        if len(self._written()) != 1:
            raise PydanticCustomError("one_provider", "not exactly one provider")
        return self

    @property
    def chosen(self) -> Cloud:
        """Return the one provider block that is written."""
        return self._written()[0]

    def _written(self) -> tuple[Cloud, ...]:
        blocks = (self.existing, self.aws, self.gcp)
        return tuple(block for block in blocks if block is not None)


class CloudDefaults(Document):
    """What holds for the clusters below that a cloud makes; field by field, nearest wins."""

    aws: AwsCloud | None = None
    """For EKS clusters."""
    gcp: GcpCloud | None = None
    """For GKE clusters."""


class Defaults(Settings):
    """What holds for the levels below unless something nearer says otherwise."""

    cloud: CloudDefaults = Field(default_factory=CloudDefaults)
    """Of each cloud's own settings."""


class Guards(Document):
    """What may not be replaced or deleted by accident."""

    protect: StrictBool | None = None
    """Protect what carries state or traffic; built-in: when a cloud makes one of the clusters."""
    allow: tuple[str, ...] = ()
    """Names of clusters, or `trust`, whose parts may be replaced or deleted all the same."""


class ClusterBlock(Settings):
    """What every cluster of any level says of itself."""

    cloud: CloudBlock
    """Where the cluster lives: exactly one provider block."""
    addresses: Addresses = Field(default_factory=Addresses)
    """Address ranges of the cluster; on one network they may not overlap."""


class UserClusterBlock(ClusterBlock):
    """A cluster for workloads, under one seed."""


class SeedBlock(ClusterBlock):
    """A cluster that carries the control planes of its user clusters."""

    defaults: Defaults = Field(default_factory=Defaults)
    """What holds for the seed's user clusters unless they say otherwise."""
    user_clusters: dict[str, UserClusterBlock] = Field(default_factory=dict)
    """User clusters by name."""


class MasterBlock(ClusterBlock):
    """The one cluster that knows all the others."""

    name: str
    """Name of the master cluster."""
    defaults: Defaults = Field(default_factory=Defaults)
    """What holds for seeds and user clusters unless something nearer says otherwise."""


class EnvironmentDocument(Document):
    """The whole document under the config key `meshtier:environment`."""

    mesh: MeshSpec | None = None
    """Without it there is a hierarchy and no mesh."""
    guards: Guards = Field(default_factory=Guards)
    """What may not be replaced or deleted by accident."""
    master: MasterBlock
    """The one cluster that knows all the others."""
    seeds: dict[str, SeedBlock] = Field(default_factory=dict)
    """Seeds by name: the clusters that carry the control planes of their user clusters."""
