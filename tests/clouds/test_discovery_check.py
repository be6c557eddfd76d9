"""The walker over Google's documents sees every kind of mistake, on calls that we make."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.clouds.gcp_limits import PROSE
from tests.support import discovery_check, patterns

APIS = ("cloudkms.v1", "cloudresourcemanager.v1", "compute.v1", "container.v1", "iam.v1")

CREATE = "container.projects.locations.clusters.create"
PARENT = {"parent": "projects/acme/locations/europe-west3"}
POOL: Mapping[str, Any] = {"name": "general", "config": {"machineType": "e2-standard-4"}}
CLUSTER: Mapping[str, Any] = {
    "name": "eu",
    "network": "projects/acme/global/networks/eu",
    "subnetwork": "projects/acme/regions/europe-west3/subnetworks/eu",
    "networkConfig": {"datapathProvider": "ADVANCED_DATAPATH"},
    "defaultMaxPodsConstraint": {"maxPodsPerNode": "64"},
    "resourceLabels": {"level": "seed"},
    "nodePools": [POOL],
}
SUBNET: Mapping[str, Any] = {
    "name": "eu",
    "network": "projects/acme/global/networks/eu",
    "ipCidrRange": "10.0.0.0/22",
    "secondaryIpRanges": [{"rangeName": "pods", "ipCidrRange": "10.32.0.0/14"}],
}
PROJECT = {"project": "acme"}
REGION = {**PROJECT, "region": "europe-west3"}


def cluster(**changes: Any) -> list[str]:
    """Return the problems of a cluster with changed fields."""
    body = {"cluster": {**CLUSTER, **changes}}
    return discovery_check.problems("container.v1", CREATE, PARENT, body, PROSE)


def subnet(**changes: Any) -> list[str]:
    """Return the problems of a subnet with changed fields."""
    body = {**SUBNET, **changes}
    return discovery_check.problems("compute.v1", "compute.subnetworks.insert", REGION, body, PROSE)


def test_a_cluster_and_a_subnet_as_the_api_takes_them_have_no_problem() -> None:
    assert cluster() == []
    assert subnet() == []


AT = "CreateClusterRequest.cluster"
_WINDOW = {"startTime": "2026-11-21T02:00:00Z", "endTime": "2026-11-22"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"datapathProvider": "ADVANCED_DATAPATH"}, f"{AT}.datapathProvider: unknown to Cluster"),
        (
            {"networkConfig": {"datapath_provider": "ADVANCED_DATAPATH"}},
            f"{AT}.networkConfig.datapath_provider: unknown to NetworkConfig",
        ),
        ({"enableKubernetesAlpha": "no"}, f"{AT}.enableKubernetesAlpha: got 'no'; it must be bool"),
        (
            {"locations": "europe-west3-a"},
            f"{AT}.locations: got 'europe-west3-a'; it must be array",
        ),
        ({"shieldedNodes": True}, f"{AT}.shieldedNodes: got True; it must be an object"),
        (
            {"defaultMaxPodsConstraint": {"maxPodsPerNode": 64}},
            f"{AT}.defaultMaxPodsConstraint.maxPodsPerNode: got 64; it must be string (int64)",
        ),
        (
            {"releaseChannel": {"channel": "FAST"}},
            f"{AT}.releaseChannel.channel: got 'FAST'; allowed UNSPECIFIED, RAPID, ",
        ),
        ({"endpoint": "1.2.3.4"}, f"{AT}.endpoint: got '1.2.3.4'; it is an output only"),
        ({"name": "a" * 41}, f"{AT}.name: got a length of 41; at most 40 ("),
        ({"name": "eu-"}, f"{AT}.name: got 'eu-'; it must match "),
        ({"nodePools": []}, f"{AT}.nodePools: got a length of 0; at least 1 ("),
        ({"nodePools": [{**POOL, "name": "Big"}]}, f"{AT}.nodePools[0].name: got 'Big'; it must"),
        ({"resourceLabels": {"Level": "x"}}, f"{AT}.resourceLabels key: got 'Level'; it must "),
        ({"resourceLabels": {"level": "x" * 64}}, f"{AT}.resourceLabels.level: got 'xxx"),
        (
            {"resourceLabels": {f"l{number}": "" for number in range(65)}},
            f"{AT}.resourceLabels: got a length of 65; at most 64 (",
        ),
        (
            {"nodePools": [{**POOL, "config": {"diskSizeGb": 5}}]},
            f"{AT}.nodePools[0].config.diskSizeGb: got 5; at least 10 (",
        ),
        (
            {"nodePools": [{**POOL, "config": {"taints": [{"key": "a", "effect": "NoSchedule"}]}}]},
            f"{AT}.nodePools[0].config.taints[0].effect: got 'NoSchedule'; allowed ",
        ),
        (
            {"nodePools": [{**POOL, "config": {"taints": [{"key": "a"}]}}]},
            f"{AT}.nodePools[0].config.taints[0].effect: missing; a taint is refused without it",
        ),
        (
            {"maintenancePolicy": {"window": {"recurringWindow": {"window": _WINDOW}}}},
            f"{AT}.maintenancePolicy.window.recurringWindow.window.endTime: got '2026-11-22'; it",
        ),
    ],
)
def test_each_kind_of_mistake_in_a_cluster_is_one_problem(
    changes: dict[str, Any], problem: str
) -> None:
    (seen,) = cluster(**changes)
    assert seen.startswith(problem)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": "Eu"}, "Subnetwork.name: got 'Eu'; it must match [a-z](?:"),
        ({"selfLink": "x"}, "Subnetwork.selfLink: got 'x'; it is an output only"),
        ({"gatewayAddress": "10.0.0.1"}, "Subnetwork.gatewayAddress: got '10.0.0.1'; it is an "),
        ({"ipCidrRange": "10.0.0.0"}, "Subnetwork.ipCidrRange: got '10.0.0.0'; it must match "),
        (
            {"logConfig": {"flowSampling": "1"}},
            "Subnetwork.logConfig.flowSampling: got '1'; it mus",
        ),
        ({"secondaryIpRanges": [{"rangeName": "p"}]}, "Subnetwork.secondaryIpRanges[0]."),
    ],
)
def test_each_kind_of_mistake_in_a_subnet_is_one_problem(
    changes: dict[str, Any], problem: str
) -> None:
    (seen,) = subnet(**changes)
    assert seen.startswith(problem)


def test_what_a_document_marks_as_required_for_a_method_is_required() -> None:
    def network(method: str) -> list[str]:
        return discovery_check.problems("compute.v1", method, PROJECT, {"mtu": 1460})

    assert network("compute.networks.insert") == ["Network.name: missing; it is required"]


def test_what_a_document_marks_as_required_by_mistake_is_not() -> None:
    peering = {"networkPeering": {"name": "there", "network": "projects/a/global/networks/b"}}

    def seen(prose: discovery_check.Prose) -> list[str]:
        method, parameters = "compute.networks.addPeering", {**PROJECT, "network": "here"}
        return discovery_check.problems("compute.v1", method, parameters, peering, prose)

    assert seen(PROSE) == []
    assert seen(discovery_check.NO_PROSE) == [
        "NetworksAddPeeringRequest.name: missing; it is required"
    ]


def test_bounds_and_output_marks_of_a_document_are_enforced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No field of ours has only these: the document is made up."""
    properties = {
        "size": {"type": "integer", "minimum": "1", "maximum": "3"},
        "state": {"type": "string", "readOnly": True},
    }
    tiny = {
        "schemas": {"Thing": {"properties": properties}},
        "methods": {"make": {"id": "make", "request": {"$ref": "Thing"}}},
    }
    bodies = [{"size": 0}, {"size": 2}, {"size": 4}, {"state": "made"}]
    monkeypatch.setattr(discovery_check, "document", lambda api: tiny)
    discovery_check.methods.cache_clear()
    try:
        seen = [discovery_check.problems("t", "make", {}, body) for body in bodies]
    finally:
        discovery_check.methods.cache_clear()
    assert seen == [
        ["Thing.size: got 0; at least 1"],
        [],
        ["Thing.size: got 4; at most 3"],
        ["Thing.state: got 'made'; it is an output only"],
    ]


