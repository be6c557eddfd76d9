"""What workers share out among them: files, and whole folders whose tests share one platform."""

from pathlib import PurePosixPath
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

PLATFORMS = {
    "tests/engine/test_clouds_": "clouds",
    "tests/engine/": "engine",
    "tests/mesh/": "mesh",
}
"""How the files begin that share a platform, the first that fits."""
_LONG = ("engine", "mesh", "contract", "lab")
"""Folders that take long, the longest first: what is short fills up the rest of workers' time."""


def lot(nodeid: str) -> str:
    """The lot of a test: all of one lot run on one worker, in their order."""
    path = nodeid.partition("::")[0]
    return next((lot for start, lot in PLATFORMS.items() if path.startswith(start)), path)


def turn(item: pytest.Item) -> tuple[int, int]:
    """When a test runs: by its folder, and there after those that it spoils something for."""
    folder = PurePosixPath(item.nodeid.partition("::")[0]).parent.name
    spoils = item.get_closest_marker("spoils")
    return (
        _LONG.index(folder) if folder in _LONG else len(_LONG),
        spoils.args[0] if spoils else 0,
    )


class Lots(LoadScopeScheduling):
    """Hands out lots in the order in which their tests were collected.

    xdist's own groups come to nothing under pytest 9, which no longer lets it rename tests.
    """

    def __init__(self, config: pytest.Config, log: Any) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return lot(nodeid)
