"""Rules about GKE clusters and their VPCs."""

import re
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network
from typing import Final

from ...errors import Problem
from ..environment import ClusterSpec
from ..gcp import GcpCloud
from ..show import show
from .made import place
from .ranges import block_of
from .subject import Subject

_PROJECT: Final = re.compile(r"[a-z][-a-z0-9]{4,28}[a-z0-9]")
_REGION: Final = re.compile(r"[a-z]+-[a-z]+\d+")
_KEY: Final = re.compile(
    r"projects/[^/]+/locations/(?P<location>[^/]+)/keyRings/[^/]+/cryptoKeys/[^/]+"
)
_POOL: Final = re.compile(r"[a-z]([-a-z0-9]{0,23}[a-z0-9])?")
_LABEL_KEY: Final = re.compile(r"[a-z][-_a-z0-9]{0,62}")
_LABEL_VALUE: Final = re.compile(r"[-_a-z0-9]{0,63}")
_MARK: Final = "meshtier-"


def project_and_region(subject: Subject) -> Iterable[Problem]:
    """Project ids and regions have a form, and a zone is one of the region."""
    for cluster, cloud in on_gcp(subject):
        if not _PROJECT.fullmatch(cloud.project):
            yield Problem(
                path=f"{place(cluster)}.project",
                got=show(cloud.project or None),
                allowed="a project id: 6 to 30 lower-case letters, digits and '-'",
                fix="write it, here or in the defaults above",
            )
        if not _REGION.fullmatch(cloud.region):
            yield Problem(
                path=f"{place(cluster)}.region",
                got=show(cloud.region or None),
                allowed="a region such as 'europe-west3'",
                fix="write it, here or in the defaults above; a zone goes into zone",
            )


def zones_of_region(subject: Subject) -> Iterable[Problem]:
    """Zones are of the cluster's own region."""
    for cluster, cloud in on_gcp(subject):
        given = {f"zones[{index}]": zone for index, zone in enumerate(cloud.zones)}
        if cloud.zone is not None:
            given["zone"] = cloud.zone
        for key, zone in given.items():
            if not re.fullmatch(rf"{re.escape(cloud.region)}-[a-z]", zone):
                yield Problem(
                    path=f"{place(cluster)}.{key}",
                    got=show(zone),
                    allowed=f"a zone of {cloud.region or 'the region'}",
                    fix="write such as 'europe-west3-a'",
                )


def control_plane_range(subject: Subject) -> Iterable[Problem]:
    """GKE takes a /28 for a control plane, or nothing."""
    for cluster, cloud in on_gcp(subject):
        text = cloud.control_plane_range
        block = block_of(text) if text is not None else None
        if text is not None and (
            not isinstance(block, IPv4Network) or block.prefixlen != 28 or str(block) != text
        ):
            yield Problem(
                path=f"{place(cluster)}.controlPlaneRange",
                got=show(text),
                allowed="a /28 such as 172.16.0.0/28",
                fix="write one that nothing else uses, or remove it",
            )


def encryption_key(subject: Subject) -> Iterable[Problem]:
    """GKE's own account, named after the project's number, has to be let at a key nearby."""
    for cluster, cloud in on_gcp(subject):
        key = cloud.encryption_key
        if key is None:
            continue
        found = _KEY.fullmatch(key)
        if found is None or found["location"] != cloud.region:
            yield Problem(
                path=f"{place(cluster)}.encryptionKey",
                got=show(key),
                allowed=f"projects/…/locations/{cloud.region}/keyRings/…/cryptoKeys/…",
                fix="name a key in the cluster's region",
            )
        if cloud.project_number is None or not cloud.project_number.isdigit():
            yield Problem(
                path=f"{place(cluster)}.projectNumber",
                got=show(cloud.project_number or None),
                allowed="the project's number, which names GKE's own account",
                fix="write what `gcloud projects describe` prints, in quotes",
            )


def node_pools(subject: Subject) -> Iterable[Problem]:
    """Names of pools go into names of 40 characters."""
    for cluster, cloud in on_gcp(subject):
        for name in cloud.nodes:
            if not _POOL.fullmatch(name):
                yield Problem(
                    path=f"{place(cluster)}.nodes.{name}",
                    got=f"the name {show(name)}",
                    allowed="lower-case letters, digits and '-' inside, at most 25",
                    fix="rename the pool",
                )


def labels(subject: Subject) -> Iterable[Problem]:
    """Google's labels are lower case and short; ours are not written here."""
    for cluster, cloud in on_gcp(subject):
        for key, value in cloud.labels.items():
            is_ours = key.startswith(_MARK)
            if is_ours or not _LABEL_KEY.fullmatch(key) or not _LABEL_VALUE.fullmatch(value):
                yield Problem(
                    path=f"{place(cluster)}.labels.{key}",
                    got="a reserved key" if is_ours else show(value),
                    allowed="keys and values of at most 63 lower-case letters, digits, '-' and "
                    f"'_', keys not beginning with {_MARK}",
                    fix="choose another",
                )


def on_gcp(subject: Subject) -> Iterator[tuple[ClusterSpec, GcpCloud]]:
    """Yield the GKE clusters."""
    for cluster in subject.environment.clusters:
        if isinstance(cluster.cloud, GcpCloud):
            yield cluster, cluster.cloud