def test_what_stands_in_the_path_of_a_call_is_checked_too() -> None:
    def called(**parameters: str) -> list[str]:
        return discovery_check.problems("container.v1", CREATE, parameters, None)

    assert called() == [f"{CREATE} parent: missing; it is required"]
    assert called(parent="acme/europe-west3") == [
        f"{CREATE} parent: got 'acme/europe-west3'; it must match ^projects/[^/]+/locations/[^/]+$"
    ]
    assert called(**PARENT, zone="x") == [f"{CREATE} zone: unknown"]


def test_a_body_that_a_method_does_not_take_is_a_problem() -> None:
    method = "container.projects.locations.clusters.get"
    parameters = {"name": "projects/acme/locations/europe-west3/clusters/eu"}
    assert discovery_check.problems("container.v1", method, parameters, {"a": 1}) == [
        f"{method}: got a body; it takes none"
    ]


def test_every_limit_from_prose_is_about_a_field_that_exists() -> None:
    known = {name for api in APIS for name in _fields(api)}
    fields = {*PROSE.limits, *PROSE.required, *PROSE.optional}
    assert {field.replace("[]", "") for field in fields} <= known


@pytest.mark.parametrize("api", APIS)
def test_every_pattern_of_the_documents_can_be_matched(api: str) -> None:
    found = _values(discovery_check.document(api), "pattern")
    assert [patterns.compiled(pattern) for pattern in found if isinstance(pattern, str)]


def _fields(api: str) -> list[str]:
    """Return `Schema.field` of every schema, and `method.id.parameter` of every method."""
    schemas = discovery_check.document(api)["schemas"]
    return [found for name, schema in schemas.items() for found in _below(name, schema)] + [
        f"{name}.{parameter}"
        for name, method in discovery_check.methods(api).items()
        for parameter in method.get("parameters", {})
    ]


def _below(path: str, schema: Mapping[str, Any]) -> list[str]:
    inner = schema.get("items", schema).get("properties", {})
    return [path, *(found for key in inner for found in _below(f"{path}.{key}", inner[key]))]


def _values(tree: Any, key: str) -> list[Any]:
    if isinstance(tree, list):
        return [found for item in tree for found in _values(item, key)]
    if not isinstance(tree, Mapping):
        return []
    here = [tree[key]] if key in tree else []
    return here + [found for item in tree.values() for found in _values(item, key)]
