"""What differs between AWS' regions: their zones, and the partition they belong to."""

from typing import Final

_LETTERS: Final = "abc"
_OTHER_LETTERS: Final = {
    "ap-northeast-1": "acd",
    "ca-central-1": "abd",
    "us-west-1": "ac",
}
"""Regions in which new accounts don't get the first three letters (AWS' own zone ids, 2026-08)."""


def default_zones(region: str) -> tuple[str, ...]:
    """Return the zones used where the document names none.

    Which letters an account has is known to AWS only, and asking would make every preview need
    the account: `zones` of the document is the way out where these are wrong.
    """
    return tuple(f"{region}{letter}" for letter in _OTHER_LETTERS.get(region, _LETTERS))


def partition(region: str) -> str:
    """Return the partition of a region: the second word of its ARNs."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def managed_policy(region: str, name: str) -> str:
    """Return the ARN of a policy that AWS keeps."""
    return f"arn:{partition(region)}:iam::aws:policy/{name}"
