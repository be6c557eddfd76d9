"""Where official releases lie: the shape that most projects share."""

import platform
from collections.abc import Mapping

from .model import Download

ARCH = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
GITHUB = "https://github.com"


def release(base: str, name: str, sums: str, members: Mapping[str, str]) -> tuple[Download, ...]:
    """One archive and its checksums in one folder of a release site."""
    return (Download(url=f"{base}/{name}", checksum_url=f"{base}/{sums}", members=members),)
