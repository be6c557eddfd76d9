"""Asking a cluster around Helm: whatever goes wrong is one short word, soon, and no secret."""

import base64
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import yaml
from kubernetes.config import kube_config
from meshtier.clouds import api
from meshtier.clouds.api import ApiError, asking

SECRET = "tok3n"
RELEASE = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "istiod"}}


def kubeconfig(server: str, user: dict[str, Any] | None = None, **cluster: Any) -> str:
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


def test_no_call_waits_for_ever(silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_SECONDS", (0.2, 0.2))
    for act in (
        lambda one: one.records("istio-system", "istiod"),
        lambda one: one.label([RELEASE], "istio-system", {"team": "payments"}),
    ):
        begun = time.monotonic()
        with pytest.raises(ApiError), asking(kubeconfig(silent), None) as cluster:
            act(cluster)
        assert time.monotonic() - begun < 20


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
