"""What callers pass: the one place that types values which may be known only later.

Structure is plain, so that the whole plan exists before the first resource; only credentials
are `Input`. Deliberately leaves out checks and defaults: these are `spec/`'s.
"""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi


class ProvidedIntermediate(TypedDict):
    """The intermediate certificate authority of one mesh member."""

    certificate: pulumi.Input[str]
    """PEM certificate, signed by the provided root, for `istiod.istio-system.svc`."""
    key: pulumi.Input[str]
    """PEM private key of the certificate. Handled as a secret."""


class ProvidedTrust(TypedDict):
    """A chain of trust made elsewhere, for root mode `provided`: the root key never comes here."""

    root_certificate: pulumi.Input[str]
    """PEM certificate of the root that every member's intermediate leads to."""
    members: Mapping[str, ProvidedIntermediate]
    """One intermediate per mesh member, by cluster name."""


class EnvironmentArgs(TypedDict):
    """What an environment is made from."""

    environment: Mapping[str, Any]
    """The environment document, as plain data. Holds no secret."""
    kubeconfigs: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Kubeconfigs by the name that `kubeconfigKey` in the document gives them."""
    trust: NotRequired[ProvidedTrust]
    """Needed with root mode `provided`, refused otherwise."""


class MeshCluster(TypedDict):
    """One given cluster that is to be a mesh member."""

    kubeconfig: pulumi.Input[str]
    """Content of the kubeconfig the objects are made with. Handled as a secret."""
    network: str
    """Name of the network the cluster's pods are on."""
    context: NotRequired[str]
    """Context inside the kubeconfig; default its current context."""
    api_server_for_peers: NotRequired[str]
    """`https://host:port` under which the other members' istiods reach this API server."""
    addresses: NotRequired[Mapping[str, str]]
    """Ranges `pods` and `services` of the cluster, for the overlap rules."""
    gateway: NotRequired[Mapping[str, Any]]
    """East-west gateway: `enabled`, `replicas`, `annotations`, as in the document."""
    wait: NotRequired[bool]
    """Wait until istiod and the gateway are ready; default true."""
    existing_objects: NotRequired[str]
    """`refuse` (default) or `adopt` objects that are already there."""


class MeshArgs(TypedDict):
    """What a mesh over given clusters is made from."""

    mesh: Mapping[str, Any]
    """The block `mesh` of the environment document, as plain data."""
    clusters: Mapping[str, MeshCluster]
    """The members, by name; every one is a primary."""
    trust: NotRequired[ProvidedTrust]
    """Needed with root mode `provided`, refused otherwise."""


class ClusterSummary(TypedDict):
    """What an environment tells of one of its clusters."""

    level: str
    """`master`, `seed` or `user`."""
    parent: str
    """Name of the cluster above, empty for the master."""
    provider: str
    """Name of the cloud block the cluster came from."""
    network: str
    """Network in the mesh, empty when the cluster is no member."""
