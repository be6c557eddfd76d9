"""Checks IAM policy documents for what IAM would refuse, and for more than anyone needs."""

import json
import re
from collections.abc import Mapping
from typing import Any

_ACTION = re.compile(r"\*|[a-z0-9-]+:[A-Za-z*]+")
_VERSION = "2012-10-17"


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
        if not isinstance(action, str) or not _ACTION.fullmatch(action):
            found.append(f".Action: got {action!r}; it must be service:Action")
    if statement.get("Effect") == "Allow":
        found += _too_much(actions, resources, statement)
    return found


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
