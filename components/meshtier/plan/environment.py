"""The whole environment: hierarchy, records and mesh."""

from collections.abc import Sequence
from dataclasses import replace

from ..spec.environment import ClusterSpec, EnvironmentSpec, Level
from ..spec.existing import ExistingCloud
from ..spec.model import Cloud, ExistingObjects
from . import manifests, names
from .clouds import CloudsPlan, plan_clouds
from .labels import object_labels
from .mesh import plan_mesh
from .model import (
    ClusterPlan,
    EnvironmentPlan,
    InsidePlan,
    MeshPlan,
    ObjectPlan,
    RecordPlan,
    Role,
)
from .resources import FixedGateway
from .topology import Member, below, ordered


def plan_environment(spec: EnvironmentSpec) -> EnvironmentPlan:
    """Return everything that will exist for `spec`; the same for the same spec in any order."""
    clusters = ordered(spec.clusters)
    clouds = plan_clouds(replace(spec, clusters=clusters))
    return EnvironmentPlan(
        name=spec.name,
        clusters=tuple(_cluster(spec, cluster, clusters, clouds) for cluster in clusters),
        mesh=_mesh(spec, clusters, clouds),
        warnings=spec.warnings,
        cloud=clouds.resources,
        quotas=clouds.quotas,
    )


def api_server_for_peers(cloud: Cloud) -> str | None:
    """Return the API address peers use, None when the cloud makes it known only late."""
    return cloud.api_server_for_peers if isinstance(cloud, ExistingCloud) else None


def given_gateway(cluster: ClusterSpec) -> FixedGateway | None:
    """Return the fixed addresses that the document gives a cluster's gateway; None without."""
    addresses = cluster.member.gateway_addresses if cluster.member else ()
    return FixedGateway(addresses=addresses, is_internal=False) if addresses else None


def _mesh(
    spec: EnvironmentSpec, clusters: Sequence[ClusterSpec], clouds: CloudsPlan
) -> MeshPlan | None:
    members = tuple(
        Member(
            name=cluster.name,
            settings=cluster.member,
            api_server=api_server_for_peers(cluster.cloud),
            labels=object_labels(spec.name, cluster),
            fixed=clouds.gateways.get(cluster.name) or given_gateway(cluster),
            protect=spec.guards.protects(cluster.name),
        )
        for cluster in clusters
        if cluster.member is not None
    )
    if spec.mesh is None or not members:
        return None
    return plan_mesh(
        spec.mesh,
        members,
        name=names.mesh(spec.name),
        protect_trust=spec.guards.protects("trust"),
    )


def _cluster(
    spec: EnvironmentSpec,
    cluster: ClusterSpec,
    clusters: Sequence[ClusterSpec],
    clouds: CloudsPlan,
) -> ClusterPlan:
    environment = spec.name
    component = names.tier(environment, cluster.name)
    labels = object_labels(environment, cluster)
    known = () if cluster.level is Level.USER else below(clusters, cluster)
    namespace = ObjectPlan(
        logical_name=names.child(component, names.RECORDS_NAMESPACE),
        manifest=manifests.records_namespace(labels),
    )
    return ClusterPlan(
        name=cluster.name,
        component_name=component,
        level=cluster.level,
        parent=cluster.parent,
        cloud=cluster.cloud,
        provider_name=names.child(component, names.PROVIDER),
        identifier=f"{environment}/{cluster.name}",
        adopt=cluster.existing_objects is ExistingObjects.ADOPT,
        labels=labels,
        namespace=namespace if known else None,
        records=tuple(_record(environment, cluster, about) for about in known),
        protect=spec.guards.protects(cluster.name),
        access=clouds.access.get(cluster.name),
        inside=clouds.inside.get(cluster.name, InsidePlan()),
    )


def _record(environment: str, host: ClusterSpec, about: ClusterSpec) -> RecordPlan:
    # Named after the cluster it describes and the level of its holder, of which there is one
    # each: with the holder's own name in it, two records could spell the same name.
    is_master = host.level is Level.MASTER
    role = names.RECORD_IN_MASTER if is_master else names.RECORD_IN_SEED
    manifest = manifests.record(
        about.name, _record_data(environment, about), object_labels(environment, about)
    )
    return RecordPlan(
        host=host.name,
        about=about.name,
        config_map=ObjectPlan(
            logical_name=names.child(names.tier(environment, about.name), role),
            manifest=manifest,
        ),
    )


def _record_data(environment: str, about: ClusterSpec) -> dict[str, str]:
    return {
        "cluster": about.name,
        "environment": environment,
        "level": about.level.value,
        "parent": about.parent or "",
        "provider": about.cloud.provider,
        "network": about.member.network if about.member else "",
        "apiServer": api_server_for_peers(about.cloud) or "",
        "meshRole": Role.PRIMARY.value if about.member else "",
    }
