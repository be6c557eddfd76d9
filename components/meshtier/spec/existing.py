"""The block `cloud.existing`: a cluster that is already there."""

from typing import ClassVar, Literal

from .base import Document


class ExistingCloud(Document):
    """A cluster that is already there, reached by a kubeconfig."""

    provider: ClassVar[Literal["existing"]] = "existing"
    kubeconfig: str | None = None
    """Path of a kubeconfig file, relative to the program. One of `kubeconfig`, `kubeconfigKey`."""
    kubeconfig_key: str | None = None
    """Name of a secret config key (`meshtier:<name>`) whose value is the kubeconfig."""
    context: str | None = None
    """Context inside the kubeconfig; default its current context."""
    api_server_for_peers: str | None = None
    """`https://host:port` under which the other members' istiods reach this API server."""
