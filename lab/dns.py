"""The DNS server of one cluster: CoreDNS beside the kubelet, behind the usual Service."""

from pathlib import Path
from typing import Any

from .node.kubelet import node_name
from .spec import ClusterLab
from .supervisor import Command

_NAMESPACE = "kube-system"
_READS = [
    {
        "apiGroups": [""],
        "resources": ["services", "pods", "namespaces", "endpoints"],
        "verbs": ["list", "watch"],
    },
    {
        "apiGroups": ["discovery.k8s.io"],
        "resources": ["endpointslices"],
        "verbs": ["list", "watch"],
    },
]


def configure(address: str, kubeconfig: Path, state: Path) -> Path:
    """Write the Corefile and return its path; `address` is the node's on the bridge."""
    path = state / "Corefile"
    path.write_text(f""".:53 {{
    bind {address}
    errors
    kubernetes cluster.local in-addr.arpa {{
        kubeconfig {kubeconfig}
        ttl 5
    }}
    cache 5
}}
""")
    return path


def command(binary: Path, corefile: Path) -> Command:
    return Command(name="coredns", argv=(str(binary), "-conf", str(corefile)), after_api=True)


def objects(cluster: ClusterLab, address: str) -> list[tuple[str, dict[str, Any]]]:
    """What the API server must hold, as (path, object)."""
    named = {"name": "kube-dns", "namespace": _NAMESPACE}
    ports = [
        {"name": "dns", "port": 53, "protocol": "UDP"},
        {"name": "dns-tcp", "port": 53, "protocol": "TCP"},
    ]
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": named,
        "spec": {"clusterIP": cluster.dns_service, "ports": ports},
    }
    slice_ = {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            **named,
            "name": "kube-dns-node",
            "labels": {"kubernetes.io/service-name": "kube-dns"},
        },
        "addressType": "IPv4",
        "endpoints": [
            {
                "addresses": [address],
                "conditions": {"ready": True},
                "nodeName": node_name(cluster),
            }
        ],
        "ports": ports,
    }
    slices = f"/apis/discovery.k8s.io/v1/namespaces/{_NAMESPACE}/endpointslices"
    return [
        *role_for("lab:dns", _READS),
        (f"/api/v1/namespaces/{_NAMESPACE}/services/kube-dns", service),
        (f"{slices}/kube-dns-node", slice_),
    ]


def role_for(user: str, rules: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """A cluster role of these rules bound to the user, as (path, object)."""
    group = "rbac.authorization.k8s.io"
    base = f"/apis/{group}/v1"
    role = {
        "apiVersion": f"{group}/v1",
        "kind": "ClusterRole",
        "metadata": {"name": user},
        "rules": rules,
    }
    binding = {
        "apiVersion": f"{group}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": user},
        "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": user},
        "subjects": [{"apiGroup": group, "kind": "User", "name": user}],
    }
    return [
        (f"{base}/clusterroles/{user}", role),
        (f"{base}/clusterrolebindings/{user}", binding),
    ]
