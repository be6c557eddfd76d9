"""What AWS would refuse about a resource's inputs: by its models, its prose, and the SDK."""

from collections.abc import Mapping
from typing import Any

from tests.clouds.aws_cluster import CLUSTER
from tests.clouds.aws_limits import AUTO_NAMED, COMBINATIONS, EXACTLY_ONE, LIMITS, TAGS
from tests.clouds.aws_network import NETWORK
from tests.support import botocore_check, policy_documents, sdk_inputs, stand_ins
from tests.support.cloud_calls import Call, Resource, calls
from tests.support.cloud_inputs import CloudInput

TABLE: Mapping[str, Resource] = {**NETWORK, **CLUSTER}
"""Type -> its calls."""

PROVIDER = "pulumi:providers:aws"
PROVIDER_INPUTS = frozenset({"region", "allowedAccountIds", "assumeRoles", "defaultTags"})
"""Inputs of a provider that have been read up on; another one wants reading first."""
PROVIDER_DEFAULTS = {"skipCredentialsValidation": False, "skipRegionValidation": True}
"""What the SDK sends of its own accord."""

POLICIES: Mapping[str, Mapping[str, bool]] = {
    "aws:iam/role:Role": {"assumeRolePolicy": True},
    "aws:iam/rolePolicy:RolePolicy": {"policy": False},
    "aws:ec2/vpcEndpoint:VpcEndpoint": {"policy": False},
}
"""Type -> its policy documents, and whether they say who is trusted."""


def problems(one: CloudInput) -> list[str]:
    """Return everything that AWS, or the SDK before it, would not take."""
    if one.type == PROVIDER:
        unknown = sorted(set(sent_beyond_defaults(one.inputs)) - PROVIDER_INPUTS)
        found = [f"{key}: nobody has read up on this input" for key in unknown]
    elif one.type not in TABLE:
        found = [f"no table knows {one.type}"]
    else:
        found = _problems(one)
    return [*one.problems, *(f"{one.name}: {problem}" for problem in found)]


def sent_beyond_defaults(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return a provider's inputs without what the SDK sends of its own accord."""
    defaults = PROVIDER_DEFAULTS.items()
    return {key: value for key, value in inputs.items() if (key, value) not in defaults}


def calls_of(one: CloudInput, own_id: str) -> tuple[list[Call], list[str]]:
    """Return the calls that make a resource, and which inputs no row knows."""
    inputs = effective(one)
    # The region is where the call goes, not what it says.
    inputs.pop("region", None)
    return calls(TABLE[one.type], inputs, {"id": own_id})


def _problems(one: CloudInput) -> list[str]:
    answers = stand_ins.answer(one.type, one.name, one.inputs)
    made, found = calls_of(one, answers["id"])
    for call in made:
        found += botocore_check.problems(call.service, call.operation, call.params)
    return found + _prose(one.type, effective(one))


def effective(one: CloudInput) -> dict[str, Any]:
    """Return the inputs with what the provider adds: a name, and the tags of every resource."""
    inputs = dict(one.inputs)
    named = AUTO_NAMED.get(one.type)
    if named and named not in inputs and f"{named}Prefix" not in inputs:
        inputs[named] = f"{one.name}-0a1b2c3"
    everywhere = one.around.get("defaultTags", {}).get("tags", {})
    if everywhere and "tags" in sdk_inputs.paths(one.type):
        inputs["tags"] = {**everywhere, **inputs.get("tags", {})}
    return inputs


def _prose(kind: str, inputs: Mapping[str, Any]) -> list[str]:
    limits = {"tags": TAGS, **LIMITS.get(kind, {})}
    found: list[str] = []
    for path, limit in limits.items():
        value = _at(inputs, path)
        if value is not None:
            found += limit.problems(value, path)
    for choice in EXACTLY_ONE.get(kind, ()):
        given = [key for key in choice if key in inputs]
        if len(given) != 1:
            found.append(f"got {given}; exactly one of {', '.join(choice)}")
    for path, is_trust in POLICIES.get(kind, {}).items():
        if path in inputs:
            seen = policy_documents.problems(inputs[path], is_trust=is_trust)
            found += [f"{path} {problem}" for problem in seen]
    return found + [problem for rule in COMBINATIONS.get(kind, ()) for problem in rule(inputs)]


def _at(inputs: Mapping[str, Any], path: str) -> Any:
    here: Any = inputs
    for step in path.split("."):
        here = here.get(step) if isinstance(here, Mapping) else None
    return here
