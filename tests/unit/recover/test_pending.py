"""What a state says of what a killed run was making."""

import pytest
from meshtier.recover.pending import CLOUDS, CLUSTERS, being_made, name_of

from .states import creating, export, urn

GKE, SECRET = "gcp:container/cluster:Cluster", "kubernetes:core/v1:Secret"


@pytest.mark.parametrize(
    ("providers", "named"), [(CLOUDS, ["control-plane"]), (CLUSTERS, ["cacerts"])]
)
def test_what_was_being_made_is_told_by_who_makes_it(providers: frozenset[str], named: list[str]):
    state = export(creating(GKE, "control-plane"), creating(SECRET, "cacerts"))
    assert [name_of(one) for one in being_made(state, providers)] == named


def test_what_two_runs_were_killed_at_is_named_once():
    state = export(creating(SECRET, "cacerts"), creating(SECRET, "cacerts"))
    assert len(being_made(state, CLUSTERS)) == 1


def test_what_was_recorded_after_all_is_left_alone():
    state = export(creating(SECRET, "cacerts"), known=(urn(SECRET, "cacerts"),))
    assert being_made(state, CLUSTERS) == ()


def test_updates_are_left_alone():
    updating = {**creating(SECRET, "cacerts"), "type": "updating"}
    assert being_made(export(updating), CLUSTERS) == ()


def test_what_has_no_provider_is_left_alone():
    made = creating(SECRET, "cacerts")
    del made["resource"]["provider"]
    assert being_made(export(made), CLUSTERS) == ()


@pytest.mark.parametrize("state", [{}, {"deployment": {"resources": None}}])
def test_a_state_without_anything_has_nothing_to_take_over(state: dict[str, object]):
    assert being_made(state, CLUSTERS) == ()
