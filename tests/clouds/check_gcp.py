"""What Google would refuse about a resource's inputs: by its documents, its prose, and the SDK."""

from collections.abc import Mapping
from typing import Any

from tests.clouds.gcp_limits import PROSE
from tests.clouds.gcp_table import TABLE
from tests.support import discovery_check, sdk_inputs, stand_ins
from tests.support.cloud_calls import Call, calls
from tests.support.cloud_inputs import CloudInput

PROVIDER = "pulumi:providers:gcp"
PROVIDER_INPUTS = frozenset({"project", "region", "defaultLabels", "addPulumiAttributionLabel"})
"""Inputs of a provider that have been read up on; another one wants reading first."""

AUTO_NAMED = frozenset(
    {
        "gcp:compute/network:Network",
        "gcp:compute/subnetwork:Subnetwork",
        "gcp:compute/router:Router",
        "gcp:compute/routerNat:RouterNat",
        "gcp:compute/firewall:Firewall",
        "gcp:compute/address:Address",
        "gcp:compute/networkPeering:NetworkPeering",
        "gcp:container/cluster:Cluster",
        "gcp:container/nodePool:NodePool",
    }
)
"""Types whose `name` the provider fills in with the logical name and a suffix."""

_LABELS = ("labels", "resourceLabels")
_ATTRIBUTION = {"goog-pulumi-provisioned": "true"}
"""What the provider adds to labels unless told otherwise."""


def problems(one: CloudInput) -> list[str]:
    """Return everything that Google, or the SDK before it, would not take."""
    if one.type == PROVIDER:
        unknown = sorted(set(one.inputs) - PROVIDER_INPUTS)
        found = [f"{key}: nobody has read up on this input" for key in unknown]
    elif one.type not in TABLE:
        found = [f"no table knows {one.type}"]
    else:
        found = _problems(one)
    return [*one.problems, *(f"{one.name}: {problem}" for problem in found)]


def calls_of(one: CloudInput) -> tuple[list[Call], list[str]]:
    """Return the calls that make a resource, and which inputs no row knows."""
    answers = stand_ins.answer(one.type, one.name, one.inputs)
    placed = {key: value for key, value in one.around.items() if key in ("project", "region")}
    return calls(TABLE[one.type], effective(one), {**placed, "id": answers["id"]})


def _problems(one: CloudInput) -> list[str]:
    made, found = calls_of(one)
    for call in made:
        found += discovery_check.problems(
            call.service,
            call.operation,
            call.params.get("parameters", {}),
            call.params.get("body"),
            PROSE,
        )
    return found


def effective(one: CloudInput) -> dict[str, Any]:
    """Return the inputs with what the provider adds: a name, and the labels of every resource."""
    inputs = dict(one.inputs)
    if one.type in AUTO_NAMED and "name" not in inputs and "namePrefix" not in inputs:
        inputs["name"] = f"{one.name}-0a1b2c3"
    for key in _LABELS:
        if key in sdk_inputs.paths(one.type):
            inputs[key] = {**_everywhere(one.around), **inputs.get(key, {})}
    return inputs


def _everywhere(around: Mapping[str, Any]) -> dict[str, str]:
    marks = _ATTRIBUTION if around.get("addPulumiAttributionLabel", True) else {}
    return {**marks, **around.get("defaultLabels", {})}
