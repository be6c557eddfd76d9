"""All that Google Cloud is asked for: whole, in order, and local in what a change touches."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import permutations
from typing import Any

import pytest
from meshtier.plan.aws import roles as aws_roles
from meshtier.plan.dump import plain
from meshtier.plan.gcp import names
from meshtier.plan.late import refs

from tests.support import gcp_clouds as gcp
from tests.support import sdk_inputs
from tests.support.cloud_inputs import planned

DOCUMENTS: Mapping[str, Mapping[str, Any]] = {
    "rich": gcp.rich(),
    "simple": gcp.changed({}),
    "peered": gcp.peered_only(),
}
LABELLED = {"labels", "resource_labels"}


@pytest.fixture(params=DOCUMENTS)
def document(request: pytest.FixtureRequest) -> Mapping[str, Any]:
    return DOCUMENTS[request.param]


def test_the_rich_environment_plans_what_it_planned_before(
    golden: Callable[[str, str], None],
) -> None:
    # Names, types and providers are a contract: a line that changes replaces a resource.
    lines = [
        " ".join([one.type, one.name, f"in {one.parent}", f"by {one.provider}"])
        + (" protected" if one.protect else "")
        for one in gcp.planned(gcp.rich()).resources
    ]
    golden("gcp/rich.resources", "\n".join(lines) + "\n")


def test_names_are_unique(document: Mapping[str, Any]) -> None:
    counted = Counter(one.name for one in gcp.planned(document).resources)
    assert [name for name, count in counted.items() if count > 1] == []


def test_names_in_the_cloud_are_unique_per_type_project_and_network(
    document: Mapping[str, Any],
) -> None:
    counted = Counter(
        (one.type, one.provider, str(one.args.get("network")), str(one.args["name"]))
        for one in gcp.planned(document).resources
        if "name" in one.args and one.type != "gcp:container/nodePool:NodePool"
    )
    assert [key for key, count in counted.items() if count > 1] == []


def test_every_resource_comes_after_what_it_names(document: Mapping[str, Any]) -> None:
    seen: set[str] = set()
    for one in gcp.planned(document).resources:
        needed = {ref.resource for ref in refs(one.args)} | set(one.depends_on)
        needed |= {one.provider} if one.provider else set()
        assert needed <= seen, one.name
        seen.add(one.name)


def test_what_access_and_gateways_name_is_planned(document: Mapping[str, Any]) -> None:
    plan = gcp.planned(document)
    known = {one.name for one in plan.resources}
    for access in plan.access.values():
        late = [access.server, access.authority, access.peers_server]
        assert {ref.resource for ref in refs(late)} | set(access.ready) <= known
    for gateway in plan.gateways.values():
        late = [gateway.addresses, gateway.annotations, gateway.spec]
        assert {ref.resource for ref in refs(late)} <= known


def test_every_output_that_is_named_is_one_of_the_sdk(document: Mapping[str, Any]) -> None:
    types = {one.name: one.type for one in gcp.planned(document).resources}
    for one in gcp.planned(document).resources:
        for ref in refs(one.args):
            assert hasattr(sdk_inputs.resource(types[ref.resource]), ref.output), str(ref)


def test_the_sdk_knows_every_input_at_every_depth(document: Mapping[str, Any]) -> None:
    for one in planned(gcp.planned(document).resources):
        assert one.problems == (), one.name


def test_the_sdk_knows_every_input_that_is_left_to_others(document: Mapping[str, Any]) -> None:
    for one in gcp.planned(document).resources:
        known = sdk_inputs.inputs(one.type).__init__.__annotations__
        assert set(one.ignore_changes) <= known.keys()


def test_all_that_can_carry_labels_says_whose_it_is(document: Mapping[str, Any]) -> None:
    for one in gcp.planned(document).resources:
        known = LABELLED & sdk_inputs.inputs(one.type).__init__.__annotations__.keys()
        for key in known:
            assert one.args[key]["meshtier-environment"] == "test", one.name
            assert set(one.args[key]) >= {"meshtier-cluster", "meshtier-level"}, one.name


def test_a_plan_is_plain_data_and_the_same_every_time(document: Mapping[str, Any]) -> None:
    one, other = (json.dumps(plain(gcp.planned(document).resources)) for _ in range(2))
    assert one == other


def test_a_node_pool_more_is_one_resource_more() -> None:
    added = gcp.changed({f"{gcp.PAY}/cloud/gcp/nodes/more": {"min": 1}})
    assert gcp.differing(gcp.changed({}), added) == {"test-pay-node-pool.more"}


def test_a_setting_of_a_pool_changes_the_pool_only() -> None:
    added = gcp.changed({f"{gcp.PAY}/cloud/gcp/nodes/more": {"min": 1}})
    scaled = gcp.changed({f"{gcp.PAY}/cloud/gcp/nodes/more": {"min": 2}})
    assert gcp.differing(added, scaled) == {"test-pay-node-pool.more"}


def test_a_cluster_more_changes_its_peers_doors_and_nothing_else() -> None:
    bill = {**gcp.cluster(7), "mesh": {"network": "bill"}}
    changes = {"mesh/networks/bill": {}, "seeds/eu/userClusters/bill": bill}
    touched = gcp.differing(gcp.changed({}), gcp.changed(changes))
    # The peers' API servers let it in; their gateways' Services are no resources of the cloud.
    doors = {f"test-{name}-control-plane" for name in ("shop", "pay", "web")}
    assert {name for name in touched if not name.startswith("test-bill-")} == doors


def test_a_cluster_outside_the_mesh_changes_nobody_else() -> None:
    spare = {**gcp.cluster(7), "mesh": {"member": False}}
    more = gcp.changed({"seeds/eu/userClusters/spare": spare})
    touched = gcp.differing(gcp.changed({}), more)
    assert {name for name in touched if not name.startswith("test-spare-")} == set()


def test_no_role_ends_in_another_role_of_any_cloud() -> None:
    others = [value for key, value in vars(aws_roles).items() if key.isupper()]
    clashes = [
        (long, short)
        for long, short in permutations({*names.ROLES, *names.PROJECT_ROLES, *others}, 2)
        if long.endswith(f"-{short}")
    ]
    assert clashes == [], "a cluster `a-<rest>` could spell the name of cluster `a`"
