"""Defaults: from the document as written to the environment as believed.

For every setting the nearest place that writes it wins:

1. the cluster itself (`seeds.eu.userClusters.eu-shop`, `seeds.eu`, `master`);
2. for a user cluster, the defaults of its seed (`seeds.eu.defaults`);
3. for a user cluster and for a seed, the defaults of the master (`master.defaults`);
4. the built-in value: user clusters are members of the mesh, seeds and the master are not;
   a gateway where the mesh spans more than one network, with two replicas; wait; refuse
   existing objects.

The master takes nothing from `master.defaults`, a seed nothing from its own `defaults`: defaults
are for the levels below. Labels and gateway annotations are merged key by key in the same order.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from .environment import ClusterSpec, EnvironmentSpec, Level, MemberSpec
from .model import ClusterBlock, EnvironmentDocument, ExistingObjects, GatewaySettings, Settings
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
    layers: tuple[Settings, ...]

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
        clusters=tuple(
            _cluster(
                cluster,
                _member(cluster, len(networks) > 1) if cluster.path in paths else None,
            )
            for cluster in clusters
        ),
    )


def _placed(document: EnvironmentDocument) -> Iterator[Placed]:
    master = document.master
    yield Placed(
        name=master.name,
        level=Level.MASTER,
        parent=None,
        path="master",
        block=master,
        layers=(master,),
    )
    for seed_name, seed in sorted(document.seeds.items()):
        path = spell(("seeds", seed_name))
        yield Placed(
            name=seed_name,
            level=Level.SEED,
            parent=master.name,
            path=path,
            block=seed,
            layers=(seed, master.defaults),
        )
        for user_name, user in sorted(seed.user_clusters.items()):
            yield Placed(
                name=user_name,
                level=Level.USER,
                parent=seed_name,
                path=spell(("seeds", seed_name, "userClusters", user_name)),
                block=user,
                layers=(user, seed.defaults, master.defaults),
            )


def _cluster(placed: Placed, member: MemberSpec | None) -> ClusterSpec:
    existing = _nearest(placed.layers, lambda settings: settings.existing_objects)
    return ClusterSpec(
        name=placed.name,
        level=placed.level,
        parent=placed.parent,
        path=placed.path,
        cloud=placed.block.cloud.chosen,
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
