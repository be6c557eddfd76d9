"""Asking a cluster around Helm: whatever goes wrong is one short word, soon, and no secret."""

import base64
import datetime
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import urllib3.connection
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from kubernetes.config import kube_config
from meshtier.clouds import api
from meshtier.clouds.api import ApiError, asking
from urllib3.util import ssl_

SECRET = "tok3n"
RELEASE = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "istiod"}}


def kubeconfig(server: str, user: dict[str, Any] | None = None, /, **cluster: Any) -> str:
    """A kubeconfig of one context."""
    return yaml.safe_dump(
        {
            "current-context": "one",
            "contexts": [{"name": "one", "context": {"cluster": "one", "user": "one"}}],
            "clusters": [{"name": "one", "cluster": {"server": server, **cluster}}],
            "users": [{"name": "one", "user": user or {"token": SECRET}}],
        }
    )


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that takes calls and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def nobody() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize(
    "content",
    [
        f"/home/{SECRET}/.kube/config",
        f"users: [{SECRET}",
        SECRET,
        "",
        f"- {SECRET}",
        yaml.safe_dump({"current-context": SECRET, "contexts": {}, "clusters": []}),
        kubeconfig("https://one.example", **{"certificate-authority": f"/{SECRET}/ca.crt"}),
        kubeconfig("https://one.example", {"client-certificate-data": f"{SECRET}!"}),
    ],
)
def test_a_kubeconfig_that_is_none_is_an_error_that_quotes_nothing(content: str) -> None:
    with pytest.raises(ApiError) as refused, asking(content, None) as cluster:
        cluster.records("istio-system", "istiod")
    assert str(refused.value).isidentifier(), "the name of an error"
    assert SECRET not in str(refused.value)


def test_a_context_that_is_not_there_is_an_error(nobody: str) -> None:
    with pytest.raises(ApiError, match=r"^ConfigException$"), asking(kubeconfig(nobody), "two"):
        pass


def test_a_cluster_that_is_away_is_an_error(nobody: str) -> None:
    with (
        pytest.raises(ApiError, match=r"^MaxRetryError$"),
        asking(kubeconfig(nobody), "one") as one,
    ):
        one.records("istio-system", "istiod")


@pytest.mark.timeout(300)
def test_no_call_waits_for_ever(silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_SECONDS", (0.2, 0.2))
    for act in (
        lambda one: one.records("istio-system", "istiod"),
        lambda one: one.label([RELEASE], "istio-system", {"team": "payments"}),
    ):
        with pytest.raises(ApiError), asking(kubeconfig(silent), None) as cluster:
            act(cluster)


@pytest.fixture
def eks(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of an API server without objects, and its authority: one as EKS makes it."""
    key = ec.generate_private_key(ec.SECP256R1())
    serving = ec.generate_private_key(ec.SECP256R1())
    authority = signed("kubernetes", key, key, x509.BasicConstraints(ca=True, path_length=None))
    address = x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))
    leaf = signed("server", serving, key, x509.SubjectAlternativeName([address]))
    pair = tmp_path / "pair.pem"
    private = serving.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pair.write_bytes(private + leaf)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pair)
    with HTTPServer(("127.0.0.1", 0), Empty) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"https://127.0.0.1:{server.server_port}", base64.b64encode(authority).decode()
        server.shutdown()
        thread.join()


class Empty(BaseHTTPRequestHandler):
    """Answers every list with an empty one."""

    def do_GET(self) -> None:
        content = b'{"kind": "SecretList", "apiVersion": "v1", "items": []}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def signed(
    name: str, key: ec.EllipticCurvePrivateKey, by: ec.EllipticCurvePrivateKey, *more: Any
) -> bytes:
    """A certificate with these extensions and no key identifiers."""
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "kubernetes")]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(days=1))
    )
    for one in more:
        builder = builder.add_extension(one, critical=True)
    return builder.sign(by, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Verify as Python does since 3.13, whichever runs the tests."""
    original = ssl_.create_urllib3_context

    def strictly(*arguments: Any, **options: Any) -> ssl.SSLContext:
        context = original(*arguments, **options)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        return context

    monkeypatch.setattr(ssl_, "create_urllib3_context", strictly)
    monkeypatch.setattr(urllib3.connection, "create_urllib3_context", strictly)


@pytest.mark.usefixtures("strict")
def test_an_authority_without_a_key_identifier_is_one(eks: tuple[str, str]) -> None:
    server, authority = eks
    with asking(kubeconfig(server, **{"certificate-authority-data": authority}), None) as cluster:
        assert cluster.records("istio-system", "istiod") == ()


@pytest.mark.usefixtures("strict")
def test_another_authority_is_none(eks: tuple[str, str]) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    other = signed("kubernetes", key, key, x509.BasicConstraints(ca=True, path_length=None))
    for cluster in ({"certificate-authority-data": base64.b64encode(other).decode()}, {}):
        with pytest.raises(ApiError), asking(kubeconfig(eks[0], **cluster), None) as one:
            one.records("istio-system", "istiod")


def test_threads_never_read_certificates_that_are_not_written_yet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    writing = Event()
    # The library loads its parts when they are first used, and that takes longer than a thread.
    with asking(kubeconfig("https://one.example"), None):
        pass

    def slowly(*arguments: Any) -> Any:
        writing.set()
        time.sleep(0.2)
        return open(*arguments)

    monkeypatch.setattr(kube_config, "open", slowly, raising=False)
    authority = base64.b64encode(b"of this test alone").decode()
    text = kubeconfig("https://one.example", **{"certificate-authority-data": authority})

    def read() -> str:
        with asking(text, None) as cluster:
            file: str = cluster._api.configuration.ssl_ca_cert
            return Path(file).read_text()

    with ThreadPoolExecutor(max_workers=1) as other:
        first = other.submit(read)
        assert writing.wait(30)
        assert read() == first.result() == "of this test alone"
