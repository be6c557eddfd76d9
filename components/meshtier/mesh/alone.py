"""A mesh without a hierarchy: given clusters become members under the same rules.

The rules speak about a document, so the clusters are put into one, as the user clusters of a
hierarchy of which nothing else is ever planned, and what the rules find is told in the words of
`MeshArgs`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Final, cast

import pulumi

from ..args import MeshArgs, MeshCluster, ProvidedTrust
from ..boundary import kind, require_none, text_problems, trust_problems
from ..clouds import Kubeconfigs
from ..errors import Problem, SpecError
from ..plan import names
from ..plan.environment import api_server_for_peers, given_gateway
from ..plan.labels import owner_labels
from ..plan.mesh import plan_mesh
from ..plan.model import ClusterPlan, MeshPlan
from ..plan.topology import Member
from ..spec.environment import ClusterSpec, EnvironmentSpec, Level
from ..spec.load import load
from ..spec.model import ExistingObjects

_OWN_WORDS: Final = (
    (".cloud.existing.kubeconfigKey", ".kubeconfig"),
    (".cloud.existing.", "."),
    (".mesh.", "."),
)
"""The document's words for a cluster's settings -> those of `MeshCluster`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedMesh:
    """A mesh that can be registered, and the late values that go with it."""

    plan: MeshPlan
    clusters: tuple[ClusterPlan, ...]
    """How each member is reached."""
    kubeconfigs: Kubeconfigs
    """By member name."""
    trust: ProvidedTrust | None
    warnings: tuple[Problem, ...]


def planned_mesh(name: str, args: MeshArgs) -> PlannedMesh:
    """Return the plan of a mesh over given clusters.

    Raises:
        pulumi.RunError: with every problem, one per line.
    """
    trust = args.get("trust")
    try:
        spec = _load(name, args)
        plan = _plan(name, spec)
        require_none([*trust_problems(plan, trust)])
    except SpecError as error:
        raise pulumi.RunError(str(error)) from None
    return PlannedMesh(
        plan=plan,
        clusters=tuple(_cluster(name, cluster) for cluster in spec.members()),
        kubeconfigs={cluster: given["kubeconfig"] for cluster, given in args["clusters"].items()},
        trust=trust,
        warnings=tuple(_in_own_words(warning) for warning in spec.warnings),
    )


def _load(name: str, args: MeshArgs) -> EnvironmentSpec:
    wrong = [*_cluster_problems(args.get("clusters"))]
    if cast("object", args.get("mesh")) is None:
        raise SpecError([_nothing("mesh"), *wrong])
    try:
        spec = load(_document(args), name=name)
    except SpecError as error:
        raise SpecError([*wrong, *map(_in_own_words, error.problems)]) from None
    require_none(wrong)
    return spec


def _cluster_problems(clusters: object) -> Iterator[Problem]:
    """Yield what the document has no place for; never a value, for it may be a kubeconfig."""
    if not isinstance(clusters, Mapping):
        if clusters is not None:
            fix = "write every cluster under its name"
            allowed = "a mapping by the members' names"
            yield Problem(path="clusters", got=kind(clusters), allowed=allowed, fix=fix)
        return
    for name, cluster in cast("Mapping[str, object]", clusters).items():
        path = f"clusters.{name}"
        if isinstance(cluster, Mapping):
            given = cast("Mapping[str, object]", cluster).get("kubeconfig")
            yield from text_problems(f"{path}.kubeconfig", given, "the content of a kubeconfig")
        else:
            allowed = "a mapping with kubeconfig and network, of which only kubeconfig may be late"
            yield Problem(path=path, got=kind(cluster), allowed=allowed, fix="write its keys")


def _document(args: MeshArgs) -> dict[str, Any]:
    """Return a document with the given clusters below a seed and a master that are never used."""
    given = cast("object", args.get("clusters"))
    clusters = cast("Mapping[str, object]", given if isinstance(given, Mapping) else {})
    free = (f"above-{number}" for number in count(1))
    master, seed = [next(name for name in free if name not in clusters) for _ in range(2)]
    users = {cluster: _block(cluster, given) for cluster, given in clusters.items()}
    return {
        "mesh": args.get("mesh"),
        "master": {"name": master, **_bystander(master)},
        "seeds": {seed: {**_bystander(seed), "userClusters": users}},
    }


def _bystander(name: str) -> dict[str, Any]:
    return {"cloud": {"existing": {"kubeconfigKey": name}}, "mesh": {"member": False}}


def _block(cluster: str, asked: object) -> dict[str, Any]:
    if not isinstance(asked, Mapping):
        return _bystander(cluster)
    given = cast("MeshCluster", asked)
    existing = {
        "kubeconfigKey": cluster,
        "context": given.get("context"),
        "apiServerForPeers": given.get("api_server_for_peers"),
    }
    mesh = {
        "member": True,
        "network": given.get("network"),
        "gateway": given.get("gateway"),
        "wait": given.get("wait"),
    }
    block = {
        "cloud": {"existing": _written(existing)},
        "mesh": _written(mesh),
        "addresses": given.get("addresses"),
        "existingObjects": given.get("existing_objects"),
    }
    return _written(block)


def _written(block: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in block.items() if value is not None}


def _in_own_words(problem: Problem) -> Problem:
    """Return a problem of the document under the path it has in `MeshArgs`."""
    head, found, cluster = problem.path.partition(".userClusters.")
    if not found or not head.startswith("seeds."):
        return problem
    path = f"clusters.{cluster}"
    for document, own in _OWN_WORDS:
        path = path.replace(document, own)
    return replace(problem, path=path)


def _plan(name: str, spec: EnvironmentSpec) -> MeshPlan:
    members = [
        Member(
            name=cluster.name,
            settings=cluster.member,
            api_server=api_server_for_peers(cluster.cloud),
            labels={**cluster.labels, **owner_labels(name, cluster.name, None)},
            fixed=given_gateway(cluster),
        )
        for cluster in spec.clusters
        if cluster.member is not None
    ]
    if spec.mesh is None or not members:
        missing = "mesh" if spec.mesh is None else "clusters"
        raise SpecError([_nothing(missing)])
    return plan_mesh(spec.mesh, members, name=name)


def _nothing(path: str) -> Problem:
    return Problem(path=path, got="nothing", allowed="a mesh and its clusters", fix="write it")


def _cluster(mesh: str, cluster: ClusterSpec) -> ClusterPlan:
    component = names.member(mesh, cluster.name)
    return ClusterPlan(
        name=cluster.name,
        component_name=component,
        level=Level.USER,
        parent=None,
        cloud=cluster.cloud,
        provider_name=names.child(component, names.PROVIDER),
        identifier=f"{mesh}/{cluster.name}",
        adopt=cluster.existing_objects is ExistingObjects.ADOPT,
        labels=cluster.labels,
        namespace=None,
        records=(),
    )
