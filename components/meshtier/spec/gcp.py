"""The block `cloud.gcp`: a GKE cluster, and the network it stands in.

What is left out here comes from the nearest `defaults.cloud.gcp`, then from the built-in value.
"""

import re
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictBool

from .base import WHOLE, Document
from .endpoint import ApiEndpoint, Taint


class Channel(StrEnum):
    """How soon new versions come."""

    RAPID = "rapid"
    REGULAR = "regular"
    STABLE = "stable"
    EXTENDED = "extended"


class GcpCreatedNetwork(Document):
    """A VPC with a subnet of the cluster's `addresses`, and NAT with fixed addresses."""

    nat_addresses: Annotated[int, Field(ge=0, le=16), WHOLE] = 1
    """Fixed addresses under which nodes reach the internet; 0 makes no NAT."""


class GcpGivenNetwork(Document):
    """A VPC and subnet that are already there; its ranges stand in `addresses`.

    In a Shared VPC, GKE's account of the cluster's project has to be let change the host project's
    firewall (`roles/compute.securityAdmin` there): without it nothing comes in to the gateway.
    """

    network: str
    """Name or self link of the VPC."""
    subnetwork: str
    """Name or self link of the subnet."""
    pods_range: str
    """Name of the secondary range of the pods."""
    services_range: str
    """Name of the secondary range of the Services."""


def vpc_path(project: str, given: GcpGivenNetwork) -> str:
    """Return the one path of a given VPC, however its name, path or link is written.

    Without a project in it, it is of the cluster's own.
    """
    found = re.search(r"projects/([^/]+)/", given.network)
    name = given.network.rpartition("/")[2]
    return f"projects/{found.group(1) if found else project}/global/networks/{name}"


class GcpNetwork(Document):
    """Where the cluster's network comes from: at most one of the three; built-in `create`."""

    create: GcpCreatedNetwork | None = None
    """A VPC of the cluster's own."""
    shared_with: str | None = None
    """Name of the cluster in whose VPC this one gets a subnet, in the same project."""
    given: GcpGivenNetwork | None = None
    """A VPC that is already there."""


class GcpNodePool(Document):
    """A node pool. Counts are over all zones."""

    type: str = "e2-standard-4"
    """Machine type."""
    min: Annotated[int, Field(ge=0, le=1000), WHOLE] = 2
    """Fewest nodes, over all zones."""
    max: Annotated[int, Field(ge=1, le=1000), WHOLE] = 6
    """Most nodes, over all zones."""
    disk: Annotated[int, Field(ge=10, le=65_536), WHOLE] = 100
    """Size of the boot disk in GB."""
    disk_type: str = "pd-balanced"
    """Kind of the boot disk; the newest machine families want `hyperdisk-balanced`."""
    spot: StrictBool = False
    """Spare capacity that Google may take back. Changing it replaces the pool, new one first."""
    labels: dict[str, str] = Field(default_factory=dict)
    """Kubernetes labels of the nodes."""
    taints: tuple[Taint, ...] = ()
    """Taints of the nodes."""


class GcpCloud(Document):
    """A GKE cluster."""

    provider: ClassVar[Literal["gcp"]] = "gcp"
    project: str = ""
    """Project id."""
    region: str = ""
    """Region such as `europe-west3`: the control plane stands in all its zones."""
    zone: str | None = None
    """A zone of the region makes a zonal cluster: cheaper, and gone with the zone."""
    zones: tuple[str, ...] = ()
    """Zones of the nodes; built-in: what GKE chooses in the region."""
    network: GcpNetwork = Field(default_factory=GcpNetwork)
    """Where the cluster's network comes from."""
    channel: Channel = Channel.REGULAR
    """Release channel."""
    version: str | None = None
    """Kubernetes version to begin with, a minor or `x.y.z-gke.n`; built-in: the channel's own."""
    endpoint: ApiEndpoint = Field(default_factory=ApiEndpoint)
    """Who reaches the API server."""
    control_plane_range: str | None = None
    """/28 of the control plane; built-in: an address in the cluster's subnet. Changing replaces."""
    dataplane_v2: StrictBool = True
    """Cilium as Google runs it. Changing it replaces the cluster."""
    max_pods_per_node: Annotated[int, Field(ge=8, le=256), WHOLE] = 64
    """Decides how much of the pods' range a node takes. Changing it replaces the cluster."""
    encryption_key: str | None = None
    """Cloud KMS key for Secrets, in the cluster's region; built-in: Google's own encryption."""
    project_number: str | None = None
    """Number of the project, needed with `encryptionKey`: GKE's own account is named after it."""
    nodes: dict[str, GcpNodePool] = Field(default_factory=dict)
    """Node pools by name; at least one."""
    labels: dict[str, str] = Field(default_factory=dict)
    """Labels of every resource, beside environment, level and cluster."""
