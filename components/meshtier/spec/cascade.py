"""Defaults: from the document as written to the environment as believed.

For every setting the nearest place that writes it wins:

1. the cluster itself (`seeds.eu.userClusters.eu-shop`, `seeds.eu`, `master`);
2. for a user cluster, the defaults of its seed (`seeds.eu.defaults`);
3. for a user cluster and for a seed, the defaults of the master (`master.defaults`);
4. the built-in value: user clusters are members of the mesh, seeds and the master are not;
   a gateway where the mesh spans more than one network, with two replicas; wait; refuse
   existing objects.

The master takes nothing from `master.defaults`, a seed nothing from its own `defaults`: defaults
are for the levels below. Labels and gateway annotations are merged key by key in the same order,
the settings of a cloud field by field (see `overlay`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from .aws import AwsCloud
from .environment import ClusterSpec, EnvironmentSpec, GuardsSpec, Level, MemberSpec
from .existing import ExistingCloud
from .gcp import GcpCloud
from .model import (
    Cloud,
    ClusterBlock,
    Defaults,
    EnvironmentDocument,
    ExistingObjects,
    GatewaySettings,
    Guards,
    Settings,
)
from .overlay import over
from .show import spell

DEFAULT_REPLICAS: Final = 2
"""Gateway replicas: one may go without cutting a network off."""

_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A cluster block, where it stands, and the settings that apply to it, nearest first."""

    name: str
    level: Level
    parent: str | None
    path: str
    block: ClusterBlock
    defaults: tuple[Defaults, ...]
    """The defaults that apply to it, nearest first."""

    @property
    def layers(self) -> tuple[Settings, ...]:
        """Return the places that may set something for the cluster, nearest first."""
        return (self.block, *self.defaults)

    @property
    def cloud(self) -> Cloud:
        """Return the cluster's cloud block over the defaults."""
        chosen = self.block.cloud.chosen
        match chosen:
            case AwsCloud():
                return over(chosen, [d.cloud.aws for d in self.defaults if d.cloud.aws])
            case GcpCloud():
                return over(chosen, [d.cloud.gcp for d in self.defaults if d.cloud.gcp])
            case ExistingCloud():
                return chosen

    @property
    def network(self) -> str | None:
        """Return the network the cluster is on, member or not; None when nothing says it."""
        return _nearest(self.layers, lambda settings: settings.mesh.network)

    @property
    def is_member(self) -> bool:
        """Return whether the cluster is to join the mesh, when there is one."""
        asked = _nearest(self.layers, lambda settings: settings.mesh.member)
        return self.level is Level.USER if asked is None else asked


def place(document: EnvironmentDocument) -> tuple[Placed, ...]:
    """Return every cluster: master first, then each seed and its user clusters, names sorted."""
    return tuple(_placed(document))


def resolve(document: EnvironmentDocument, *, name: str) -> EnvironmentSpec:
    """Return the environment with every default filled in; rules are not applied here.

    A member without a network gets the empty name, which no rule lets through.
    """
    clusters = place(document)
    members = [cluster for cluster in clusters if document.mesh and cluster.is_member]
    networks = {cluster.network or "" for cluster in members}
    paths = {cluster.path for cluster in members}
    return EnvironmentSpec(
        name=name,
        mesh=document.mesh,
        guards=_guards(document.guards, clusters),
        clusters=tuple(
            _cluster(
                cluster,
                _member(cluster, len(networks) > 1) if cluster.path in paths else None,
            )
            for cluster in clusters
        ),
    )


def _guards(asked: Guards, clusters: tuple[Placed, ...]) -> GuardsSpec:
    is_made = any(cluster.block.cloud.existing is None for cluster in clusters)
    protect = is_made if asked.protect is None else asked.protect
    return GuardsSpec(protect=protect, allow=frozenset(asked.allow))


def _placed(document: EnvironmentDocument) -> Iterator[Placed]:
    master = document.master
    yield Placed(
        name=master.name,
        level=Level.MASTER,
        parent=None,
        path="master",
        block=master,
        defaults=(),
    )
    for seed_name, seed in sorted(document.seeds.items()):
        path = spell(("seeds", seed_name))
        yield Placed(
            name=seed_name,
            level=Level.SEED,
            parent=master.name,
            path=path,
            block=seed,
            defaults=(master.defaults,),
        )
        for user_name, user in sorted(seed.user_clusters.items()):
            yield Placed(
                name=user_name,
                level=Level.USER,
                parent=seed_name,
                path=spell(("seeds", seed_name, "userClusters", user_name)),
                block=user,
                defaults=(seed.defaults, master.defaults),
            )


def _cluster(placed: Placed, member: MemberSpec | None) -> ClusterSpec:
    existing = _nearest(placed.layers, lambda settings: settings.existing_objects)
    return ClusterSpec(
        name=placed.name,
        level=placed.level,
        parent=placed.parent,
        path=placed.path,
        cloud=placed.cloud,
        addresses=placed.block.addresses,
        labels=_merged(placed.layers, lambda settings: settings.labels),
        existing_objects=existing or ExistingObjects.REFUSE,
        member=member,
    )


def _member(placed: Placed, has_many_networks: bool) -> MemberSpec:
    layers = placed.layers
    gateway = _nearest(layers, lambda settings: _gateway(settings).enabled)
    wait = _nearest(layers, lambda settings: settings.mesh.wait)
    return MemberSpec(
        network=placed.network or "",
        gateway=has_many_networks if gateway is None else gateway,
        gateway_replicas=_nearest(layers, lambda settings: _gateway(settings).replicas)
        or DEFAULT_REPLICAS,
        gateway_annotations=_merged(layers, lambda settings: _gateway(settings).annotations),
        gateway_addresses=_nearest(layers, lambda settings: _gateway(settings).addresses) or (),
        wait=True if wait is None else wait,
    )


def _gateway(settings: Settings) -> GatewaySettings:
    return settings.mesh.gateway or GatewaySettings()


def _nearest(layers: tuple[Settings, ...], read: Callable[[Settings], _T | None]) -> _T | None:
    return next((value for layer in layers if (value := read(layer)) is not None), None)


def _merged(
    layers: tuple[Settings, ...], read: Callable[[Settings], Mapping[str, str] | None]
) -> dict[str, str]:
    merged: dict[str, str] = {}
    for layer in reversed(layers):
        merged.update(read(layer) or {})
    return dict(sorted(merged.items()))
