"""Process 1 of a cluster: makes its mounts, then supervises its commands.

Runs after `lab.node.launch` has put it into a process namespace. Everything it mounts lies in its
own mount namespace; the host's directories only shine through.
"""

import os
import socket
from pathlib import Path

from .. import linux
from ..errors import LabError
from . import cgroup

_OWN_VAR_LIB = ("containerd", "kubelet", "cni")
_FORWARDING = {
    "net/ipv4/ip_forward": "1",
    "net/ipv4/conf/all/route_localnet": "1",
    # Replies between two pods of one bridge must pass the service translation too.
    "net/bridge/bridge-nf-call-iptables": "1",
}


def separate() -> None:
    """Leave the host's namespaces, all but the process one."""
    linux.unshare(
        linux.CLONE_NEWNS
        | linux.CLONE_NEWUTS
        | linux.CLONE_NEWIPC
        | linux.CLONE_NEWCGROUP
        | linux.CLONE_NEWNET
    )


def prepare(hostname: str, state: Path, *, node: bool) -> None:
    """Make the cluster's own /proc, /sys, /run and, for a node, its writable places."""
    socket.sethostname(hostname)
    linux.mount("none", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
    linux.mount("proc", "/proc", "proc")
    groups = cgroup.hierarchies()
    linux.unmount("/sys")
    linux.mount("sysfs", "/sys", "sysfs")
    cgroup.mount_inside(groups)
    if node:
        linux.mount("tmpfs", "/run", "tmpfs", data="mode=755")
        _own_var_lib(state / "var-lib")
        logs = state / "var-log"
        logs.mkdir(parents=True, exist_ok=True)
        linux.mount(str(logs), "/var/log", flags=linux.MS_BIND)
        _forward()
    linux.mount("none", "/", flags=linux.MS_REC | linux.MS_SHARED)


def _own_var_lib(state: Path) -> None:
    """Show the host's /var/lib with the node's own directories in it.

    Kubelet and the CNI library have fixed paths there; the host need not have them.
    """
    stash = Path("/run/host-var-lib")
    stash.mkdir()
    linux.mount("/var/lib", str(stash), flags=linux.MS_BIND | linux.MS_REC)
    linux.mount("tmpfs", "/var/lib", "tmpfs", data="mode=755")
    for entry in stash.iterdir():
        target = Path("/var/lib") / entry.name
        if entry.name in _OWN_VAR_LIB:
            continue
        if entry.is_symlink():
            target.symlink_to(os.readlink(entry))
            continue
        target.mkdir() if entry.is_dir() else target.touch()
        linux.mount(str(entry), str(target), flags=linux.MS_BIND | linux.MS_REC)
    linux.unmount(str(stash))
    for name in _OWN_VAR_LIB:
        own, target = state / name, Path("/var/lib") / name
        own.mkdir(parents=True, exist_ok=True)
        target.mkdir()
        linux.mount(str(own), str(target), flags=linux.MS_BIND)


def _forward() -> None:
    for name, value in _FORWARDING.items():
        setting = Path("/proc/sys") / name
        if not setting.exists():
            raise LabError(f"{setting} is missing: load the kernel module br_netfilter")
        setting.write_text(value)
