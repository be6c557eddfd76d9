"""A cloud resource as data: what `clouds` registers without knowing any cloud."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .late import LateText


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourcePlan:
    """One resource of a cloud, or a cloud's provider."""

    type: str
    """Pulumi type token, such as `aws:ec2/vpc:Vpc` or `pulumi:providers:aws`."""
    name: str
    """Logical name: identity in the stack, see `names`."""
    args: Mapping[str, Any]
    """Inputs in the SDK's spelling (snake_case), with late leaves."""
    parent: str
    """Logical name of the component it belongs to."""
    provider: str | None = None
    """Logical name of its provider; None for a provider itself."""
    depends_on: tuple[str, ...] = ()
    """Logical names it waits for beyond those its inputs name."""
    protect: bool = False
    ignore_changes: tuple[str, ...] = ()
    """Inputs (snake_case paths) that others change later, such as an autoscaler."""
    replace_on_changes: tuple[str, ...] = ()
    """Inputs (snake_case paths) that the cloud refuses to change while they are in use."""
    delete_before_replace: bool | None = None
    """None leaves it to the provider: with a physical name of ours it is delete-first anyway."""
    delete_minutes: int | None = None
    """How long a deletion may take, where the provider's own limit is too short."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExecPlan:
    """The command by which a kubeconfig gets its credentials, with nothing secret in it."""

    command: str
    args: tuple[str, ...]
    provide_cluster_info: bool
    install_hint: str
    """What to do where the command is missing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessPlan:
    """How the stack reaches a cluster that a cloud makes, and what has to be there first."""

    control_plane: str
    """Logical name of what holds all that is in the cluster, which goes and comes with it."""
    server: LateText
    """`https://…` of the API server."""
    authority: LateText | None
    """Base64 of the API server's authority; None where it is publicly known."""
    login: ExecPlan
    peers_server: LateText
    """`https://…` under which the peers' istiods reach the API server."""
    ready: tuple[str, ...]
    """Resources that stand as long as anything is in the cluster: nodes, routes, NAT, identity."""
    way_in: tuple[str, ...] = ()
    """Those of `ready` without which the API server answers nobody."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FixedGateway:
    """The cloud's side of an east-west gateway with fixed addresses."""

    addresses: tuple[LateText, ...]
    """IP addresses, known before the Service exists."""
    is_internal: bool
    """Whether only peered networks reach it."""
    annotations: Mapping[str, LateText] = field(default_factory=dict[str, LateText])
    """Annotations of the Service."""
    spec: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Fields of the Service's `spec`, with late leaves."""
    replacing: tuple[str, ...] = ()
    """Paths in the Service whose change the cloud or Kubernetes refuses, or forgets half of."""
