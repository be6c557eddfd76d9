"""Every member's workload calls every member's, over the mesh."""

import pytest

from lab import proof
from lab.matrix import Call

from .stage import NETWORKS, PAIRS, Stage, pair_id

pytestmark = [pytest.mark.mesh]
each_pair = pytest.mark.parametrize("pair", PAIRS, ids=pair_id)


def call_of(stage: Stage, pair: tuple[str, str]) -> Call:
    found = [one for one in stage.proof.calls if (one.source, one.destination) == pair]
    assert len(found) == 1, "each pair is measured once"
    return found[0]


@each_pair
def test_the_member_that_was_asked_answers(stage: Stage, pair: tuple[str, str]) -> None:
    call = call_of(stage, pair)
    assert (call.status, call.error) == (200, "")
    assert call.answered_by == pair[1]


@each_pair
def test_the_server_saw_its_callers_identity(stage: Stage, pair: tuple[str, str]) -> None:
    """Its proxy writes down what the caller's certificate says: without mTLS there is none."""
    call = call_of(stage, pair)
    assert call.peer == f"spiffe://local.example/ns/probe/sa/echo-{pair[0]}"


@each_pair
def test_the_way_is_direct_inside_a_network_and_through_a_gateway_between_them(
    stage: Stage, pair: tuple[str, str]
) -> None:
    source, destination = pair
    way = proof.path_of(stage.mesh, call_of(stage, pair), stage.proof.gateways)
    near = NETWORKS[source] == NETWORKS[destination]
    theirs = [name for name, network in NETWORKS.items() if network == NETWORKS[destination]]
    assert way in (["direct"] if near else [f"gateway of {name}" for name in theirs])


def test_nothing_is_wrong_with_the_whole(stage: Stage) -> None:
    """What `make local` prints and judges by is what the tests above see."""
    assert stage.proof.faults == ()
    assert {(call.source, call.destination) for call in stage.proof.calls} == set(PAIRS)
