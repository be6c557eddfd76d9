"""Kubernetes objects of our own, as plain data.

Data that is known only late (keys, tokens, kubeconfigs) is missing here: such an object is a
shell that is filled when it is registered.
"""

from collections.abc import Mapping
from typing import Any, Final

from .istio import GATEWAY_RELEASE, GATEWAY_SELECTOR, NAMESPACE
from .resources import FixedGateway

RECORDS_NAMESPACE: Final = "meshtier"
READER: Final = "meshtier-reader"
NETWORK_LABEL: Final = "topology.istio.io/network"
SKIP_AWAIT: Final = {"pulumi.com/skipAwait": "true"}

GATEWAY_PORTS: Final = (
    ("status-port", 15021),
    ("tls", 15443),
    ("tls-istiod", 15012),
    ("tls-webhook", 15017),
)
"""Ports istiod and load balancers expect of an east-west gateway."""

_READ: Final = ["get", "list", "watch"]

Labels = Mapping[str, str]


def istio_namespace(network: str, labels: Labels) -> dict[str, Any]:
    """Return the namespace istiod lives in; its label tells istiod the cluster's network."""
    return _object("v1", "Namespace", NAMESPACE, None, {**labels, NETWORK_LABEL: network})


def records_namespace(labels: Labels) -> dict[str, Any]:
    """Return the namespace that holds the records of the clusters below."""
    return _object("v1", "Namespace", RECORDS_NAMESPACE, None, labels)


def record(about: str, data: Mapping[str, str], labels: Labels) -> dict[str, Any]:
    """Return the ConfigMap by which a cluster knows the cluster `about`."""
    # The prefix keeps a cluster's name apart from the ConfigMaps that Kubernetes and istiod
    # put into every namespace (kube-root-ca.crt, istio-ca-root-cert).
    name = f"cluster-{about}"
    return {**_object("v1", "ConfigMap", name, RECORDS_NAMESPACE, labels), "data": dict(data)}


def cacerts(labels: Labels) -> dict[str, Any]:
    """Return the Secret istiod takes its certificate authority from, still empty."""
    return {**_object("v1", "Secret", "cacerts", NAMESPACE, labels), "type": "Opaque"}


def remote_secrets(labels: Labels) -> dict[str, Any]:
    """Return the one Secret with a kubeconfig per peer, still empty."""
    # The label is what makes istiod read it; each key names the cluster behind its kubeconfig.
    marked = {**labels, "istio/multiCluster": "true"}
    name = "istio-remote-secrets"
    return {**_object("v1", "Secret", name, NAMESPACE, marked), "type": "Opaque"}


def gateway_service(
    network: str,
    annotations: Mapping[str, str],
    labels: Labels,
    *,
    wait: bool,
    fixed: FixedGateway | None = None,
) -> dict[str, Any]:
    """Return the Service under whose address other networks reach this one.

    The label is what lets istiods read the address back from the Service. With fixed addresses
    they are told them, and what the cloud writes into the Service (a host name, on AWS) stays
    unread.
    """
    marked = {**labels, **GATEWAY_SELECTOR, **({} if fixed else {NETWORK_LABEL: network})}
    service = _object("v1", "Service", GATEWAY_RELEASE, NAMESPACE, marked)
    notes: dict[str, Any] = dict(fixed.annotations) if fixed else {}
    notes |= {**annotations, **({} if wait else SKIP_AWAIT)}
    if notes:
        service["metadata"]["annotations"] = dict(sorted(notes.items()))
    ports = [
        {"name": name, "port": port, "protocol": "TCP", "targetPort": port}
        for name, port in GATEWAY_PORTS
    ]
    spec = {"type": "LoadBalancer", "selector": dict(GATEWAY_SELECTOR), "ports": ports}
    return {**service, "spec": {**spec, **(fixed.spec if fixed else {})}}


