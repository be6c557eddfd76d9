"""Which of Helm's records go before a release is made or changed, and which are left."""

import pytest
from meshtier.plan.helm_records import HelmRecord, in_the_way_of_creation, in_the_way_of_update


def records(*statuses: str) -> list[HelmRecord]:
    return [
        HelmRecord(secret=f"v{number}", revision=number, status=status)
        for number, status in enumerate(statuses, start=1)
    ]


@pytest.mark.parametrize("status", ["pending-install", "failed", "uninstalling"])
def test_an_installation_that_never_came_to_its_end_is_no_reason_to_stop(status: str) -> None:
    left = records(status)
    assert in_the_way_of_creation(left, adopt=False) == tuple(left)


@pytest.mark.parametrize("statuses", [("deployed",), ("deployed", "pending-upgrade")])
def test_a_deployed_release_is_taken_over_only_when_asked(statuses: tuple[str, ...]) -> None:
    held = records(*statuses)
    assert in_the_way_of_creation(held, adopt=False) == ()
    assert in_the_way_of_creation(held, adopt=True) == tuple(held)


@pytest.mark.parametrize("status", ["pending-upgrade", "pending-rollback"])
def test_a_revision_that_was_never_completed_goes_before_the_next(status: str) -> None:
    first, killed = records("deployed", status)
    assert in_the_way_of_update([killed, first]) == (killed,), "in whatever order they come"


@pytest.mark.parametrize(
    "statuses",
    [(), ("deployed",), ("superseded", "deployed"), ("deployed", "failed"), ("pending-install",)],
)
def test_other_revisions_are_left_to_helm(statuses: tuple[str, ...]) -> None:
    assert in_the_way_of_update(records(*statuses)) == ()
