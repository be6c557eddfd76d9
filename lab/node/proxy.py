"""kube-proxy of one node: its configuration and command."""

import json
from pathlib import Path

from ..spec import ClusterLab
from ..supervisor import Command
from .kubelet import node_name


def configure(cluster: ClusterLab, kubeconfig: Path, state: Path) -> Path:
    """Write the configuration and return its path."""
    content = {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "nftables",
        "clientConnection": {"kubeconfig": str(kubeconfig)},
        "clusterCIDR": str(cluster.pods),
        "hostnameOverride": node_name(cluster),
        # The table size belongs to the whole machine; leave it alone.
        "conntrack": {"maxPerCore": 0},
    }
    path = state / "proxy.json"
    path.write_text(json.dumps(content, indent=1))
    return path


def command(binary: Path, configuration: Path) -> Command:
    argv = (str(binary), f"--config={configuration}")
    return Command(name="kube-proxy", argv=argv, after_api=True)
