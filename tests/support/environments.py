"""Environments built by hand and at random, as `spec.load` would return them."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st
from meshtier.spec.environment import ClusterSpec, EnvironmentSpec, Level, MemberSpec
from meshtier.spec.existing import ExistingCloud
from meshtier.spec.model import Addresses, ExistingObjects, IstioSpec, MeshSpec

MESH = MeshSpec(id="acme", trust_domain="acme.example", istio=IstioSpec(version="1.31.1"))

_WORDS = (
    *("a", "b", "mesh", "trust", "root", "ca", "key", "g1", "record", "in", "master", "seed"),
    *("istio", "istiod", "crds", "cacerts", "reader", "role", "token", "provider", "namespace"),
)
"""Words of our own roles: random names built from them collide if any names can."""


def member(network: str, *, gateway: bool = True, wait: bool = True, replicas: int = 2):
    """Return how a cluster takes part in the mesh."""
    return MemberSpec(
        network=network,
        gateway=gateway,
        gateway_replicas=replicas,
        gateway_annotations={},
        gateway_addresses=(),
        wait=wait,
    )


def cluster(
    name: str,
    level: Level = Level.USER,
    parent: str | None = None,
    settings: MemberSpec | None = None,
) -> ClusterSpec:
    """Return one cluster, reached as `existing`."""
    return ClusterSpec(
        name=name,
        level=level,
        parent=parent,
        path=name,
        cloud=ExistingCloud(
            kubeconfig=f"{name}.yaml", api_server_for_peers=f"https://{name}.example:6443"
        ),
        addresses=Addresses(),
        labels={},
        existing_objects=ExistingObjects.REFUSE,
        member=settings,
    )


def environment(*clusters: ClusterSpec, mesh: MeshSpec | None = MESH) -> EnvironmentSpec:
    """Return an environment called `test`."""
    return EnvironmentSpec(name="test", mesh=mesh, clusters=clusters)


def three_levels() -> EnvironmentSpec:
    """Return one master, two seeds, three user clusters on two networks."""
    return environment(
        cluster("hq", Level.MASTER),
        cluster("eu", Level.SEED, "hq"),
        cluster("eu-pay", Level.USER, "eu", member("eu")),
        cluster("eu-shop", Level.USER, "eu", member("eu")),
        cluster("us", Level.SEED, "hq"),
        cluster("us-shop", Level.USER, "us", member("us")),
    )


def cluster_names() -> st.SearchStrategy[str]:
    """Legal cluster names (RFC 1035), most of them made of the words our own names are made of."""
    nasty = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4).map("-".join)
    plain = st.from_regex(r"[a-z]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)
    return st.one_of(nasty, nasty, plain)


@st.composite
def environments(draw: st.DrawFn, *, max_clusters: int = 9) -> EnvironmentSpec:
    """Hierarchies of any shape; any cluster may be in the mesh, on one of three networks."""
    names = draw(
        st.lists(cluster_names(), min_size=2, max_size=max_clusters, unique=True), label="names"
    )
    seeds = draw(st.integers(min_value=1, max_value=len(names) - 1), label="seeds")
    master, below = names[0], names[1:]
    levels = [(master, Level.MASTER, None)]
    levels += [(name, Level.SEED, master) for name in below[:seeds]]
    levels += [(name, Level.USER, draw(st.sampled_from(below[:seeds]))) for name in below[seeds:]]
    clusters = tuple(cluster(*place, settings=draw(_settings())) for place in levels)
    return EnvironmentSpec(name=draw(cluster_names(), label="stack"), mesh=MESH, clusters=clusters)


def with_cluster(spec: EnvironmentSpec, added: ClusterSpec) -> EnvironmentSpec:
    """Return the environment with one cluster more."""
    return replace(spec, clusters=(*spec.clusters, added))


def without_cluster(spec: EnvironmentSpec, name: str) -> EnvironmentSpec:
    """Return the environment without one cluster."""
    left = tuple(cluster for cluster in spec.clusters if cluster.name != name)
    return replace(spec, clusters=left)


def reordered(spec: EnvironmentSpec, order: Sequence[int]) -> EnvironmentSpec:
    """Return the same clusters in another order."""
    return replace(spec, clusters=tuple(spec.clusters[at] for at in order))


def _settings() -> st.SearchStrategy[MemberSpec | None]:
    inside = st.builds(
        member,
        st.sampled_from(("one", "two", "three")),
        gateway=st.booleans(),
        wait=st.booleans(),
        replicas=st.integers(min_value=1, max_value=3),
    )
    return st.one_of(st.none(), inside, inside)