def cross_network_gateway(cluster_domain: str, labels: Labels) -> dict[str, Any]:
    """Return the Istio Gateway that passes mesh traffic of other networks through by SNI."""
    name = "cross-network-gateway"
    server = {
        "port": {"number": 15443, "name": "tls", "protocol": "TLS"},
        "tls": {"mode": "AUTO_PASSTHROUGH"},
        "hosts": [_service_hosts(cluster_domain)],
    }
    return {
        **_object("networking.istio.io/v1", "Gateway", name, NAMESPACE, labels),
        "spec": {"selector": {"istio": GATEWAY_SELECTOR["istio"]}, "servers": [server]},
    }


def peer_authentication(labels: Labels) -> dict[str, Any]:
    """Return the mesh-wide policy: mutual TLS or nothing."""
    return {
        **_object("security.istio.io/v1", "PeerAuthentication", "default", NAMESPACE, labels),
        "spec": {"mtls": {"mode": "STRICT"}},
    }


def reader_account(labels: Labels) -> dict[str, Any]:
    """Return the account as which the peers' istiods read this cluster."""
    return _object("v1", "ServiceAccount", READER, NAMESPACE, labels)


def reader_role(labels: Labels, *, secrets: bool) -> dict[str, Any]:
    """Return what a peer's istiod lists and watches here, and nothing else.

    Upstream's reader role also reads every Secret and ConfigMap, all Istio configuration, and
    reviews tokens. A primary takes its configuration from its own API server, authenticates its
    own workloads only, and runs with the remote credentials controller off, so none is needed.
    With `secrets` that controller is on, and the role lets it read.
    """
    core = ["namespaces", "nodes", "pods", "services", *(["secrets"] if secrets else [])]
    role = _object("rbac.authorization.k8s.io/v1", "ClusterRole", READER, None, labels)
    return {
        **role,
        "rules": [
            _rule("", core),
            # The mesh configuration of the peer, by name: its trust domain is read from it.
            {**_rule("", ["configmaps"]), "resourceNames": ["istio"]},
            _rule("discovery.k8s.io", ["endpointslices"]),
            _rule("networking.istio.io", ["workloadentries"]),
            _rule("gateway.networking.k8s.io", ["gateways"]),
            _rule("multicluster.x-k8s.io", ["serviceexports", "serviceimports"]),
            # Kinds that may be missing are watched only once their definition is seen.
            _rule("apiextensions.k8s.io", ["customresourcedefinitions"]),
        ],
    }


def reader_binding(labels: Labels) -> dict[str, Any]:
    """Return the binding of the reader's role to the reader's account."""
    group = "rbac.authorization.k8s.io"
    return {
        **_object(f"{group}/v1", "ClusterRoleBinding", READER, None, labels),
        "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": READER},
        "subjects": [{"kind": "ServiceAccount", "name": READER, "namespace": NAMESPACE}],
    }


def reader_token(labels: Labels) -> dict[str, Any]:
    """Return the Secret that Kubernetes fills with a lasting token of the reader."""
    token = _object("v1", "Secret", f"{READER}-token", NAMESPACE, labels)
    token["metadata"]["annotations"] = {"kubernetes.io/service-account.name": READER}
    return {**token, "type": "kubernetes.io/service-account-token"}


def _service_hosts(cluster_domain: str) -> str:
    # `*.local` is Istio's own choice for cluster.local; any other domain is matched as a whole.
    return "*.local" if cluster_domain == "cluster.local" else f"*.{cluster_domain}"


def _rule(group: str, kinds: list[str]) -> dict[str, Any]:
    return {"apiGroups": [group], "resources": kinds, "verbs": list(_READ)}


def _object(
    version: str, kind: str, name: str, namespace: str | None, labels: Labels
) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": name, "labels": dict(sorted(labels.items()))}
    if namespace is not None:
        metadata["namespace"] = namespace
    return {"apiVersion": version, "kind": kind, "metadata": metadata}
