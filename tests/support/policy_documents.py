"""Checks IAM policy documents for what IAM would refuse, and for more than anyone needs."""

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from botocore.exceptions import UnknownServiceError

from tests.support import botocore_check

_VERSION = "2012-10-17"
_SERVICES = {"elasticloadbalancing": "elbv2"}
"""Prefix of actions -> what botocore calls the service, where that is something else."""
_NO_CALLS = frozenset({"sts:TagSession"})
"""Actions that allow something about another call."""


def problems(text: str, *, is_trust: bool) -> list[str]:
    """Return what is wrong with a policy; a trust policy names principals, the others resources."""
    try:
        document = json.loads(text)
    except ValueError:
        return [f"got {text!r}; it must be JSON"]
    if not isinstance(document, Mapping):
        return [f"got {text!r}; it must be an object"]
    version = document.get("Version")
    found = [] if version == _VERSION else [f"Version: got {version!r}; allowed {_VERSION}"]
    for at, statement in enumerate(_listed(document.get("Statement"))):
        found += [f"Statement[{at}]{one}" for one in _statement(statement, is_trust=is_trust)]
    if not document.get("Statement"):
        found.append("Statement: missing; a policy needs one")
    return found


def _statement(statement: Mapping[str, Any], *, is_trust: bool) -> list[str]:
    needed = {"Effect", "Action", "Principal" if is_trust else "Resource"}
    known = {*needed, "Sid", "Condition", "NotAction", "NotResource"}
    found = [f".{key}: missing" for key in sorted(needed - set(statement))]
    found += [f".{key}: unknown" for key in sorted(set(statement) - known)]
    if statement.get("Effect") not in ("Allow", "Deny"):
        found.append(f".Effect: got {statement.get('Effect')!r}; allowed Allow, Deny")
    actions, resources = _listed(statement.get("Action")), _listed(statement.get("Resource"))
    for action in actions:
        if not _is_action(str(action)):
            found.append(f".Action: got {action!r}; no service of AWS has it")
    if statement.get("Effect") == "Allow":
        found += _too_much(actions, resources, statement)
    return found


def _is_action(action: str) -> bool:
    """Tell whether an action, or one that its wildcards stand for, is a call of AWS."""
    if action == "*" or action in _NO_CALLS:
        return True
    prefix, _, name = action.partition(":")
    try:
        operations: Any = botocore_check.service(_SERVICES.get(prefix, prefix)).operation_names
    except UnknownServiceError:
        return False
    return any(fnmatchcase(operation, name) for operation in operations)


def _too_much(actions: list[Any], resources: list[Any], statement: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    if "*" in actions and "*" in resources:
        found.append(": got every action on every resource")
    if statement.get("Principal") in ("*", {"AWS": "*"}) and not statement.get("Condition"):
        found.append(".Principal: got everybody without a condition")
    return found


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
