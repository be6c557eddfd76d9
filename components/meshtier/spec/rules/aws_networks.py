"""Rules about the networks that EKS clusters stand in, and about who makes them."""

from collections.abc import Iterable, Iterator

from ...errors import Problem
from ..aws import MAX_ZONES, AwsCloud
from ..environment import ClusterSpec
from ..show import show
from .aws import MIN_ZONES
from .made import place
from .ranges import block_of
from .subject import Subject


def zones_have_room(subject: Subject) -> Iterable[Problem]:
    """A VPC made here has room for some zones; which part each gets never changes."""
    for cluster, cloud in _aws(subject):
        if cloud.network.given is None and len(set(cloud.zones)) > MAX_ZONES:
            yield Problem(
                path=f"{place(cluster)}.zones",
                got=f"{len(set(cloud.zones))} zones",
                allowed=f"at most {MAX_ZONES} in a VPC that is made here",
                fix="leave some out",
            )


def given_subnets(subject: Subject) -> Iterable[Problem]:
    """EKS takes subnets of at least two zones, its own or given."""
    for cluster, cloud in _aws(subject):
        given = cloud.network.given
        if given is not None and len(given.private_subnets) < MIN_ZONES:
            yield Problem(
                path=f"{place(cluster)}.network.given.privateSubnets",
                got=", ".join(sorted(given.private_subnets)) or "nothing",
                allowed=f"subnets of at least {MIN_ZONES} zones",
                fix="write one more by its zone",
            )


def pods_range(subject: Subject) -> Iterable[Problem]:
    """Pods have a range that can be added to the VPC made for them, or addresses of the VPC."""
    for cluster, cloud in _aws(subject):
        text = cluster.addresses.pods
        block = block_of(text or "")
        if block is None or cloud.network.given is not None:
            continue
        path = f"{cluster.path}.addresses.pods"
        if cloud.network.shared_with is not None:
            yield Problem(
                path=path,
                got=str(block),
                allowed=f"nothing beside a shared network: pods have addresses of "
                f"{cloud.network.shared_with}'s",
                fix="remove it",
            )
        elif not _is_in_vpc(cluster) and (block.version != 4 or not 16 <= block.prefixlen <= 24):
            yield Problem(
                path=path,
                got=str(block),
                allowed="an IPv4 range from /16 to /24, or one within that of the nodes",
                fix="choose a range of that size",
            )


def one_role_per_account(subject: Subject) -> Iterable[Problem]:
    """One provider makes all that is in an account, so it takes on one role there."""
    first: dict[str, tuple[ClusterSpec, str | None]] = {}
    for cluster, cloud in _aws(subject):
        other, role = first.setdefault(cloud.account, (cluster, cloud.assume_role))
        if role != cloud.assume_role:
            yield Problem(
                path=f"{place(cluster)}.assumeRole",
                got=_or_none(cloud.assume_role),
                allowed=f"{_or_none(role)}, as for {other.name} in the same account",
                fix="write one role for the account, such as in master.defaults.cloud.aws",
            )


def _is_in_vpc(cluster: ClusterSpec) -> bool:
    pods, nodes = (
        block_of(text or "") for text in (cluster.addresses.pods, cluster.addresses.nodes)
    )
    return bool(pods and nodes and pods.version == nodes.version and pods.overlaps(nodes))


def _or_none(role: str | None) -> str:
    return show(role) if role else "no role"


def _aws(subject: Subject) -> Iterator[tuple[ClusterSpec, AwsCloud]]:
    for cluster in subject.environment.clusters:
        if isinstance(cluster.cloud, AwsCloud):
            yield cluster, cluster.cloud
