"""What a state says of cloud resources that a killed run was making."""

import shlex
from typing import Any

from meshtier.recover.clouds import ID, imports

TYPE = "aws:eks/cluster:Cluster"
PARENT = "urn:pulumi:prod::meshtier::meshtier:index:UserCluster::prod-shop"
ENVIRONMENT = "urn:pulumi:prod::meshtier::meshtier:index:Environment"
PROVIDER = f"{ENVIRONMENT}$pulumi:providers:aws::prod-aws.111122223333"
URN = f"urn:pulumi:prod::meshtier::meshtier:index:UserCluster${TYPE}::prod-shop-control-plane"


def creating(**more: Any) -> dict[str, Any]:
    made = {"urn": URN, "type": TYPE, "parent": PARENT, "provider": f"{PROVIDER}::id-1"}
    return {"type": "creating", "resource": {**made, **more}}


def export(*pending: dict[str, Any], known: tuple[str, ...] = ()) -> dict[str, Any]:
    resources = [{"urn": urn} for urn in known]
    return {"deployment": {"resources": resources, "pending_operations": list(pending)}}


def test_what_was_being_made_is_named_with_the_command_that_takes_it_over():
    (command,) = imports(export(creating()), "prod")
    assert shlex.split(command) == [
        *("pulumi", "import", TYPE, "prod-shop-control-plane", ID),
        *("--parent", f"parent={PARENT}", "--provider", f"provider={PROVIDER}"),
        *("--protect=false", "--generate-code=false", "--stack", "prod"),
    ]


def test_what_two_runs_were_killed_at_is_named_once():
    assert len(imports(export(creating(), creating()), "prod")) == 1


def test_what_was_recorded_after_all_is_left_alone():
    assert imports(export(creating(), known=(URN,)), "prod") == ()


def test_updates_and_what_is_inside_clusters_are_left_alone():
    updating = {**creating(), "type": "updating"}
    kubernetes = PROVIDER.replace("aws", "kubernetes")
    inside = creating(type="kubernetes:core/v1:Secret", provider=f"{kubernetes}::id-2")
    assert imports(export(updating, inside), "prod") == ()


def test_a_state_without_anything_has_nothing_to_take_over():
    assert imports({}, "prod") == ()
    assert imports({"deployment": {"resources": None}}, "prod") == ()
