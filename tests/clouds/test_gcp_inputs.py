"""Everything that Google Cloud is asked for is what it takes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.clouds import check_gcp, documents
from tests.support import cloud_calls, cloud_inputs, sdk_inputs, stand_ins
from tests.support.cloud_inputs import CloudInput

AROUND = {"project": "acme-eu"}
NETWORK = "projects/acme-eu/global/networks/eu"
SUBNET = "projects/acme-eu/regions/europe-west3/subnetworks/eu"
REGION = {"region": "europe-west3"}

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "gcp:container/cluster:Cluster": {
        "name": "eu",
        "location": "europe-west3",
        "network": NETWORK,
        "subnetwork": SUBNET,
        "defaultMaxPodsPerNode": 64,
        "initialNodeCount": 1,
        "removeDefaultNodePool": True,
        "privateClusterConfig": {"enablePrivateEndpoint": False},
        "masterAuthorizedNetworksConfig": {"cidrBlocks": [{"cidrBlock": "192.0.2.0/24"}]},
    },
    "gcp:container/nodePool:NodePool": {
        "name": "general",
        "location": "europe-west3",
        "cluster": "projects/acme-eu/locations/europe-west3/clusters/eu",
        "autoscaling": {"totalMinNodeCount": 2, "totalMaxNodeCount": 6},
        "nodeConfig": {"machineType": "e2-standard-4", "diskSizeGb": 100},
    },
    "gcp:compute/subnetwork:Subnetwork": {
        **REGION,
        "name": "eu",
        "network": NETWORK,
        "ipCidrRange": "10.0.0.0/20",
        "secondaryIpRanges": [{"rangeName": "pods", "ipCidrRange": "10.4.0.0/16"}],
    },
    "gcp:compute/firewall:Firewall": {
        "name": "eu-webhooks",
        "network": NETWORK,
        "direction": "INGRESS",
        "allows": [{"protocol": "tcp", "ports": ["15017"]}],
        "sourceRanges": ["172.16.0.0/28"],
        "targetTags": ["eu-nodes"],
    },
    "gcp:compute/routerNat:RouterNat": {
        **REGION,
        "name": "eu",
        "router": "eu",
        "natIpAllocateOption": "MANUAL_ONLY",
        "sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES",
    },
    "gcp:compute/address:Address": {**REGION, "name": "eu", "labels": {"team": "platform"}},
    "gcp:serviceaccount/account:Account": {"accountId": "eu-nodes"},
    "gcp:projects/iAMMember:IAMMember": {
        "project": "acme-eu",
        "role": "roles/container.defaultNodeServiceAccount",
        "member": "serviceAccount:eu-nodes@acme-eu.iam.gserviceaccount.com",
    },
}
"""Type -> inputs on the wire that Google takes."""


def seen(kind: str, inputs: Mapping[str, Any]) -> list[str]:
    """Return the problems of a resource called `it`."""
    return check_gcp.problems(CloudInput(type=kind, name="it", inputs=inputs, around=AROUND))


@pytest.mark.parametrize("name", documents.ON_GCP)
def test_a_document_asks_google_for_what_it_takes(name: str) -> None:
    asked = [one for one in cloud_inputs.planned(documents.plan(name).cloud) if _is_of_gcp(one)]
    assert asked
    assert [problem for one in asked for problem in check_gcp.problems(one)] == []


def test_the_documents_need_every_row_of_the_tables() -> None:
    """A row that nothing needs is one that nothing checks."""
    used: dict[str, set[str]] = {kind: set() for kind in check_gcp.TABLE}
    for name in documents.ON_GCP:
        for one in cloud_inputs.planned(documents.plan(name).cloud):
            if one.type in used:
                inputs = check_gcp.effective(one)
                used[one.type] |= cloud_calls.rows_used(check_gcp.TABLE[one.type], inputs)
    assert {kind: set(table.rows) - used[kind] for kind, table in check_gcp.TABLE.items()} == {
        kind: set() for kind in check_gcp.TABLE
    }


@pytest.mark.parametrize("kind", EXAMPLES)
def test_an_example_as_google_takes_it_has_no_problem(kind: str) -> None:
    assert seen(kind, EXAMPLES[kind]) == []


CLUSTER, POOL, NET, RULE, NAT, ADDRESS, ACCOUNT, MEMBER = EXAMPLES
AT, POOL_AT = "CreateClusterRequest.cluster", "CreateNodePoolRequest.nodePool"


@pytest.mark.parametrize(
    ("kind", "changes", "problem"),
    [
        (CLUSTER, {"nmae": "x"}, "nmae: got 'x'; no row of the table knows it"),
        (CLUSTER, {"databaseEncryption": {"state": "ENCRYPTED", "key": "x"}}, f"{AT}.databaseEnc"),
        (CLUSTER, {"releaseChannel": {"channel": "rapid"}}, f"{AT}.releaseChannel.channel: got 'r"),
        (CLUSTER, {"name": "a" * 41}, f"{AT}.name: got a length of 41; at most 40 ("),
        (CLUSTER, {"defaultMaxPodsPerNode": 300}, f"{AT}.defaultMaxPodsConstraint.maxPodsPerNode:"),
        (CLUSTER, {"minMasterVersion": "v1.35"}, f"{AT}.initialClusterVersion: got 'v1.35'; it m"),
        (CLUSTER, {"location": "europe/west3"}, "container.projects.locations.clusters.create par"),
        (CLUSTER, {"initialNodeCount": "1"}, f"{AT}.nodePools[0].initialNodeCount: got '1'; it m"),
        (
            CLUSTER,
            {"masterAuthorizedNetworksConfig": {"cidrBlocks": [{"displayName": "x"}]}},
            f"{AT}.controlPlaneEndpointsConfig.ipEndpointsConfig.authorizedNetworksConfig.cidr",
        ),
        (
            CLUSTER,
            {"privateClusterConfig": {"masterIpv4CidrBlock": "172.16.0.0/27"}},
            f"{AT}.privateClusterConfig.masterIpv4CidrBlock: got '172.16.0.0/27'; it must match ",
        ),
        (CLUSTER, {"resourceLabels": {"Team": "x"}}, f"{AT}.resourceLabels key: got 'Team'; it m"),
        (POOL, {"name": "Big"}, f"{POOL_AT}.name: got 'Big'; it must match "),
        (POOL, {"nodeConfig": {"diskSizeGb": 5}}, f"{POOL_AT}.config.diskSizeGb: got 5; at least"),
        (POOL, {"nodeConfig": {"tags": ["a_b"]}}, f"{POOL_AT}.config.tags[0]: got 'a_b'; it must"),
        (POOL, {"nodeConfig": {"labels": {"a": "b c"}}}, f"{POOL_AT}.config.labels.a: got 'b c'; "),
        (POOL, {"autoscaling": {"locationPolicy": "ALL"}}, f"{POOL_AT}.autoscaling.locationPolicy"),
        (POOL, {"upgradeSettings": {"strategy": "FAST"}}, f"{POOL_AT}.upgradeSettings.strategy: "),
        (NET, {"ipCidrRange": "10.0.0.0"}, "Subnetwork.ipCidrRange: got '10.0.0.0'; it must "),
        (NET, {"region": "Europe"}, "compute.subnetworks.insert region: got 'Europe'; it must ma"),
        (
            RULE,
            {"allows": [{"protocol": "http"}]},
            "Firewall.allowed[0].IPProtocol: got 'http'; it",
        ),
        (RULE, {"allows": [{"ports": ["1"]}]}, "Firewall.allowed[0].IPProtocol: missing; "),
        (RULE, {"direction": "IN"}, "Firewall.direction: got 'IN'; allowed EGRESS, INGRESS"),
        (
            NAT,
            {"natIpAllocateOption": "MANUAL"},
            "Router.nats[0].natIpAllocateOption: got 'MANUAL'",
        ),
        (NAT, {"minPortsPerVm": 1}, "Router.nats[0].minPortsPerVm: got 1; at least 2 ("),
        (ADDRESS, {"networkTier": "BEST"}, "Address.networkTier: got 'BEST'; allowed "),
        (ADDRESS, {"labels": {"team": "A"}}, "Address.labels.team: got 'A'; it must match "),
        (ACCOUNT, {"accountId": "nodes"}, "CreateServiceAccountRequest.accountId: got 'nodes'; it"),
        (MEMBER, {"role": "container.admin"}, "SetIamPolicyRequest.policy.bindings[0].role: got "),
        (MEMBER, {"member": "eu-nodes"}, "SetIamPolicyRequest.policy.bindings[0].members[0]: got "),
    ],
)
def test_each_mistake_in_an_input_is_one_problem(
    kind: str, changes: dict[str, Any], problem: str
) -> None:
    (only,) = seen(kind, {**EXAMPLES[kind], **changes})
    assert only.startswith(f"it: {problem}")


def test_a_name_that_the_provider_makes_up_has_limits_too() -> None:
    nameless = {key: value for key, value in EXAMPLES[ADDRESS].items() if key != "name"}
    it = CloudInput(type=ADDRESS, name="it", inputs=nameless, around=AROUND)
    assert check_gcp.problems(it) == []
    (only,) = check_gcp.problems(replace(it, name="eu.gateway"))
    assert only.startswith("eu.gateway: Address.name: got 'eu.gateway-0a1b2c3'; it must match ")


def test_labels_of_the_provider_count_too() -> None:
    own = {f"k{number}": "" for number in range(62)}
    it = CloudInput(
        type=ADDRESS,
        name="it",
        inputs={**EXAMPLES[ADDRESS], "labels": own},
        around={**AROUND, "defaultLabels": {"a": "b", "c": "d"}},
    )
    (only,) = check_gcp.problems(it)
    assert only.startswith("it: Address.labels: got a length of 65; at most 64 (")
    without = replace(it, around={**it.around, "addPulumiAttributionLabel": False})
    assert check_gcp.problems(without) == []


def test_a_type_or_a_providers_input_that_nobody_looked_at_is_a_problem() -> None:
    assert seen("gcp:sql/user:User", {}) == ["it: no table knows gcp:sql/user:User"]
    assert seen(check_gcp.PROVIDER, {"project": "x", "userProjectOverride": True}) == [
        "it: userProjectOverride: nobody has read up on this input"
    ]


@pytest.mark.parametrize("kind", check_gcp.TABLE)
def test_every_row_is_about_an_input_that_the_sdk_has(kind: str) -> None:
    rows = {path.removesuffix(".*") for path in check_gcp.TABLE[kind].rows}
    assert rows - sdk_inputs.paths(kind) == set()


def test_every_list_beside_the_table_is_about_types_of_the_table() -> None:
    assert check_gcp.AUTO_NAMED - set(check_gcp.TABLE) == set()
    answered = {kind for kind in stand_ins.ANSWERS if kind.startswith("gcp:")}
    assert answered == set(check_gcp.TABLE)


def _is_of_gcp(one: CloudInput) -> bool:
    return one.type == check_gcp.PROVIDER or one.type.startswith("gcp:")
