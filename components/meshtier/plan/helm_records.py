"""What Helm's own records of a release mean for a stack that is about to make or change it.

Helm keeps one record per revision in the cluster. A run that was killed inside Helm leaves one that
says so for ever, and Helm then refuses the release: `another operation is in progress` to an
upgrade, `cannot re-use a name that is still in use` to an installation. Without the record Helm
installs over the objects that it made before, for they say whose they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_DEPLOYED: Final = "deployed"
_PENDING: Final = "pending-"


@dataclass(frozen=True, kw_only=True, slots=True)
class HelmRecord:
    """One revision of a release, as Helm wrote it down."""

    secret: str
    """Name of the Secret that holds it."""
    revision: int
    status: str
    """Helm's word: `deployed`, `superseded`, `failed`, `uninstalling`, `pending-install`, …"""


def in_the_way_of_creation(records: Sequence[HelmRecord], *, adopt: bool) -> tuple[HelmRecord, ...]:
    """Return the records to forget before a release that the stack doesn't hold is installed.

    One that is deployed is somebody's: only who adopts existing objects takes it over.
    """
    if not adopt and any(record.status == _DEPLOYED for record in records):
        return ()
    return tuple(records)


def in_the_way_of_update(records: Sequence[HelmRecord]) -> tuple[HelmRecord, ...]:
    """Return the record to forget before a release is upgraded: a revision never completed."""
    latest = latest_of(records)
    if latest is None or len(records) == 1 or not latest.status.startswith(_PENDING):
        return ()
    return (latest,)


def latest_of(records: Sequence[HelmRecord]) -> HelmRecord | None:
    """Return the newest revision's record, None where there is none."""
    return max(records, key=lambda record: record.revision, default=None)
