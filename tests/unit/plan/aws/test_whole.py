"""All that AWS is asked for: whole, in order, known to the SDK, and marked."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import permutations
from typing import Any

import pytest
from meshtier.plan import names
from meshtier.plan.aws import roles
from meshtier.plan.dump import plain
from meshtier.plan.late import refs

from tests.support import clouds as aws
from tests.support import sdk_inputs
from tests.support.cloud_inputs import planned

GIVEN = {
    "vpc": "vpc-0a1b2c3d",
    "privateSubnets": {"eu-central-1a": "subnet-0a", "eu-central-1b": "subnet-0b"},
    "publicSubnets": {"eu-central-1a": "subnet-1a", "eu-central-1b": "subnet-1b"},
}
PRIVATE = {"public": False, "ranges": ["10.200.0.0/24"]}
DOCUMENTS: Mapping[str, Mapping[str, Any]] = {
    "rich": aws.rich_aws_document(),
    "alone": aws.alone_aws_document(),
    "peered": aws.peered_aws_document(endpoint=PRIVATE),
    "given": aws.alone_aws_document(network={"given": GIVEN}),
}


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
        for one in aws.planned(DOCUMENTS["rich"]).cloud
    ]
    golden("aws/rich.resources", "\n".join(lines) + "\n")


def test_every_resource_comes_once_and_after_what_it_names(document: Mapping[str, Any]) -> None:
    plan = aws.planned(document)
    counted = Counter(one.name for one in plan.cloud)
    assert [name for name, count in counted.items() if count > 1] == []
    seen: set[str] = set()
    for one in plan.cloud:
        needed = {ref.resource for ref in refs(one.args)} | set(one.depends_on)
        needed |= {one.provider} if one.provider else set()
        assert needed <= seen, one.name
        seen.add(one.name)


def test_the_sdk_knows_every_type_and_every_input_at_every_depth(
    document: Mapping[str, Any],
) -> None:
    for one in planned(aws.planned(document).cloud):
        assert one.problems == (), one.name


def test_the_check_of_inputs_sees_a_mistyped_one() -> None:
    one = aws.by_name(DOCUMENTS["alone"])["test-shop-control-plane"]
    config = {**one.args["vpc_config"], "endpoint_privat_access": True}
    _, found = sdk_inputs.wire(one.type, {**one.args, "vpc_config": config, "vrsion": "1"})
    assert [problem for problem in found if "unknown" in problem] == [
        "vpc_config.endpoint_privat_access: unknown to the SDK",
        "vrsion: unknown to the SDK",
    ]


def test_every_output_that_is_named_is_one_of_the_sdk(document: Mapping[str, Any]) -> None:
    plan = aws.planned(document)
    types = {one.name: one.type for one in plan.cloud}
    late = [*(one.args for one in plan.cloud), *(cluster.access for cluster in plan.clusters)]
    for ref in (ref for value in late for ref in refs(_plain_fields(value))):
        first = str(ref.steps()[0])
        assert hasattr(sdk_inputs.resource(types[ref.resource]), first), str(ref)


def test_the_sdk_knows_every_input_that_is_left_to_others(document: Mapping[str, Any]) -> None:
    for one in aws.planned(document).cloud:
        known = sdk_inputs.inputs(one.type).__init__.__annotations__
        assert {path.partition(".")[0] for path in one.ignore_changes} <= known.keys()


def test_all_that_can_carry_tags_says_whose_it_is(document: Mapping[str, Any]) -> None:
    for one in aws.planned(document).cloud:
        takes_tags = "tags" in sdk_inputs.inputs(one.type).__init__.__annotations__
        if takes_tags and one.provider is not None:
            assert one.args["tags"]["meshtier-environment"] == "test", one.name
            assert {"meshtier-cluster", "meshtier-level", "Name"} <= set(one.args["tags"])


def test_the_documents_tags_are_on_everything_of_their_cluster_and_on_nothing_else() -> None:
    for name, one in aws.by_name(DOCUMENTS["rich"]).items():
        if "tags" in one.args:
            assert ("owner" in one.args["tags"]) is (one.parent == "test-shop"), name


def test_a_tag_changes_nothing_but_tags() -> None:
    before, after = aws.alone_aws_document(), aws.alone_aws_document(tags={"owner": "platform"})
    mine, theirs = aws.by_name(before), aws.by_name(after)
    for name in aws.differing(before, after):
        changed = {key for key in mine[name].args if mine[name].args[key] != theirs[name].args[key]}
        assert changed <= {"tags", "tag_specifications"}, name


def test_names_in_the_account_are_unique() -> None:
    keys = {
        "aws:iam/role:Role": "name",
        "aws:eks/cluster:Cluster": "name",
        "aws:ec2/launchTemplate:LaunchTemplate": "name",
    }
    counted = Counter(
        (one.type, one.provider, one.args[keys[one.type]])
        for one in aws.planned(DOCUMENTS["rich"]).cloud
        if one.type in keys
    )
    assert [name for name, count in counted.items() if count > 1] == []


def test_a_plan_is_plain_data_and_the_same_every_time(document: Mapping[str, Any]) -> None:
    one, other = (json.dumps(plain(aws.planned(document).cloud)) for _ in range(2))
    assert one == other


def test_a_cluster_outside_the_mesh_changes_nobody_else() -> None:
    clusters = {"shop": aws.aws_cluster("eu", 32), "till": aws.aws_cluster("us", 35)}
    spare = {**aws.aws_cluster("eu", 36), "mesh": {"member": False}}
    more = aws.aws_document(clusters)
    more["seeds"]["eu"]["userClusters"]["spare"] = spare
    touched = aws.differing(aws.aws_document(clusters), more)
    assert {name for name in touched if not name.startswith("test-spare-")} == set()


def test_no_role_ends_in_another_role() -> None:
    own = [value for key, value in vars(roles).items() if key.isupper()]
    assert len(own) > 40
    clashes = [
        (long, short)
        for long, short in permutations({*own, *names.TIER_ROLES}, 2)
        if long.endswith(f"-{short}")
    ]
    assert clashes == [], "a cluster `a-<rest>` could spell the name of cluster `a`"


def _plain_fields(value: Any) -> Any:
    """Return what `refs` looks into: plain data, or the fields of a plan."""
    if value is None or isinstance(value, Mapping):
        return value
    return [getattr(value, name) for name in ("server", "authority", "peers_server")]
