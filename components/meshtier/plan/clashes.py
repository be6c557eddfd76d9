"""Fixed addresses that two gateways of one cloud network would have in common.

They follow from the clusters' names, so that a neighbour that comes or goes moves nothing, and
two names may lead to one address. It is refused here: no rule over the document can see it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import Problem, SpecError
from ..spec.reach import Reach
from .cloud_cluster import CloudCluster
from .late import LateText
from .resources import FixedGateway


def refuse_clashes(
    clusters: Mapping[str, CloudCluster[Any]],
    gateways: Mapping[str, FixedGateway],
    ways: Reach,
) -> None:
    """Raise SpecError where two gateways have an address in common."""
    found = tuple(_clashes(clusters, gateways, ways))
    if found:
        raise SpecError(found)


def _clashes(
    clusters: Mapping[str, CloudCluster[Any]],
    gateways: Mapping[str, FixedGateway],
    ways: Reach,
) -> Iterator[Problem]:
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
