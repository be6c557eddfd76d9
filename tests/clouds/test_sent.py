"""What the SDKs send is what the plan says: nothing gets lost, renamed, or through unseen."""

from collections.abc import Sequence

import pulumi
import pytest
from meshtier.clouds.resources import register_resources
from meshtier.plan.resources import ResourcePlan

from tests.clouds import check_aws, check_gcp, documents
from tests.support import cloud_inputs, stand_ins
from tests.support.cloud_inputs import CloudInput
from tests.support.recorder import Recorder, record

CLOUDS = ("aws", "gcp")


def sent(resources: Sequence[ResourcePlan]) -> list[CloudInput]:
    """Return the inputs of the resources as the SDKs send them when they are registered."""

    def program() -> None:
        parents = {one.parent for one in resources}
        components = {
            name: pulumi.ComponentResource("meshtier:index:Seed", name) for name in sorted(parents)
        }
        register_resources(resources, components)

    recorder = record(program, Recorder(stand_ins.answer))
    return [one for cloud in CLOUDS for one in cloud_inputs.registered(recorder, cloud)]


@pytest.mark.parametrize("name", documents.NAMES)
def test_the_sdks_send_what_the_plan_says(name: str) -> None:
    resources = documents.plan(name).cloud
    said = {one.name: one.inputs for one in cloud_inputs.planned(resources)}
    got = {one.name: one.inputs for one in sent(resources)}
    for provider in (one.name for one in resources if one.type == check_aws.PROVIDER):
        got[provider] = check_aws.sent_beyond_defaults(got[provider])
    assert got == said


def test_a_mistyped_key_is_seen_on_the_wire_too() -> None:
    """The SDKs let it through, so the tables have to stop it."""
    cluster = "gcp:container/cluster:Cluster"
    wrong = documents.changed(
        "gcp-peered", cluster, release_channel={"channel": "RAPID", "chanel_x": "y"}
    )
    problems = [
        problem
        for one in sent(wrong)
        if one.type.startswith("gcp:")
        for problem in check_gcp.problems(one)
    ]
    (problem,) = problems
    assert problem.endswith(".releaseChannel.chanel_x: unknown to ReleaseChannel")
    assert [one.problems for one in cloud_inputs.planned(wrong) if one.problems] == [
        (f"{_first(wrong, cluster)}: release_channel.chanel_x: unknown to the SDK",)
    ]


def _first(resources: Sequence[ResourcePlan], kind: str) -> str:
    return next(one.name for one in resources if one.type == kind)
