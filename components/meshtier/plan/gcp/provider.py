"""What belongs to a project: its provider, the APIs it needs, and GKE's right to use keys."""

from collections.abc import Iterator, Sequence
from typing import Final

from ..resources import ResourcePlan
from .names import GcpCluster, api_name, key_grant_name, provider_name

CONTAINER: Final = "container"
COMPUTE: Final = "compute"
IAM: Final = "iam"
RESOURCE_MANAGER: Final = "cloudresourcemanager"
KMS: Final = "cloudkms"

_ALWAYS: Final = (COMPUTE, CONTAINER, IAM, RESOURCE_MANAGER)


def providers(clusters: Sequence[GcpCluster]) -> tuple[ResourcePlan, ...]:
    """Return what every project of these clusters needs once."""
    by_project: dict[str, list[GcpCluster]] = {}
    for cluster in clusters:
        by_project.setdefault(cluster.cloud.project, []).append(cluster)
    return tuple(resource for alike in by_project.values() for resource in _project(tuple(alike)))


def _project(clusters: tuple[GcpCluster, ...]) -> Iterator[ResourcePlan]:
    first = clusters[0]
    yield ResourcePlan(
        type="pulumi:providers:gcp",
        name=provider_name(first),
        args={"project": first.cloud.project},
        parent=first.environment,
        protect=any(one.protect for one in clusters),
    )
    keys = sorted({one.cloud.encryption_key for one in clusters if one.cloud.encryption_key})
    for api in (*_ALWAYS, *((KMS,) if keys else ())):
        yield _api(first, api)
    for key in keys:
        yield _key_grant(tuple(one for one in clusters if one.cloud.encryption_key == key), key)


def _api(cluster: GcpCluster, api: str) -> ResourcePlan:
    return ResourcePlan(
        type="gcp:projects/service:Service",
        name=api_name(cluster, api),
        # Others in the project may use it too, so it stays on when the environment goes.
        args={
            "project": cluster.cloud.project,
            "service": f"{api}.googleapis.com",
            "disable_on_destroy": False,
        },
        parent=cluster.environment,
        provider=provider_name(cluster),
    )


def _key_grant(holders: tuple[GcpCluster, ...], key: str) -> ResourcePlan:
    # Once per project and key: two such grants would be one in the cloud, and the first cluster
    # to go would take it from the others.
    cluster = holders[0]
    agent = f"service-{cluster.cloud.project_number}@container-engine-robot.iam.gserviceaccount.com"
    return ResourcePlan(
        type="gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
        name=key_grant_name(cluster, key),
        args={
            "crypto_key_id": key,
            "role": "roles/cloudkms.cryptoKeyEncrypterDecrypter",
            "member": f"serviceAccount:{agent}",
        },
        parent=cluster.environment,
        provider=provider_name(cluster),
        # GKE's own account is made when its API is enabled.
        depends_on=(api_name(cluster, CONTAINER), api_name(cluster, KMS)),
        protect=any(one.protect for one in holders),
    )
