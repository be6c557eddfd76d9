"""Starts one cluster in namespaces: cgroup, process namespace, network, then its init.

Run as a program by `lab.cluster`; ends when the init has taken over, with status 0, or with one
sentence on standard error. Whatever kills it halfway leaves no init behind: the init ends when the
pipe it waits on is closed.
"""

import json
import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

from .. import linux
from ..errors import LabError
from ..process import Process, run_in_network
from ..supervisor import Plan, Supervisor
from . import cgroup, init

_SEPARATED = b"s"
_PREPARED = b"p"
_GO = b"g"


def main() -> int:
    """Start the cluster described by the JSON file named by the first argument."""
    config = json.loads(Path(sys.argv[1]).read_text())
    try:
        cgroup.join(config["cgroup"])
        told_read, told_write = os.pipe()
        go_read, go_write = os.pipe()
        linux.unshare(linux.CLONE_NEWPID)
        child = os.fork()
        if child == 0:
            os.close(told_read)
            os.close(go_write)
            _be_init(config, told_write, go_read)
        os.close(told_write)
        os.close(go_read)
        return _hand_over(config, child, told_read, go_write)
    except (OSError, LabError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 1


def _hand_over(config: dict[str, Any], child: int, told: int, go: int) -> int:
    process = Process.of(child)
    if process is None or os.read(told, 1) != _SEPARATED:
        return 1
    process.save(Path(config["record"]))
    _wire(config["network"], child)
    os.write(go, _GO)
    return 0 if os.read(told, 1) == _PREPARED else 1


def _wire(network: dict[str, Any], child: int) -> None:
    """Join the child's namespace to the site's bridge and give it its address and routes."""
    site, link = network["site"], network["link"]
    batch = [network["ip"], "-batch", "-"]
    # By path: this process's own children count pids in the new namespace already.
    peer = f"eth0 address {network['hardware']} netns /proc/{child}/ns/net"
    run_in_network(site, batch, f"link add {link} type veth peer name {peer}")
    run_in_network(site, batch, f"link set {link} master {network['bridge']} up")
    run_in_network(child, batch, "\n".join(network["inside"]))


def _be_init(config: dict[str, Any], told: int, go: int) -> None:
    """Never returns."""
    try:
        init.separate()
        os.write(told, _SEPARATED)
        if os.read(go, 1) != _GO:
            os._exit(1)
        init.prepare(config["hostname"], Path(config["state"]), node=config["node"])
        supervisor = Supervisor(Plan.from_json(config["plan"]))
        os.write(told, _PREPARED)
        os.close(told)
        os.close(go)
        supervisor.run()
    except (OSError, LabError) as error:
        print(error, file=sys.stderr, flush=True)
    except BaseException:
        traceback.print_exc()
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
