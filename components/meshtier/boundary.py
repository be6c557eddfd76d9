"""From what a caller passed to what will be registered: everything that can be wrong, told first.

Deliberately registers nothing: after an error the stack is as it was before.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pulumi

from .args import EnvironmentArgs, ProvidedTrust
from .clouds import Kubeconfigs, document_problems, problems
from .errors import Problem, SpecError
from .plan.environment import plan_environment
from .plan.model import EnvironmentPlan, MeshPlan
from .spec.environment import EnvironmentSpec
from .spec.load import load
from .spec.model import RootMode


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedEnvironment:
    """An environment that can be registered, and the late values that go with it."""

    plan: EnvironmentPlan
    kubeconfigs: Kubeconfigs
    trust: ProvidedTrust | None


def planned_environment(name: str, args: EnvironmentArgs) -> PlannedEnvironment:
    """Return the plan of an environment.

    Raises:
        pulumi.RunError: with every problem, one per line.
    """
    kubeconfigs, trust = args.get("kubeconfigs") or {}, args.get("trust")
    try:
        spec = _loaded(name, args)
        plan = plan_environment(spec)
        require_none([*_cloud_problems(spec, plan, kubeconfigs), *trust_problems(plan.mesh, trust)])
    except SpecError as error:
        raise pulumi.RunError(str(error)) from None
    return PlannedEnvironment(plan=plan, kubeconfigs=kubeconfigs, trust=trust)


def _loaded(name: str, args: EnvironmentArgs) -> EnvironmentSpec:
    document = args["environment"]
    try:
        return load(document, name=name)
    except SpecError as error:
        raise SpecError([*error.problems, *document_problems(document)]) from None


def require_none(found: list[Problem]) -> None:
    """Raise `SpecError` with all the problems found; nothing when there are none."""
    if found:
        raise SpecError(found)


def trust_problems(mesh: MeshPlan | None, trust: ProvidedTrust | None) -> Iterator[Problem]:
    """Yield where the given chain of trust and the asked one don't meet."""
    is_provided = mesh is not None and mesh.trust.mode is RootMode.PROVIDED
    if not is_provided and trust is not None:
        yield Problem(
            path="trust",
            got="a chain of trust that nothing asks for",
            allowed="one only with `mesh.trust.root: provided`",
            fix="remove it, or set `mesh.trust.root` to 'provided'",
        )
    if mesh is None or not is_provided:
        return
    if trust is None:
        yield Problem(
            path="trust",
            got="nothing",
            allowed="the root certificate and one intermediate per member",
            fix="give it beside the document, as secrets, or set `mesh.trust.root` to 'generated'",
        )
        return
    for member in mesh.trust.intermediates:
        if member not in trust["members"]:
            yield Problem(
                path=f"trust.members.{member}",
                got="nothing",
                allowed="`certificate` and `key` of the member's intermediate",
                fix="give both, or take the cluster out of the mesh",
            )


def _cloud_problems(
    spec: EnvironmentSpec, plan: EnvironmentPlan, kubeconfigs: Kubeconfigs
) -> Iterator[Problem]:
    paths = {cluster.name: f"{cluster.path}.cloud" for cluster in spec.clusters}
    return problems({paths[cluster.name]: cluster for cluster in plan.clusters}, kubeconfigs)
