"""The clusters that clouds make, as a person reads them: versions, nodes, who gets in."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from ..spec.aws import AwsCloud, AwsNodeGroup
from ..spec.existing import ExistingCloud
from ..spec.gcp import GcpCloud, GcpNodePool
from ..spec.model import MadeCloud
from .model import EnvironmentPlan

CLOUD_COLUMNS: Final = (
    *("made in a cloud", "where", "account", "Kubernetes", "nodes", "API server", "resources"),
)


def cloud_rows(plan: EnvironmentPlan) -> Iterator[Sequence[str]]:
    """Yield a row per cluster that a cloud makes, in the order of the plan."""
    resources = Counter(resource.parent for resource in plan.cloud)
    for cluster in plan.clusters:
        cloud = cluster.cloud
        if not isinstance(cloud, ExistingCloud):
            yield (
                cluster.name,
                f"{cloud.provider} {_place(cloud)}",
                cloud.account if isinstance(cloud, AwsCloud) else cloud.project,
                _version(cloud),
                ", ".join(_nodes(cloud)),
                _endpoint(cloud),
                str(resources[cluster.component_name]),
            )


def _place(cloud: MadeCloud) -> str:
    zone = cloud.zone if isinstance(cloud, GcpCloud) else None
    return zone or cloud.region


def _version(cloud: MadeCloud) -> str:
    if isinstance(cloud, AwsCloud):
        return cloud.version
    return f"{cloud.version or 'the newest'} of {cloud.channel.value}"


def _nodes(cloud: MadeCloud) -> Iterator[str]:
    for name, group in cloud.nodes.items():
        spot = ", spot" if group.spot else ""
        yield f"{name} {group.min}–{group.max} × {_machine(group)}{spot}"


def _machine(group: AwsNodeGroup | GcpNodePool) -> str:
    return "/".join(group.types) if isinstance(group, AwsNodeGroup) else group.type


def _endpoint(cloud: MadeCloud) -> str:
    if not cloud.endpoint.public:
        return "private"
    return f"public to {', '.join(cloud.endpoint.ranges) or 'its peers'}"
