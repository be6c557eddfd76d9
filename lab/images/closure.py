"""Which libraries a program needs to run in an otherwise empty image."""

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from ..errors import LabError

_LINE = re.compile(r"^\s*(?:\S+ => )?(?P<path>/\S+) \(0x[0-9a-f]+\)$")
_MISSING = re.compile(r"^\s*(?P<name>\S+) => not found$", re.MULTILINE)


def libraries(programs: Sequence[Path], tree: Path = Path("/")) -> dict[str, Path]:
    """Path in the image -> library, for programs and all that their libraries need.

    `tree` is the folder that the program's package was unpacked to; its libraries lie in the image
    where the package wanted them. Raises LabError naming a library that is nowhere.
    """
    text = _ldd(programs, [] if tree == Path("/") else library_folders(tree))
    if missing := _MISSING.findall(text):
        raise LabError(f"{programs[0].name}: lacks the libraries {', '.join(sorted(set(missing)))}")
    found: dict[str, Path] = {}
    for line in text.splitlines():
        if match := _LINE.match(line):
            path = Path(match["path"])
            inside = path.relative_to(tree) if path.is_relative_to(tree) else path
            found[str(Path("/") / inside)] = path.resolve()
    return found


def library_folders(tree: Path) -> list[Path]:
    """Folders of an unpacked package with libraries in them."""
    return sorted({path.parent for path in tree.rglob("lib*.so*") if path.parent.name != "xtables"})


def _ldd(programs: Sequence[Path], folders: Sequence[Path]) -> str:
    environment = {**os.environ, "LD_LIBRARY_PATH": ":".join(str(folder) for folder in folders)}
    done = subprocess.run(
        ["ldd", *map(str, programs)], env=environment, capture_output=True, text=True, timeout=60
    )
    if "not a dynamic executable" in done.stderr:
        return done.stdout
    if done.returncode != 0:
        raise LabError(f"{programs[0].name}: {done.stderr.strip()}")
    return done.stdout
