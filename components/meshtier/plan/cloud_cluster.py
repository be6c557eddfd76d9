"""A cluster that a cloud makes, as the planners of that cloud see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from ..spec.environment import ClusterSpec
from ..spec.model import MadeCloud
from . import names
from .late import LateText

C = TypeVar("C", bound=MadeCloud)


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudCluster(Generic[C]):
    """One cluster, its network, and the addresses its peers come from."""

    environment: str
    spec: ClusterSpec
    cloud: C
    """The cluster's cloud block, defaults filled in; the same as `spec.cloud`."""
    component: str
    """Logical name of the tier's component: parent of the resources, and prefix of their names."""
    physical_name: str
    """Name of the cluster in the cloud, `<environment>-<cluster>`, at most 32 characters."""
    marks: Mapping[str, str]
    """`environment`, `level`, `cluster`: in every tag and label."""
    protect: bool
    owner: ClusterSpec
    """The cluster for which the network is made; the cluster itself unless it shares."""
    owner_component: str
    """Logical name of the owner's component."""
    gateway: bool
    """Whether it has an east-west gateway."""
    gateway_is_internal: bool
    """Whether only peered networks call the gateway."""
    flat_sources: tuple[str, ...] = ()
    """Private ranges of the other members on the same mesh network: their pods call these."""
    local_sources: tuple[str, ...] = ()
    """Private ranges of the other members in the same cloud network, whatever mesh network."""
    api_sources: tuple[LateText, ...] = ()
    """Ranges from which peers' istiods read the API server; on the way the endpoint allows."""
    gateway_sources: tuple[LateText, ...] = ()
    """Ranges from which other networks call the gateway."""

    @property
    def owns_network(self) -> bool:
        """Whether the cluster's network is made for it."""
        return self.owner.name == self.spec.name and self.cloud.network.given is None

    def name(self, role: str) -> str:
        """Return the logical name of the cluster's only resource of a role."""
        return names.child(self.component, role)

    def keyed(self, role: str, key: str) -> str:
        """Return the logical name of one of several resources of a role."""
        return names.keyed(self.component, role, key)

    def of_network(self, role: str) -> str:
        """Return the logical name of a resource of the network, which may be another cluster's."""
        return names.child(self.owner_component, role)

    def of_network_keyed(self, role: str, key: str) -> str:
        """Return the logical name of one of several resources of the network."""
        return names.keyed(self.owner_component, role, key)
