"""What this machine lacks for clusters with nodes."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from . import control_plane
from .commands import NODE_TOOLS
from .errors import LabError
from .node import cgroup
from .spec import Mode
from .toolchain import Toolchain

_NAMESPACES = ("--mount", "--pid", "--fork", "--uts", "--ipc", "--cgroup", "--net")
_BRIDGE_FILTER = Path("/proc/sys/net/bridge/bridge-nf-call-iptables")

_WATCHERS = Path("/proc/sys/fs/inotify/max_user_instances")
_ENOUGH_WATCHERS = 1024


def allow_watches(setting: Path = _WATCHERS) -> str | None:
    """Let this machine's processes watch enough files; one sentence when that changed a setting.

    Kubelet and containerd fail without a watcher, and the kernel's default of 128 per user is used
    up by some six nodes. The setting holds for the whole machine, until it is started again.
    """
    before = int(setting.read_text())
    if before >= _ENOUGH_WATCHERS:
        return None
    setting.write_text(str(_ENOUGH_WATCHERS))
    return f"fs.inotify.max_user_instances: {before} is too few, now {_ENOUGH_WATCHERS}"


def missing_for_nodes() -> str | None:
    """One sentence naming what stands in the way of nodes, None when nothing does."""
    if os.geteuid() != 0:
        return "nodes need root, and this is an ordinary user"
    for program in ("unshare", "nsenter"):
        if shutil.which(program) is None:
            return f"nodes need the command {program} of util-linux, and it is not on PATH"
    done = subprocess.run(["unshare", *_NAMESPACES, "true"], capture_output=True, text=True)
    if done.returncode != 0:
        return f"nodes need their own namespaces, and this machine refuses: {done.stderr.strip()}"
    if not cgroup.hierarchies():
        return "nodes need control groups, and none are mounted at /sys/fs/cgroup"
    if not _BRIDGE_FILTER.exists() and shutil.which("modprobe"):
        subprocess.run(["modprobe", "br_netfilter"], capture_output=True)
    if not _BRIDGE_FILTER.exists():
        return "nodes need the kernel module br_netfilter, and it can't be loaded"
    return None


def paths(tools: Mapping[str, Path] | Toolchain) -> dict[str, Path]:
    """Binaries by name, and `<tool>-files` for the trees that images are made of."""
    if not isinstance(tools, Toolchain):
        return dict(tools)
    found = {name: path for one in tools.resolved for name, path in one.binaries.items()}
    for one in tools.resolved:
        if one.tool.name in ("iptables", "istio-files"):
            found[f"{one.tool.name.removesuffix('-files')}-files"] = one.tree
    return found


def complete(tools: Mapping[str, Path], mode: Mode, *, nodes: bool) -> dict[str, Path]:
    """The tools plus those of the machine; raise LabError naming all that are missing."""
    found = dict(tools)
    wanted = [*control_plane.TOOLS]
    if mode is Mode.NODES:
        machine_ip = shutil.which("ip", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
        if "ip" not in found and machine_ip:
            found["ip"] = Path(machine_ip)
        wanted += ["ip", "nft", *(NODE_TOOLS if nodes else ()), *(["echo"] if nodes else ())]
    lacking = [name for name in wanted if name not in found]
    if lacking:
        raise LabError(f"the lab needs the tools {', '.join(lacking)}; build them first")
    return found
