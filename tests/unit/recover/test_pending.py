"""What a state says of what a killed run was making."""

from typing import Any

import pytest
from meshtier.recover.pending import CLOUDS, CLUSTERS, being_made, name_of, to_be_replaced

from .states import creating, export, held

GKE, SECRET = "gcp:container/cluster:Cluster", "kubernetes:core/v1:Secret"
OLD = held(SECRET, "cacerts", "2026-11-21T10:00:00Z")
# Fractions have as many digits as they need, so these don't sort as text.
NEW = held(SECRET, "cacerts", "2026-11-21T10:00:00.5Z")


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
    state = export(creating(SECRET, "cacerts"), known=(OLD,))
    assert being_made(state, CLUSTERS) == ()


@pytest.mark.parametrize("old", [OLD, {**OLD, "pendingReplacement": True}])
def test_what_replaces_another_is_told_while_the_state_has_that_one(old: dict[str, Any]):
    state = export(creating(SECRET, "cacerts", replaces=OLD), known=(old,))
    (made,) = being_made(state, CLUSTERS)
    assert to_be_replaced(state, made) == old


@pytest.mark.parametrize("created", [OLD["created"], "2026-11-21T10:00:00.25Z"])
def test_what_replaced_another_after_all_is_left_alone(created: str):
    made = creating(SECRET, "cacerts", replaces={"created": created})
    assert being_made(export(made, known=({**OLD, "delete": True}, NEW)), CLUSTERS) == ()


def test_a_replacement_is_told_that_had_its_time_when_it_was_killed():
    made = creating(SECRET, "cacerts", replaces=NEW)
    assert len(being_made(export(made, known=(OLD,)), CLUSTERS)) == 1


def test_what_was_recorded_once_does_not_hide_what_replaces_it():
    # The newest comes first, and what was killed long ago stays.
    pending = (creating(SECRET, "cacerts", replaces=OLD), creating(SECRET, "cacerts"))
    assert len(being_made(export(*pending, known=(OLD,)), CLUSTERS)) == 1


def test_what_waits_for_its_deletion_takes_no_place():
    state = export(creating(SECRET, "cacerts"), known=({**OLD, "delete": True},))
    (made,) = being_made(state, CLUSTERS)
    assert to_be_replaced(state, made) is None


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
