"""A cluster's API for the little that Helm and Pulumi leave to do: Helm's records, and labels."""

import base64
import gzip
import json
import ssl
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any, Final

import yaml

from ..plan.helm_records import HelmRecord

FIELD_MANAGER: Final = "meshtier"
_SECONDS: Final = (10, 30)
"""To connect, and to answer."""
_LOADING: Final = Lock()
"""The library shares files of certificates between threads, and before they are written."""


class ApiError(Exception):
    """The cluster could not be asked; the message holds nothing of its credentials."""


class ClusterApi:
    """One cluster, as whoever the kubeconfig makes us."""

    def __init__(self, kubeconfig: str, context: str | None) -> None:
        library = _library()
        with _LOADING:
            self._api = library.config.new_client_from_config_dict(
                yaml.safe_load(kubeconfig), context=context, persist_config=False
            )
        _bound(self._api)
        _verify_as_helm_does(self._api)
        self._core = library.client.CoreV1Api(self._api)

    def records(self, namespace: str, release: str) -> tuple[HelmRecord, ...]:
        """Return what Helm has written down of a release."""
        found = self._core.list_namespaced_secret(
            namespace, label_selector=f"owner=helm,name={release}"
        )
        return tuple(_record(secret.metadata) for secret in found.items)

    def forget(self, namespace: str, record: HelmRecord) -> None:
        """Remove one record; nothing that Helm made is touched."""
        self._core.delete_namespaced_secret(record.secret, namespace)

    def manifest(self, namespace: str, record: HelmRecord) -> Sequence[Mapping[str, Any]]:
        """Return the objects of one revision."""
        secret = self._core.read_namespaced_secret(record.secret, namespace)
        # Helm encodes it once more than Kubernetes does.
        packed = base64.b64decode(base64.b64decode(secret.data["release"]))
        text = json.loads(gzip.decompress(packed))["manifest"]
        # Istio's definitions are a megabyte, and the loader in Python takes six times as long.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return [one for one in yaml.load_all(text, loader) if one]

    def label(
        self, objects: Sequence[Mapping[str, Any]], namespace: str, labels: Mapping[str, str]
    ) -> None:
        """Have objects of a manifest carry `labels`, and no others that came from here before.

        Labels that the manifest itself has stay Helm's. Objects that name no namespace are in
        `namespace`, or in none.
        """
        dynamic = _library().dynamic
        with tempfile.TemporaryDirectory() as folder:
            # Its default is a file that everybody on the machine may have written.
            client = dynamic.DynamicClient(self._api, cache_file=str(Path(folder) / "kinds"))
            for one in objects:
                own: Mapping[str, Any] = one["metadata"].get("labels") or {}
                # One that somebody removed meanwhile is Helm's to miss.
                with suppress(dynamic.exceptions.NotFoundError):
                    _apply_labels(
                        client, one, namespace, {k: v for k, v in labels.items() if k not in own}
                    )


def _apply_labels(
    client: Any, one: Mapping[str, Any], namespace: str, labels: Mapping[str, str]
) -> None:
    about = one["metadata"]
    kind = client.resources.get(api_version=one["apiVersion"], kind=one["kind"])
    place = {"namespace": about.get("namespace", namespace)} if kind.namespaced else {}
    live = kind.get(name=about["name"], **place)
    kind.server_side_apply(
        body={
            "apiVersion": one["apiVersion"],
            "kind": one["kind"],
            # By its uid, for what is not there would be made.
            "metadata": {"name": about["name"], "uid": live.metadata.uid, "labels": dict(labels)},
        },
        field_manager=FIELD_MANAGER,
        **place,
    )


def _bound(api: Any) -> None:
    """Let no call wait for ever, nor those that the library makes by itself."""
    call = api.call_api

    def bounded(*request: Any, **options: Any) -> Any:
        return call(*request, **{**options, "_request_timeout": _SECONDS})

    api.call_api = bounded


def _verify_as_helm_does(api: Any) -> None:
    """Take authorities without a key identifier: Python 3.13 and newer refuse them, and EKS' are.

    RFC 5280, 4.2.1.1, lets self-signed ones do without. Everything else is verified as before.
    """
    options = api.rest_client.pool_manager.connection_pool_kw
    context = import_module("urllib3.util.ssl_").create_urllib3_context(
        cert_reqs=options["cert_reqs"]
    )
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if not options["ca_certs"]:
        # A context that is given gets none otherwise.
        context.load_default_certs()
    options["ssl_context"] = context


@contextmanager
def asking(kubeconfig: str, context: str | None) -> Generator[ClusterApi]:
    """Reach a cluster; raise `ApiError` whatever it is that goes wrong on the way."""
    try:
        yield ClusterApi(kubeconfig, context)
    # A kubeconfig, a record and a manifest can be wrong in more ways than can be listed, and what
    # a parser says of them quotes them.
    except Exception as error:
        raise ApiError(_told(error)) from None


def _told(error: Exception) -> str:
    if isinstance(error, _library().client.ApiException):
        # Its own text is the whole answer, headers and all.
        refusal: Any = error
        return f"{refusal.status} {refusal.reason}"
    return type(error).__name__


def _library() -> Any:
    """Return the Kubernetes client: without types, and slow to import where it isn't needed."""
    return import_module("kubernetes")


def _record(metadata: Any) -> HelmRecord:
    return HelmRecord(
        secret=metadata.name,
        revision=int(metadata.labels["version"]),
        status=metadata.labels["status"],
    )
