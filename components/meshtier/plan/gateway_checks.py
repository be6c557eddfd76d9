"""What no rule over the document can see of fixed addresses: that there are any, and whose.

Addresses in a cloud network follow from the clusters' names, so that a neighbour that comes or
goes moves nothing; two names may lead to one address.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import Problem, SpecError
from ..spec.reach import Reach
from .cloud_cluster import CloudCluster
from .late import LateText
from .resources import FixedGateway

Clusters = Mapping[str, CloudCluster[Any]]
Gateways = Mapping[str, FixedGateway]


def refuse_gateways(clusters: Clusters, gateways: Gateways, ways: Reach) -> None:
    """Raise SpecError for gateways without an address, or with a neighbour's."""
    found = (*_without_address(clusters, gateways), *_clashes(clusters, gateways, ways))
    if found:
        raise SpecError(found)


def _without_address(clusters: Clusters, gateways: Gateways) -> Iterator[Problem]:
    for name, gateway in gateways.items():
        if gateway.addresses:
            continue
        where = "private" if gateway.is_internal else "public"
        yield Problem(
            path=f"{clusters[name].spec.path}.mesh.gateway",
            got=f"a gateway without a {where} address in the network that is given",
            allowed="public subnets for it (network.given.publicSubnets), with callers across the "
            "internet; private addresses are fixed in networks that are made here",
            fix="give public subnets, have the network made, or set mesh.gateway.enabled to false",
        )


def _clashes(clusters: Clusters, gateways: Gateways, ways: Reach) -> Iterator[Problem]:
    taken: dict[tuple[str | None, LateText], str] = {}
    for name, gateway in gateways.items():
        spec = clusters[name].spec
        # Public addresses are resources, and so each gateway's own.
        for address in gateway.addresses if gateway.is_internal else ():
            other = taken.setdefault((ways.cloud_network(spec), address), name)
            if other != name:
                yield Problem(
                    path=f"{spec.path}.mesh.gateway",
                    got=f"the address {address}, which the gateway of {other} has too",
                    allowed="addresses of its own in the network that both stand in",
                    fix="rename one of the clusters, or set mesh.gateway.enabled to false in one",
                )
                break
