"""Every source × destination request over the mesh, as measured.

The way a request took is read from the caller's Envoy: the endpoint whose request counter
rose. Nothing here knows what the plan expects; `proof` compares.
"""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from . import probe
from .kubectl import Kubectl, KubectlError

TRIES: Final = 40
PAUSE: Final = 0.5
"""Seconds between tries: configuration reaches proxies within a few seconds of a change."""

_COUNTER: Final = re.compile(r"^(?P<cluster>[^:]+)::(?P<host>[^:]+:\d+)::rq_success::(?P<n>\d+)$")
_URI: Final = re.compile(r"URI=(?P<uri>spiffe://[^;,]+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One request from a workload of `source` to the workload of `destination`."""

    source: str
    destination: str
    status: int
    """HTTP status; 0 when there was no answer."""
    answered_by: str
    """Cluster that answered, by its own word."""
    peer: str
    """SPIFFE identity of the caller as the server's proxy verified it; empty without mTLS."""
    endpoint: str
    """`address:port` the caller's proxy sent it to."""
    error: str = ""


def measure(kubectls: Mapping[str, Kubectl]) -> tuple[Call, ...]:
    """Call every member from every member; retried until it answers, then counted once more."""
    return tuple(
        call(kubectls[source], source, destination)
        for source in kubectls
        for destination in kubectls
    )


def call(kubectl: Kubectl, source: str, destination: str) -> Call:
    """Call one member from another; the last try counts."""
    last = Call(
        source=source, destination=destination, status=0, answered_by="", peer="", endpoint=""
    )
    for _ in range(TRIES):
        last = _try(kubectl, source, destination)
        if last.status == 200:
            return last
        time.sleep(PAUSE)
    return last


def request(kubectl: Kubectl, cluster: str, namespace: str, url: str) -> dict[str, object]:
    """Send one request from a cluster's workload and return what its client reports."""
    target = f"deploy/{probe.service_name(cluster)}"
    answer = kubectl.exec(namespace, target, "echo", "/echo", "get", "-timeout", "3s", url)
    return json.loads(answer)


def _try(kubectl: Kubectl, source: str, destination: str) -> Call:
    try:
        before = _counters(kubectl, source, destination)
        answer = request(kubectl, source, probe.NAMESPACE, probe.url(destination))
        after = _counters(kubectl, source, destination)
    except KubectlError as error:
        return Call(
            source=source, destination=destination, status=0, answered_by="", peer="",
            endpoint="", error=str(error),
        )  # fmt: skip
    used = [host for host, count in after.items() if count > before.get(host, 0)]
    status = answer.get("status")
    body = answer.get("body")
    seen = _parse(body if isinstance(body, str) else "")
    return Call(
        source=source,
        destination=destination,
        status=status if isinstance(status, int) else 0,
        answered_by=seen.get("cluster", ""),
        peer=_peer(seen.get("xfcc", "")),
        endpoint=",".join(used),
        error=str(answer.get("error", "")),
    )


def _parse(body: str) -> dict[str, str]:
    try:
        loaded = json.loads(body)
    except ValueError:
        return {}
    return {key: str(value) for key, value in loaded.items()} if isinstance(loaded, dict) else {}


def _peer(xfcc: str) -> str:
    found = _URI.search(xfcc)
    return found["uri"] if found else ""


def _counters(kubectl: Kubectl, source: str, destination: str) -> dict[str, int]:
    """Return the request counters of the caller's Envoy, by endpoint of the destination."""
    target = f"deploy/{probe.service_name(source)}"
    printed = kubectl.exec(
        probe.NAMESPACE, target, "istio-proxy", "pilot-agent", "request", "GET", "clusters"
    )
    service = f"{probe.service_name(destination)}.{probe.NAMESPACE}.svc.cluster.local"
    wanted = f"outbound|{probe.PORT}||{service}"
    found = (_COUNTER.match(line.strip()) for line in printed.splitlines())
    return {hit["host"]: int(hit["n"]) for hit in found if hit and hit["cluster"] == wanted}
