"""The few Linux calls that Python 3.11 has no name for. Leaves out all policy."""

import ctypes
import errno
import os

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 0x40000
MS_SHARED = 0x100000
MNT_DETACH = 2
_PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def unshare(flags: int) -> None:
    """Move the calling process into new namespaces; raise OSError when refused."""
    _check(_libc.unshare(flags), "unshare")


def open_network(pid: int) -> int:
    """Open another process's network namespace, which stays the same while it is open.

    Raise OSError where there is no such process, and where it is in the caller's own network:
    then the one that was meant has ended, and another has its pid.
    """
    fd = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    if os.fstat(fd).st_ino == os.stat("/proc/self/ns/net").st_ino:
        os.close(fd)
        raise OSError(errno.ESRCH, f"process {pid} has no network of its own")
    return fd


def enter_network(pid: int) -> None:
    """Move the calling thread into another process's network; raise OSError when refused."""
    fd = open_network(pid)
    try:
        _check(_libc.setns(fd, CLONE_NEWNET), f"setns to the network of process {pid}")
    finally:
        os.close(fd)


def is_in_another_network(pid: int) -> bool:
    """Whether the process is in another network namespace than the calling one; False if gone."""
    try:
        os.close(open_network(pid))
    except OSError:
        return False
    return True


def mount(source: str, target: str, kind: str = "", flags: int = 0, data: str = "") -> None:
    """Mount `source` of file system `kind` on `target`; raise OSError when refused."""
    result = _libc.mount(
        source.encode(),
        target.encode(),
        kind.encode() or None,
        ctypes.c_ulong(flags),
        data.encode() or None,
    )
    _check(result, f"mount {target}")


def unmount(target: str) -> None:
    """Detach everything mounted on `target`; raise OSError when nothing is."""
    _check(_libc.umount2(target.encode(), MNT_DETACH), f"unmount {target}")


def die_with_parent(signal: int) -> None:
    """Ask the kernel to send the calling process `signal` when its parent ends."""
    _check(_libc.prctl(_PR_SET_PDEATHSIG, signal, 0, 0, 0), "prctl")
