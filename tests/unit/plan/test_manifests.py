"""Our own Kubernetes objects, whole: what is not written here is not in the cluster."""

from typing import Any

import pytest
from meshtier.plan import manifests

LABELS = {"meshtier.io/cluster": "eu-shop"}


def meta(name: str, *, namespace: str | None = "istio-system", **more: Any) -> dict[str, Any]:
    """Return the metadata every object here has."""
    placed = {} if namespace is None else {"namespace": namespace}
    return {"name": name, **placed, "labels": LABELS, **more}


def test_the_namespace_tells_istiod_its_network() -> None:
    assert manifests.istio_namespace("eu", LABELS) == {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": "istio-system",
            "labels": {**LABELS, "topology.istio.io/network": "eu"},
        },
    }


def test_the_namespace_of_records() -> None:
    assert manifests.records_namespace(LABELS) == {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": meta("meshtier", namespace=None),
    }


def test_shells_hold_no_data() -> None:
    assert manifests.cacerts(LABELS) == {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": meta("cacerts"),
        "type": "Opaque",
    }
    assert manifests.remote_secrets(LABELS) == {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": meta("istio-remote-secrets")
        | {"labels": {**LABELS, "istio/multiCluster": "true"}},
        "type": "Opaque",
    }


def test_the_gateways_service_selects_the_charts_pods_and_carries_the_network() -> None:
    seen = manifests.gateway_service("eu", {"b": "2", "a": "1"}, LABELS, wait=True)
    pods = {"app": "istio-eastwestgateway", "istio": "eastwestgateway"}
    assert seen == {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": "istio-eastwestgateway",
            "namespace": "istio-system",
            "labels": {**LABELS, **pods, "topology.istio.io/network": "eu"},
            "annotations": {"a": "1", "b": "2"},
        },
        "spec": {
            "type": "LoadBalancer",
            "selector": pods,
            "ports": [
                {"name": "status-port", "port": 15021, "protocol": "TCP", "targetPort": 15021},
                {"name": "tls", "port": 15443, "protocol": "TCP", "targetPort": 15443},
                {"name": "tls-istiod", "port": 15012, "protocol": "TCP", "targetPort": 15012},
                {"name": "tls-webhook", "port": 15017, "protocol": "TCP", "targetPort": 15017},
            ],
        },
    }


def test_without_waiting_nobody_waits_for_the_gateways_address() -> None:
    waiting = manifests.gateway_service("eu", {}, LABELS, wait=True)
    assert "annotations" not in waiting["metadata"]
    hasty = manifests.gateway_service("eu", {"a": "1"}, LABELS, wait=False)
    assert hasty["metadata"]["annotations"] == {"a": "1", "pulumi.com/skipAwait": "true"}


@pytest.mark.parametrize(
    ("domain", "hosts"),
    [("cluster.local", "*.local"), ("acme.internal", "*.acme.internal")],
)
def test_the_gateway_passes_every_service_of_the_clusters_domain(domain: str, hosts: str) -> None:
    assert manifests.cross_network_gateway(domain, LABELS) == {
        "apiVersion": "networking.istio.io/v1",
        "kind": "Gateway",
        "metadata": meta("cross-network-gateway"),
        "spec": {
            "selector": {"istio": "eastwestgateway"},
            "servers": [
                {
                    "port": {"number": 15443, "name": "tls", "protocol": "TLS"},
                    "tls": {"mode": "AUTO_PASSTHROUGH"},
                    "hosts": [hosts],
                }
            ],
        },
    }


def test_mutual_tls_is_strict_everywhere() -> None:
    assert manifests.peer_authentication(LABELS) == {
        "apiVersion": "security.istio.io/v1",
        "kind": "PeerAuthentication",
        "metadata": meta("default"),
        "spec": {"mtls": {"mode": "STRICT"}},
    }


def test_the_reader_only_reads_and_never_secrets() -> None:
    seen = manifests.reader_role(LABELS, secrets=False)
    assert {verb for rule in seen["rules"] for verb in rule["verbs"]} == {"get", "list", "watch"}
    kinds = [kind for rule in seen["rules"] for kind in rule["resources"]]
    assert "secrets" not in kinds
    assert "*" not in kinds
    assert sorted(kinds) == [
        *("configmaps", "customresourcedefinitions", "endpointslices", "gateways", "namespaces"),
        *("nodes", "pods", "serviceexports", "serviceimports", "services", "workloadentries"),
    ]
    (named,) = (rule for rule in seen["rules"] if rule["resources"] == ["configmaps"])
    assert named["resourceNames"] == ["istio"], "other ConfigMaps are nobody's business"


def test_secrets_are_read_only_where_that_is_asked_for() -> None:
    without = manifests.reader_role(LABELS, secrets=False)["rules"]
    asked = manifests.reader_role(LABELS, secrets=True)["rules"]
    assert asked[0]["resources"] == [*without[0]["resources"], "secrets"]
    assert asked[0]["verbs"] == without[0]["verbs"]
    assert asked[1:] == without[1:]


def test_the_reader_is_one_account_with_one_role_and_one_token() -> None:
    assert manifests.reader_account(LABELS) == {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": meta("meshtier-reader"),
    }
    role = manifests.reader_role(LABELS, secrets=False)
    assert role["metadata"] == meta("meshtier-reader", namespace=None)
    assert manifests.reader_binding(LABELS) == {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": meta("meshtier-reader", namespace=None),
        "roleRef": {
            "apiGroup": "rbac.authorization.k8s.io",
            "kind": "ClusterRole",
            "name": "meshtier-reader",
        },
        "subjects": [
            {"kind": "ServiceAccount", "name": "meshtier-reader", "namespace": "istio-system"}
        ],
    }
    assert manifests.reader_token(LABELS) == {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": meta(
            "meshtier-reader-token",
            annotations={"kubernetes.io/service-account.name": "meshtier-reader"},
        ),
        "type": "kubernetes.io/service-account-token",
    }
