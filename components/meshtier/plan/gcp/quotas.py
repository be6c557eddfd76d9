"""What Google Cloud takes only so many of."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from ...errors import Problem
from ..resources import ResourcePlan
from .names import GcpCluster

AUTHORISED_NETWORKS: Final = 100
"""Ranges let in by a control plane whose nodes are private ("Add authorized networks")."""

ROUTERS: Final = 5
"""Cloud Routers in one network and region ("Cloud Router quotas"; no quota raises it)."""

Clusters: TypeAlias = Mapping[str, GcpCluster]


def too_many(clusters: Clusters, resources: Sequence[ResourcePlan]) -> tuple[Problem, ...]:
    """Return what is more than Google gives anybody; `clusters` are by component."""
    return (*_authorised_networks(clusters, resources), *_routers(clusters, resources))


def beyond_default(clusters: Clusters, resources: Sequence[ResourcePlan]) -> tuple[Problem, ...]:
    """Return nothing: a new project's quotas depend on the history of who pays for it."""
    return ()


def _authorised_networks(
    clusters: Clusters, resources: Sequence[ResourcePlan]
) -> Iterator[Problem]:
    for one in resources:
        if one.type == "gcp:container/cluster:Cluster":
            count = len(one.args["master_authorized_networks_config"]["cidr_blocks"])
            if count > AUTHORISED_NETWORKS:
                yield Problem(
                    path=f"{clusters[one.parent].spec.path}.cloud.gcp.endpoint.ranges",
                    got=f"{count} ranges with the addresses that peers come from",
                    allowed=f"at most {AUTHORISED_NETWORKS}",
                    fix="write fewer, or wider ones in their place",
                )


def _routers(clusters: Clusters, resources: Sequence[ResourcePlan]) -> Iterator[Problem]:
    there: dict[tuple[str, str], int] = {}
    for one in resources:
        if one.type == "gcp:compute/router:Router":
            region = str(one.args["region"])
            place = (str(one.args["network"]), region)
            there[place] = there.get(place, 0) + 1
            if there[place] == ROUTERS + 1:
                yield Problem(
                    path=f"{clusters[one.parent].spec.path}.cloud.gcp.network",
                    got=f"Cloud Router {there[place]} of one VPC in {region}",
                    allowed=f"at most {ROUTERS}, one of them for all in the owner's region",
                    fix="let a cluster in that region own the VPC, or some have another one",
                )
