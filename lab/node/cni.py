"""The pod network of one node: a bridge whose addresses come from the cluster's pod range."""

import json
from collections.abc import Mapping
from pathlib import Path

from ..spec import ClusterLab

PLUGINS = ("bridge", "host-local", "loopback")


def configure(cluster: ClusterLab, state: Path, tools: Mapping[str, Path]) -> tuple[Path, Path]:
    """Write the configuration; return the directories of the plugins and of the configuration.

    No masquerading here: `lab.site` decides which addresses pods keep.
    """
    plugins, networks = state / "cni-plugins", state / "cni-networks"
    for directory in (plugins, networks):
        directory.mkdir(parents=True, exist_ok=True)
    for name in PLUGINS:
        link = plugins / name
        link.unlink(missing_ok=True)
        link.symlink_to(tools[name])
    bridge = {
        "type": "bridge",
        "bridge": "cni0",
        "isGateway": True,
        "ipMasq": False,
        "hairpinMode": True,
        "ipam": {
            "type": "host-local",
            "ranges": [[{"subnet": str(cluster.pods)}]],
            "routes": [{"dst": "0.0.0.0/0"}],
        },
    }
    content = {"cniVersion": "1.0.0", "name": "pods", "plugins": [bridge]}
    (networks / "10-pods.conflist").write_text(json.dumps(content, indent=1))
    return plugins, networks
