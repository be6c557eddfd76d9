"""The kubelet of one node: its configuration and command."""

import json
from pathlib import Path

from ..pki import Authority
from ..spec import ClusterLab
from ..supervisor import Command
from .containerd import SOCKET


def node_name(cluster: ClusterLab) -> str:
    """Name of the cluster's only node."""
    return f"{cluster.name}-node"


def configure(cluster: ClusterLab, address: str, authority: Authority, state: Path) -> Path:
    """Write the configuration and return its path; `address` is the node's on the bridge."""
    resolver = state / "resolv.conf"
    # Empty: what the cluster's own DNS doesn't know, nobody in a lab knows.
    resolver.write_text("")
    volumes = state / "volume-plugins"
    volumes.mkdir(exist_ok=True)
    content = {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "containerRuntimeEndpoint": f"unix://{SOCKET}",
        "failCgroupV1": False,
        "cgroupDriver": "cgroupfs",
        "failSwapOn": False,
        "address": address,
        **_access(authority),
        "clusterDomain": "cluster.local",
        "clusterDNS": [cluster.dns_service],
        "resolvConf": str(resolver),
        "volumePluginDir": str(volumes),
        "nodeStatusUpdateFrequency": "5s",
        "nodeLeaseDurationSeconds": 20,
        "syncFrequency": "10s",
        "fileCheckFrequency": "0s",
        # The host's disk may be nearly full without harm to a lab.
        "evictionHard": {
            "memory.available": "100Mi",
            "nodefs.available": "1%",
            "imagefs.available": "1%",
        },
        # Images can't be pulled again, so they must never be collected.
        "imageGCHighThresholdPercent": 100,
        "imageMinimumGCAge": "8760h",
        "registerNode": True,
    }
    path = state / "kubelet.json"
    path.write_text(json.dumps(content, indent=1))
    return path


def _access(authority: Authority) -> dict[str, object]:
    """Who may ask the kubelet: whom the API server knows and allows."""
    return {
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": str(authority.certificate)},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": str(authority.path("kubelet-server.crt")),
        "tlsPrivateKeyFile": str(authority.path("kubelet-server.key")),
    }


def command(
    cluster: ClusterLab, binary: Path, configuration: Path, kubeconfig: Path, address: str
) -> Command:
    labels = {
        "topology.kubernetes.io/region": cluster.region,
        "topology.kubernetes.io/zone": cluster.zone,
    }
    argv = (
        str(binary),
        f"--config={configuration}",
        f"--kubeconfig={kubeconfig}",
        f"--hostname-override={node_name(cluster)}",
        f"--node-ip={address}",
        "--node-labels=" + ",".join(f"{key}={value}" for key, value in labels.items()),
        "--root-dir=/var/lib/kubelet",
    )
    return Command(name="kubelet", argv=argv, after_api=True)
