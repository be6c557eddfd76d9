"""istiod beside API servers without nodes: it runs, and reads its peers."""

import datetime
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lab import process, running
from lab.api import ApiError
from lab.kubectl import Kubectl
from lab.running import RunningLab
from lab.toolchain import Toolchain, ensure
from tests.lab.specs import plain

pytestmark = [pytest.mark.lab, pytest.mark.timeout(600)]
NAMESPACE = "istio-system"


@pytest.fixture(scope="module")
def tools() -> Toolchain:
    return ensure(("control-plane", "istio"))


@pytest.fixture(scope="module")
def lab(tools: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLab]:
    spec = plain("istiods", tmp_path_factory.mktemp("istiods"), "one", "two")
    try:
        yield running.up(spec, tools, progress=lambda line: None)
    finally:
        running.down(spec.directory)


def test_without_an_installed_istiod_there_is_nothing_to_start(lab: RunningLab) -> None:
    with pytest.raises(ApiError, match="404"):
        lab.istiod("two").start()


def test_istiod_runs_with_the_settings_of_its_deployment_and_reads_its_peer(
    lab: RunningLab, tools: Toolchain
) -> None:
    kubeconfig = lab.clusters["one"].kubeconfig
    peer = lab.clusters["two"].kubeconfig.read_text()
    Kubectl(binary=tools.path("kubectl"), kubeconfig=kubeconfig).apply(
        [
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}},
            _secret("cacerts", _authority(), {}),
            _secret("istio-remote-secrets", {"two": peer}, {"istio/multiCluster": "true"}),
            _deployment(),
        ]
    )
    istiod = lab.istiod("one")
    istiod.start()
    _until(istiod.is_ready, "istiod answers as ready")
    _until(lambda: _synced(istiod.get("/debug/clusterz")) == {"one", "two"}, "both are synced")
    assert list(process.marked(lab.spec.directory, "cluster/one/istiod"))
    istiod.stop()
    assert not istiod.is_ready()
    assert not list(process.marked(lab.spec.directory, "cluster/one/istiod"))


def _synced(pages: list[dict[str, Any]]) -> set[str]:
    return {page["id"] for page in pages if page["syncStatus"] == "synced"}


def _secret(name: str, data: dict[str, str], labels: dict[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": NAMESPACE, "labels": labels},
        "stringData": data,
    }


def _deployment() -> dict[str, Any]:
    """As much of istiod's Deployment as the process takes its settings from."""
    labels = {"app": "istiod"}
    container = {
        "name": "discovery",
        "image": "docker.io/istio/pilot:1.31.0",
        "args": ["discovery", "--monitoringAddr=:15014", "--domain", "cluster.local"],
        "env": [
            {"name": "CLUSTER_ID", "value": "one"},
            {"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
        ],
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "istiod", "namespace": NAMESPACE},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
        },
    }


def _authority() -> dict[str, str]:
    """The four files of a cacerts Secret, with the root itself as the issuing authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_signs(), critical=True)
        .sign(key, hashes.SHA256())
    )
    text = certificate.public_bytes(serialization.Encoding.PEM).decode()
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    files = dict.fromkeys(("ca-cert.pem", "cert-chain.pem", "root-cert.pem"), text)
    return {**files, "ca-key.pem": private}


def _signs() -> x509.KeyUsage:
    names = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(key_cert_sign=True, **dict.fromkeys(names, False))


def _until(is_done: Callable[[], bool], what: str, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not is_done():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)
