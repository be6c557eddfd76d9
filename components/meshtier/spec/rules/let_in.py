"""Rules about ranges outside the clusters: who calls an API server, and what a cluster leaves from.

The plan lets in `egress` of a member at every peer, so it is as dangerous as an endpoint's ranges.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from ...errors import Problem
from ..existing import ExistingCloud
from .made import made, place
from .ranges import cidr_problem, is_too_wide
from .subject import Subject

_NAT: Final = "write the addresses of its NAT, each with /32"
_CALLERS: Final = (
    "write those from which people and pipelines come, or set endpoint.public to false"
)


def public_endpoint_has_ranges(subject: Subject) -> Iterable[Problem]:
    """An API server that the whole internet may knock at is one leaked credential from lost."""
    for cluster, cloud in made(subject):
        if cloud.endpoint.public and not cloud.endpoint.ranges:
            yield Problem(
                path=f"{place(cluster)}.endpoint.ranges",
                got="nothing",
                allowed="the ranges from which people and pipelines come",
                fix="write them, or set endpoint.public to false",
            )


def public_ranges_are_narrow(subject: Subject) -> Iterable[Problem]:
    """What is let in from the internet is somebody's; nobody has half of it."""
    for path, text, fix in _public_ranges(subject):
        if is_too_wide(text):
            yield Problem(
                path=path, got=text, allowed="public ranges no wider than /8 (IPv6: /16)", fix=fix
            )


def range_forms(subject: Subject) -> Iterable[Problem]:
    """Ranges beside `addresses` have the same form as those."""
    written = {path: text for path, text, _ in _public_ranges(subject) if not is_too_wide(text)}
    for cluster, cloud in made(subject):
        for index, text in enumerate(() if cloud.endpoint.public else cloud.endpoint.ranges):
            written[f"{place(cluster)}.endpoint.ranges[{index}]"] = text
    for path, text in written.items():
        problem = cidr_problem(path, text)
        if problem is not None:
            yield problem


def _public_ranges(subject: Subject) -> Iterator[tuple[str, str, str]]:
    """Yield where each range of the internet stands, the range, and what to write for another."""
    for cluster in subject.environment.clusters:
        for index, text in enumerate(cluster.addresses.egress):
            yield f"{cluster.path}.addresses.egress[{index}]", text, _NAT
        if isinstance(cluster.cloud, ExistingCloud) or not cluster.cloud.endpoint.public:
            continue
        for index, text in enumerate(cluster.cloud.endpoint.ranges):
            yield f"{place(cluster)}.endpoint.ranges[{index}]", text, _CALLERS
