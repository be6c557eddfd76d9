"""One API server over HTTP as whoever a kubeconfig makes us: only that says what is refused."""

import base64
import ssl
import tempfile
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import httpx
import yaml

Object = Mapping[str, Any]
_DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
# Kept by Kubernetes itself, or gone before anybody looks.
_PASSING = frozenset({"Event", "Lease", "EndpointSlice", "Endpoints"})


class Reach:
    """The cluster behind a kubeconfig."""

    def __init__(self, kubeconfig: str) -> None:
        config = yaml.safe_load(kubeconfig)
        self._cluster = config["clusters"][0]["cluster"]
        self._user = config["users"][0]["user"]

    @cached_property
    def _client(self) -> httpx.Client:
        authority = _decoded(self._cluster["certificate-authority-data"])
        context = ssl.create_default_context(cadata=authority.decode())
        headers = {}
        if "client-key-data" in self._user:
            with tempfile.NamedTemporaryFile() as both:
                both.write(_decoded(self._user["client-certificate-data"]))
                both.write(_decoded(self._user["client-key-data"]))
                both.flush()
                context.load_cert_chain(both.name)
        else:
            headers["Authorization"] = f"Bearer {self._user['token']}"
        server = self._cluster["server"]
        return httpx.Client(base_url=server, verify=context, headers=headers, timeout=30)

    def status(self, path: str) -> int:
        """HTTP status of a GET."""
        return self._client.get(path).status_code

    def get(self, path: str) -> Any:
        """What a GET answers; an error raises."""
        return self._client.get(path).raise_for_status().json()

    def objects(self, selector: str = "") -> Iterator[Object]:
        """Every object of every kind, narrowed by a label selector."""
        for kind, path in self._kinds():
            # Definitions go while they are looked at.
            answer = self._client.get(path, params={"labelSelector": selector})
            for one in answer.json()["items"] if answer.is_success else ():
                yield {"kind": kind, **one}

    def _kinds(self) -> Iterator[tuple[str, str]]:
        for root in ("/api", "/apis"):
            groups = self._client.get(root, headers={"Accept": _DISCOVERY}).raise_for_status()
            for group in groups.json()["items"]:
                name = group["metadata"].get("name", "")
                base = f"{root}/{name}/" if name else f"{root}/"
                preferred = group["versions"][0]
                for kind in preferred["resources"]:
                    shown = kind["responseKind"]["kind"]
                    if "list" in kind["verbs"] and shown not in _PASSING:
                        yield shown, f"{base}{preferred['version']}/{kind['resource']}"


def name_of(one: Object) -> str:
    """An object as `Kind namespace/name`."""
    about = one["metadata"]
    return f"{one['kind']} {about.get('namespace', '')}/{about['name']}"


def _decoded(value: str) -> bytes:
    return base64.b64decode(value)
