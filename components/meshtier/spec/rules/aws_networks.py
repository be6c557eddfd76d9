"""Rules about the networks that EKS clusters stand in, and about who makes them."""

import re
from collections.abc import Iterable
from typing import Final

from ...errors import Problem
from ..aws import MAX_ZONES, Identity, NatMode
from ..environment import ClusterSpec
from ..reach import Route, reach
from ..show import show
from .aws import MIN_ZONES, on_aws
from .made import place
from .subject import Subject

_SERVICE: Final = re.compile(r"(?!com\.amazonaws)[a-z0-9-]+(\.[a-z0-9-]+)*")
_CALLED: Final = frozenset({"ec2", "ecr.api", "ecr.dkr", "s3", "sts"})
"""What starting nodes call: their interfaces, images and credentials."""


def zones_have_room(subject: Subject) -> Iterable[Problem]:
    """A VPC made here has room for some zones; which part each gets never changes."""
    for cluster, cloud in on_aws(subject):
        if cloud.network.given is None and len(set(cloud.zones)) > MAX_ZONES:
            yield Problem(
                path=f"{place(cluster)}.zones",
                got=f"{len(set(cloud.zones))} zones",
                allowed=f"at most {MAX_ZONES} in a VPC that is made here",
                fix="leave some out",
            )


def given_subnets(subject: Subject) -> Iterable[Problem]:
    """EKS takes subnets of at least two zones, its own or given."""
    for cluster, cloud in on_aws(subject):
        given = cloud.network.given
        if given is not None and len(given.private_subnets) < MIN_ZONES:
            yield Problem(
                path=f"{place(cluster)}.network.given.privateSubnets",
                got=", ".join(sorted(given.private_subnets)) or "nothing",
                allowed=f"subnets of at least {MIN_ZONES} zones",
                fix="write one more by its zone",
            )


def given_public_subnets(subject: Subject) -> Iterable[Problem]:
    """A load balancer leaves out gateways in zones where it has no subnet ("Target groups")."""
    for cluster, cloud in on_aws(subject):
        given = cloud.network.given
        if given is None or not given.public_subnets:
            continue
        missing = sorted({*given.private_subnets} - {*given.public_subnets})
        if missing:
            yield Problem(
                path=f"{place(cluster)}.network.given.publicSubnets",
                got=f"none in {', '.join(missing)}, where nodes are",
                allowed="a public subnet in every zone of the nodes",
                fix="write those of the other zones",
            )


def given_route_tables(subject: Subject) -> Iterable[Problem]:
    """A peering with a network made here needs a way back in the one that is given."""
    ways = reach(subject.environment)
    for cluster, cloud in on_aws(subject):
        given = cloud.network.given
        if given is None or given.route_tables or cluster.member is None:
            continue
        for other, theirs in on_aws(subject):
            is_peered = ways.route(cluster.name, other.name) is Route.PEERED
            if is_peered and theirs.network.given is None:
                yield Problem(
                    path=f"{place(cluster)}.network.given.routeTables",
                    got="nothing",
                    allowed=f"the private subnets' route tables: a peering leads to {other.name}",
                    fix="write their ids",
                )
                break


def endpoints(subject: Subject) -> Iterable[Problem]:
    """Endpoints are named as their services are in a region, each once."""
    for cluster, cloud in on_aws(subject):
        names = cloud.network.create.endpoints if cloud.network.create else ()
        for index, name in enumerate(names):
            if name in names[:index] or not _SERVICE.fullmatch(name):
                yield Problem(
                    path=f"{place(cluster)}.network.create.endpoints[{index}]",
                    got=f"{show(name)} again" if name in names[:index] else show(name),
                    allowed="services such as 's3' or 'ecr.api', without com.amazonaws and region",
                    fix="re-spell or remove it",
                )


def nodes_reach_aws(subject: Subject) -> Iterable[Problem]:
    """Without NAT, nodes start only where endpoints lead to what they call.

    Source: EKS user guide, "Deploy private clusters with limited internet access".
    """
    needed: dict[str, set[str]] = {}
    for cluster, cloud in on_aws(subject):
        wanted = needed.setdefault(cloud.network.shared_with or cluster.name, set())
        wanted |= _CALLED | ({"eks-auth"} if cloud.identity is Identity.POD_IDENTITY else set())
        wanted |= {"elasticloadbalancing"} if cluster.member and cluster.member.gateway else set()
    for cluster, cloud in on_aws(subject):
        created = cloud.network.create
        if created is None or created.nat is not NatMode.NONE:
            continue
        missing = sorted(needed.get(cluster.name, set()) - {*created.endpoints})
        if missing:
            yield Problem(
                path=f"{place(cluster)}.network.create.endpoints",
                got=f"nothing for {', '.join(missing)}, without NAT",
                allowed="endpoints of all that nodes call, or a NAT gateway",
                fix="add them, or set network.create.nat to single or perZone",
            )


def one_role_per_account(subject: Subject) -> Iterable[Problem]:
    """One provider makes all that is in an account, so it takes on one role there."""
    first: dict[str, tuple[ClusterSpec, str | None]] = {}
    for cluster, cloud in on_aws(subject):
        other, role = first.setdefault(cloud.account, (cluster, cloud.assume_role))
        if role != cloud.assume_role:
            yield Problem(
                path=f"{place(cluster)}.assumeRole",
                got=_or_none(cloud.assume_role),
                allowed=f"{_or_none(role)}, as for {other.name} in the same account",
                fix="write one role for the account, such as in master.defaults.cloud.aws",
            )


def _or_none(role: str | None) -> str:
    return show(role) if role else "no role"
