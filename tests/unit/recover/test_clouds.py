"""What a state says of cloud resources that a killed run was making."""

import shlex

from meshtier.recover.clouds import ID, imports, leftovers

from .states import ENVIRONMENT, PARENT, creating, export, held

EKS = "aws:eks/cluster:Cluster"
OLD = held(EKS, "shop", "2026-11-21T10:00:00Z")


def test_what_was_being_made_is_named_with_the_command_that_takes_it_over():
    (command,) = imports(export(creating(EKS, "prod-shop-control-plane")), "prod")
    provider = f"{ENVIRONMENT}$pulumi:providers:aws::prod-aws"
    assert shlex.split(command) == [
        *("pulumi", "import", EKS, "prod-shop-control-plane", ID),
        *("--parent", f"parent={PARENT}", "--provider", f"provider={provider}"),
        *("--protect=false", "--generate-code=false", "--stack", "prod"),
    ]


def test_what_is_inside_clusters_is_left_alone():
    assert imports(export(creating("kubernetes:core/v1:Secret", "cacerts")), "prod") == ()


def test_what_is_made_beside_another_is_named_with_the_one_to_keep_and_not_imported():
    state = export(creating(EKS, "shop", replaces=OLD), known=(OLD,))
    assert imports(state, "prod") == ()
    assert leftovers(state) == (f"{EKS} shop; keep id-2, which it was to replace",)


def test_what_is_made_where_another_was_deleted_is_named_alone():
    gone = {**OLD, "pendingReplacement": True}
    state = export(creating(EKS, "shop", replaces=OLD), known=(gone,))
    assert imports(state, "prod") == ()
    assert leftovers(state) == (f"{EKS} shop",)


def test_what_replaces_nothing_is_imported_and_not_deleted():
    assert leftovers(export(creating(EKS, "shop"))) == ()
