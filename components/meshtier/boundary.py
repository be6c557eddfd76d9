"""From what a caller passed to what will be registered: everything that can be wrong, told first.

Deliberately registers nothing: after an error the stack is as it was before.
"""

from collections.abc import Awaitable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

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
    written = cast("object", args.get("environment"))
    if not isinstance(written, Mapping):
        allowed = "the environment document, a mapping"
        raise SpecError(
            [Problem(path="environment", got=kind(written), allowed=allowed, fix="give it")]
        )
    document = cast("Mapping[str, object]", written)
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
    yield from _chain_problems(mesh, trust)


def _chain_problems(mesh: MeshPlan, trust: object) -> Iterator[Problem]:
    """Yield what a given chain of trust lacks; never a value, for all of it may be secret."""
    if not isinstance(trust, Mapping):
        allowed = "a mapping with rootCertificate and members, of which only texts may be late"
        yield Problem(path="trust", got=kind(trust), allowed=allowed, fix="write both keys")
        return
    chain = cast("Mapping[str, object]", trust)
    root = "the root's certificate, a PEM text"
    yield from text_problems("trust.rootCertificate", chain.get("root_certificate"), root)
    members = chain.get("members")
    if members is not None and not isinstance(members, Mapping):
        allowed = "a mapping by the members' names, of which only texts may be late"
        fix = "write every intermediate under its member's name"
        yield Problem(path="trust.members", got=kind(members), allowed=allowed, fix=fix)
        return
    given = cast("Mapping[str, object]", members or {})
    for member in mesh.trust.intermediates:
        yield from _intermediate_problems(f"trust.members.{member}", given.get(member))


def _intermediate_problems(path: str, given: object) -> Iterator[Problem]:
    if not isinstance(given, Mapping):
        yield Problem(
            path=path,
            got=kind(given),
            allowed="`certificate` and `key` of the member's intermediate",
            fix="give both, or take the cluster out of the mesh",
        )
        return
    intermediate = cast("Mapping[str, object]", given)
    for part in ("certificate", "key"):
        allowed = f"the {part} of the member's intermediate, a PEM text"
        yield from text_problems(f"{path}.{part}", intermediate.get(part), allowed)


def text_problems(path: str, value: object, allowed: str) -> Iterator[Problem]:
    """Yield that `value`, which may be a secret, is no text, now or later; never shows it."""
    is_late = isinstance(value, pulumi.Output | Awaitable)
    if not is_late and not (isinstance(value, str) and value):
        yield Problem(path=path, got=kind(value), allowed=allowed, fix="give it, as a secret")


def kind(value: object) -> str:
    """Return what a value is that may be secret, without it."""
    if value is None:
        return "nothing"
    if isinstance(value, pulumi.Output | Awaitable):
        return "a value that is known only later"
    if isinstance(value, str):
        return "a text" if value else "an empty text"
    return "a mapping" if isinstance(value, Mapping) else "a value of another kind"


def _cloud_problems(
    spec: EnvironmentSpec, plan: EnvironmentPlan, kubeconfigs: Kubeconfigs
) -> Iterator[Problem]:
    paths = {cluster.name: f"{cluster.path}.cloud" for cluster in spec.clusters}
    return problems({paths[cluster.name]: cluster for cluster in plan.clusters}, kubeconfigs)
