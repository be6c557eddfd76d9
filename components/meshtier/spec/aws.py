"""The block `cloud.aws`: an EKS cluster, and the network it stands in.

What is left out here comes from the nearest `defaults.cloud.aws`, then from the built-in value.
"""

from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StrictBool

from .base import WHOLE, Document
from .endpoint import ApiEndpoint, Taint

DEFAULT_VERSION = "1.35"
"""Kubernetes version of new clusters: the newest that EKS, GKE and Istio 1.31 have in common."""

IDENTITY_AGENT = "eks-pod-identity-agent"
"""The add-on that hands credentials to pods with `identity: podIdentity`."""

MAX_ZONES = 5
"""Zones that a VPC made here is laid out for: see `plan/aws/subnets`."""


class NatMode(StrEnum):
    """How nodes in private subnets reach the internet."""

    NONE = "none"
    SINGLE = "single"
    PER_ZONE = "perZone"


class Identity(StrEnum):
    """How pods get AWS credentials."""

    POD_IDENTITY = "podIdentity"
    IRSA = "irsa"


class AccessPolicy(StrEnum):
    """What a principal may do, in the words of EKS' own access policies."""

    CLUSTER_ADMIN = "clusterAdmin"
    ADMIN = "admin"
    EDIT = "edit"
    VIEW = "view"


class LogType(StrEnum):
    """Logs of the control plane."""

    API = "api"
    AUDIT = "audit"
    AUTHENTICATOR = "authenticator"
    CONTROLLER_MANAGER = "controllerManager"
    SCHEDULER = "scheduler"


class Support(StrEnum):
    """What happens at the end of a version's standard support."""

    STANDARD = "standard"
    EXTENDED = "extended"


class AwsCreatedNetwork(Document):
    """A VPC of `addresses.nodes`, with a public and a private subnet in every zone."""

    nat: NatMode = NatMode.PER_ZONE
    """NAT gateways: one per zone, a single one (cheaper, and gone with its zone), or none."""
    endpoints: tuple[str, ...] = ("s3",)
    """AWS services reached inside the VPC: `s3` is free, others (`sts`) cost per zone."""


class AwsGivenNetwork(Document):
    """A VPC that is already there; its ranges stand in `addresses`."""

    vpc: str
    """Id of the VPC."""
    private_subnets: dict[str, str]
    """Id of the nodes' subnet by zone."""
    public_subnets: dict[str, str] = Field(default_factory=dict)
    """Id of the public gateway's subnet by zone."""
    route_tables: tuple[str, ...] = ()
    """Route tables of the private subnets: they get the routes to peered networks."""


class AwsNetwork(Document):
    """Where the cluster's network comes from: at most one of the three; built-in `create`."""

    create: AwsCreatedNetwork | None = None
    """A VPC of the cluster's own."""
    shared_with: str | None = None
    """Name of the cluster whose VPC and subnets this one uses, in the same account and region."""
    given: AwsGivenNetwork | None = None
    """A VPC that is already there."""


class AwsNodeGroup(Document):
    """A managed node group."""

    types: tuple[str, ...] = ("m7i.large",)
    """Instance types, most wanted first. Changing them replaces the group, new one first."""
    min: Annotated[int, Field(ge=0, le=1000), WHOLE] = 2
    """Fewest nodes, over all zones.

    AWS refuses more than there are: scale the group up before raising it above that.
    """
    desired: Annotated[int, Field(ge=0, le=1000), WHOLE] | None = None
    """Nodes to begin with; built-in `min`. An autoscaler's later word is left alone."""
    max: Annotated[int, Field(ge=1, le=1000), WHOLE] = 6
    """Most nodes, over all zones."""
    disk: Annotated[int, Field(ge=20, le=16_384), WHOLE] = 50
    """Size of the root volume in GiB (gp3, encrypted)."""
    ami: str = "AL2023_x86_64_STANDARD"
    """EKS' name of the image family, such as `AL2023_ARM_64_STANDARD`."""
    spot: StrictBool = False
    """Spare capacity that AWS may take back."""
    labels: dict[str, str] = Field(default_factory=dict)
    """Kubernetes labels of the nodes."""
    taints: tuple[Taint, ...] = ()
    """Taints of the nodes."""


class AwsAccess(Document):
    """What one principal may do in the cluster."""

    principal: str
    """ARN of a role or user, with its full path."""
    policy: AccessPolicy
    """EKS' access policy."""
    namespaces: tuple[str, ...] = ()
    """Namespaces it holds for; built-in: the whole cluster."""


class AwsAddon(Document):
    """An EKS add-on."""

    version: str
    """Pinned version such as `v1.20.4-eksbuild.2` (`aws eks describe-addon-versions`)."""
    configuration: dict[str, Any] = Field(default_factory=dict)
    """Settings in the add-on's own words, laid over the computed ones."""


class LoadBalancerController(Document):
    """AWS Load Balancer Controller, which makes the gateways' network load balancers."""

    version: str = "3.5.0"
    """Version of the chart."""
    charts: str = "https://aws.github.io/eks-charts"
    """Helm repository, or a directory that holds `aws-load-balancer-controller`."""
    values: dict[str, Any] = Field(default_factory=dict)
    """Helm values laid over the computed ones."""


class AwsCloud(Document):
    """An EKS cluster."""

    provider: ClassVar[Literal["aws"]] = "aws"
    account: str = ""
    """Account id, twelve digits. Any other account is refused at run time."""
    assume_role: str | None = None
    """ARN of the role the stack takes on; built-in: the credentials it is run with."""
    region: str = ""
    """AWS region such as `eu-central-1`."""
    zones: tuple[str, ...] = ()
    """Availability zones; built-in: three of the region (two where it has no more).

    Their order is the order of the subnets' ranges: a zone is added at the end. The control plane
    stays in the first two, which may be named so for a network that is given, too.
    """
    network: AwsNetwork = Field(default_factory=AwsNetwork)
    """Where the cluster's network comes from."""
    version: str = DEFAULT_VERSION
    """Kubernetes version, minor only, in quotes."""
    support: Support = Support.STANDARD
    """`standard` upgrades by itself at the end of support; `extended` costs more."""
    endpoint: ApiEndpoint = Field(default_factory=ApiEndpoint)
    """Who reaches the API server."""
    encryption_key: str | None = None
    """ARN of a KMS key for Secrets; built-in: EKS' own key. Can't be taken away later."""
    logs: tuple[LogType, ...] = (LogType.AUDIT, LogType.AUTHENTICATOR)
    """Logs of the control plane that go to CloudWatch."""
    admin: str = ""
    """ARN of the role the stack's own Kubernetes calls are made as; it becomes cluster admin."""
    access: dict[str, AwsAccess] = Field(default_factory=dict)
    """Who else may do what in the cluster, by a name of your own."""
    identity: Identity = Identity.POD_IDENTITY
    """How pods get AWS credentials."""
    addons: dict[str, AwsAddon] = Field(default_factory=dict)
    """Add-ons by name. Needed: `vpc-cni`, `kube-proxy`, `coredns`, `aws-ebs-csi-driver`, and
    `eks-pod-identity-agent` with `podIdentity`.
    """
    load_balancer_controller: LoadBalancerController = Field(default_factory=LoadBalancerController)
    """What makes load balancers; installed where the cluster has a gateway."""
    nodes: dict[str, AwsNodeGroup] = Field(default_factory=dict)
    """Managed node groups by name; at least one."""
    tags: dict[str, str] = Field(default_factory=dict)
    """Tags of every resource, beside environment, level and cluster."""
