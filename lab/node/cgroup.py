"""Control groups of one cluster: made by its launcher, mounted by its init, removed after it.

Knows both worlds: version 1 (one hierarchy per controller, also beside a version 2 one that holds
no controllers) and version 2 alone.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from .. import linux
from ..errors import LabError

_ROOT = Path("/sys/fs/cgroup")
_UNIFIED_WANTED = ("cpu", "cpuset", "io", "memory", "pids", "hugetlb")


@dataclass(frozen=True, kw_only=True, slots=True)
class Hierarchy:
    """One mounted cgroup hierarchy."""

    path: Path
    unified: bool
    """True: version 2."""

    options: str
    """Mount options that name it: controllers, or `none,name=systemd`."""


def hierarchies(mounts: str | None = None) -> tuple[Hierarchy, ...]:
    """What is mounted below /sys/fs/cgroup, read from /proc/mounts unless its text is given."""
    found: dict[Path, Hierarchy] = {}
    text = Path("/proc/mounts").read_text() if mounts is None else mounts
    for line in text.splitlines():
        _, target, kind, options, *_ = line.split()
        if kind in ("cgroup", "cgroup2") and Path(target).is_relative_to(_ROOT):
            names = [o for o in options.split(",") if o not in _GENERIC_OPTIONS]
            named = ["none", *names] if any(n.startswith("name=") for n in names) else names
            found[Path(target)] = Hierarchy(
                path=Path(target), unified=kind == "cgroup2", options=",".join(named)
            )
    return tuple(found.values())


_GENERIC_OPTIONS = frozenset(
    ("rw", "ro", "relatime", "noatime", "nosuid", "nodev", "noexec", "xattr", "clone_children")
    + ("nsdelegate", "memory_recursiveprot", "memory_hugetlb_accounting", "favordynmods")
)


def is_unified_only(found: tuple[Hierarchy, ...]) -> bool:
    """True where version 2 is the only one."""
    return any(h.unified and h.path == _ROOT for h in found)


def join(name: str, mounts: str | None = None) -> None:
    """Move this process into a cgroup `name` of every hierarchy; raise LabError when refused."""
    found = hierarchies(mounts)
    if not found:
        raise LabError("no control groups are mounted at /sys/fs/cgroup; nodes need them")
    try:
        for hierarchy in found:
            _join_one(hierarchy, name, delegate=is_unified_only(found))
    except OSError as error:
        raise LabError(f"control groups can't be made here ({error}); nodes need them") from error


def _join_one(hierarchy: Hierarchy, name: str, *, delegate: bool) -> None:
    if hierarchy.unified and delegate:
        _delegate(hierarchy.path)
    group = hierarchy.path / name
    group.mkdir(exist_ok=True)
    if "cpuset" in hierarchy.options.split(","):
        # A version 1 cpuset starts empty, and an empty one takes no process.
        for file in ("cpuset.cpus", "cpuset.mems"):
            (group / file).write_text((hierarchy.path / file).read_text())
        (group / "cgroup.clone_children").write_text("1")
    (group / "cgroup.procs").write_text(str(os.getpid()))


def _delegate(group: Path) -> None:
    """Let the children of a version 2 group use the controllers nodes need."""
    offered = (group / "cgroup.controllers").read_text().split()
    enabled = (group / "cgroup.subtree_control").read_text().split()
    missing = [c for c in _UNIFIED_WANTED if c in offered and c not in enabled]
    if missing:
        (group / "cgroup.subtree_control").write_text(" ".join(f"+{c}" for c in missing))


def mount_inside(found: tuple[Hierarchy, ...]) -> None:
    """Mount the node's own view; call after /sys is mounted, in a new cgroup namespace."""
    if is_unified_only(found):
        linux.mount("cgroup2", str(_ROOT), "cgroup2")
        # Groups with processes can't give controllers to children, so all move to a leaf.
        leaf = _ROOT / "init"
        leaf.mkdir(exist_ok=True)
        for pid in (_ROOT / "cgroup.procs").read_text().split():
            (leaf / "cgroup.procs").write_text(pid)
        _delegate(_ROOT)
        return
    linux.mount("tmpfs", str(_ROOT), "tmpfs", data="mode=755")
    for hierarchy in found:
        if hierarchy.unified:
            continue
        hierarchy.path.mkdir()
        linux.mount("cgroup", str(hierarchy.path), "cgroup", data=hierarchy.options)
        for controller in hierarchy.options.split(","):
            alias = _ROOT / controller
            if controller != "none" and "=" not in controller and not alias.exists():
                alias.symlink_to(hierarchy.path.name)


def remove(name: str, timeout: float = 10) -> None:
    """Remove the groups made by `join` and all below; raise TimeoutError while they are in use."""
    deadline = time.monotonic() + timeout
    for hierarchy in hierarchies():
        group = hierarchy.path / name
        while group.exists():
            _remove_tree(group)
            if group.exists() and time.monotonic() > deadline:
                raise TimeoutError(f"cgroup {group} is still in use")
            time.sleep(0.01)


def _remove_tree(group: Path) -> None:
    for folder, _, _ in os.walk(group, topdown=False):
        try:
            os.rmdir(folder)
        except OSError:
            # Busy until its last process is gone; the caller tries again.
            continue
