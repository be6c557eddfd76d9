"""Rules about the ways between clusters: a call that no packet can make is refused here."""

from collections.abc import Iterable, Iterator
from itertools import combinations

from ...errors import Problem
from ..aws import AwsCreatedNetwork, NatMode
from ..environment import ClusterSpec
from ..existing import ExistingCloud
from ..gcp import GcpCloud, GcpCreatedNetwork
from ..model import MadeCloud
from ..reach import Reach, Route, reach
from ..show import one_of, show, spell
from .made import made, place
from .subject import Subject


def peered_networks(subject: Subject) -> Iterable[Problem]:
    """Networks are peered with others that are declared."""
    mesh = subject.document.mesh
    for name, network in (mesh.networks if mesh else {}).items():
        others = sorted(set(mesh.networks if mesh else {}) - {name})
        for index, other in enumerate(network.peered_with):
            if other not in others:
                yield Problem(
                    path=f"{spell(('mesh', 'networks', name, 'peeredWith'))}[{index}]",
                    got=show(other),
                    allowed=one_of(others) or "nothing, for it is the only network",
                    fix="name another declared network",
                )


def one_cloud_per_flat_network(subject: Subject) -> Iterable[Problem]:
    """Networks made here are routed to each other within one cloud only."""
    first: dict[str, ClusterSpec] = {}
    for cluster, cloud in made(subject):
        if cluster.member is None or cloud.network.given is not None:
            continue
        other = first.setdefault(cluster.member.network, cluster)
        if other.cloud.provider != cloud.provider:
            yield Problem(
                path=f"{cluster.path}.mesh.network",
                got=f"{show(cluster.member.network)}, which {other.name} on "
                f"{other.cloud.provider} is on",
                allowed="one cloud on a network whose VPCs are made here",
                fix="give the clusters of each cloud a network of their own",
            )


def one_cloud_per_peering(subject: Subject) -> Iterable[Problem]:
    """Networks made here are peered within one cloud only: nobody makes the route to another."""
    ways = reach(subject.environment)
    mesh = subject.document.mesh.networks if subject.document.mesh else {}
    made_here = [
        (cluster, cluster.member.network)
        for cluster, cloud in made(subject)
        if cluster.member is not None and cloud.network.given is None
    ]
    first: set[frozenset[str]] = set()
    for (one, network), (other, far) in combinations(made_here, 2):
        pair = frozenset({network, far})
        is_one_cloud = one.cloud.provider == other.cloud.provider
        if is_one_cloud or pair not in ways.peered or pair in first:
            continue
        first.add(pair)
        is_said_here = network in mesh and far in mesh[network].peered_with
        said = network if is_said_here else far
        yield Problem(
            path=f"{spell(('mesh', 'networks', said))}.peeredWith",
            got=f"{show(network)} with {one.name} on {one.cloud.provider}, and {show(far)} with "
            f"{other.name} on {other.cloud.provider}",
            allowed="networks of one cloud, where their VPCs are made here",
            fix="remove it: gateways call each other across the internet",
        )


def private_endpoint_reached(subject: Subject) -> Iterable[Problem]:
    """Peers' istiods read a member's API server: without a route they never start serving."""
    ways = reach(subject.environment)
    for cluster, cloud in made(subject):
        if cluster.member is None or cloud.endpoint.public:
            continue
        strangers = [one.name for one in _peers(subject, cluster) if _is_far(ways, one, cluster)]
        if strangers:
            yield Problem(
                path=f"{place(cluster)}.endpoint.public",
                got=f"false, with no private route from {one_of(strangers)}",
                allowed="a private endpoint only where every other member has a route to it",
                fix=f"{_way_in(cloud)}, or allow a public endpoint with ranges",
            )


def sources_known(subject: Subject) -> Iterable[Problem]:
    """Firewalls made here let in the peers and nobody else, so their addresses must be known."""
    ways = reach(subject.environment)
    for one in subject.environment.members():
        for target in _peers(subject, one):
            missing = None if _has_egress(ways, one) else _missing(ways, one, target)
            if missing is not None:
                yield missing
                break


def private_sources_known(subject: Subject) -> Iterable[Problem]:
    """Where routes are private, firewalls made here let in the peers' own ranges."""
    ways = reach(subject.environment)
    for one in subject.environment.members():
        ranges = one.addresses
        if not isinstance(one.cloud, ExistingCloud) or ranges.pods or ranges.nodes:
            continue
        for target in _peers(subject, one):
            is_made = not isinstance(target.cloud, ExistingCloud)
            if is_made and ways.route(one.name, target.name) is not Route.PUBLIC:
                yield Problem(
                    path=f"{one.path}.addresses.pods",
                    got="nothing",
                    allowed=f"the ranges its pods call from: {target.name} is on a network that is "
                    "routed to its own, and lets in its peers only",
                    fix="write the range of its pods, and that of its nodes where they stand for "
                    "the pods",
                )
                break


def _missing(ways: Reach, one: ClusterSpec, target: ClusterSpec) -> Problem | None:
    if isinstance(target.cloud, ExistingCloud):
        return None
    is_public = target.cloud.endpoint.public or ways.route(one.name, target.name) is Route.PUBLIC
    if not is_public:
        return None
    return Problem(
        path=f"{one.path}.addresses.egress",
        got="nothing",
        allowed=f"the public ranges its traffic leaves from: {target.name} lets in its peers only",
        fix="write the addresses of its NAT, each with /32",
    )


def _has_egress(ways: Reach, cluster: ClusterSpec) -> bool:
    """Whether the public addresses of a cluster's traffic are known, here or to the plan."""
    if cluster.addresses.egress:
        return True
    network = ways.owner(cluster).cloud
    if isinstance(network, ExistingCloud) or network.network.given is not None:
        return False
    match network.network.create:
        case AwsCreatedNetwork() as created:
            return created.nat is not NatMode.NONE
        case GcpCreatedNetwork() as created:
            return created.nat_addresses > 0
        case None:
            return True


def _is_far(ways: Reach, reader: ClusterSpec, target: ClusterSpec) -> bool:
    # A GKE control plane stands behind Private Service Connect, which peered networks don't reach
    # (Network Connectivity Center, "About Private Service Connect connection propagation").
    is_local_only = isinstance(target.cloud, GcpCloud)
    route = ways.route(reader.name, target.name)
    return route is not Route.LOCAL if is_local_only else route is Route.PUBLIC


def _way_in(cloud: MadeCloud) -> str:
    if isinstance(cloud, GcpCloud):
        return "put them into one VPC (network.sharedWith)"
    return "peer the networks (mesh.networks.<name>.peeredWith)"


def _peers(subject: Subject, cluster: ClusterSpec) -> Iterator[ClusterSpec]:
    return (one for one in subject.environment.members() if one.name != cluster.name)
