"""When is an object what was asked for? One function per kind that has an answer.

A check returns what is still missing, in the official plugin's words where it has any; nothing
missing means ready. Checks read; they never wait. `until` does the waiting.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from .. import wire
from . import shape
from .client import ApiError, Client

Check = Callable[[Client, wire.Object], Awaitable[list[str]]]

_SKIP = "pulumi.com/skipAwait"
_TIMEOUT = "pulumi.com/timeoutSeconds"
_MINUTES_10, _MINUTES_5 = 600.0, 300.0
_POLL_SECONDS = (0.1, 1.0)
"""First and longest pause between two looks."""
_NO_PODS = (
    "Service does not target any Pods. Selected Pods may not be ready, or "
    "field '.spec.selector' may not match labels on any Pods"
)
_NO_ADDRESS = "Service was not allocated an IP address; does your cloud provider support this?"
_POD_TROUBLE = ("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "CrashLoopBackOff")
_POD_TROUBLE += ("CreateContainerConfigError", "CreateContainerError", "RunContainerError")


class Stopped(Exception):
    """The wait ended without success; the text says how."""

    def __init__(self, message: str, missing: list[str]) -> None:
        super().__init__(message)
        self.missing = missing


def _conditions(live: wire.Object) -> dict[str, wire.Object]:
    found = live.get("status", {}).get("conditions") or []
    return {condition.get("type", ""): condition for condition in found}


def _is_true(live: wire.Object, type: str) -> bool:
    return _conditions(live).get(type, {}).get("status") == "True"


def _observed(live: wire.Object) -> bool:
    seen = live.get("status", {}).get("observedGeneration", 0)
    return seen >= live["metadata"].get("generation", 0)


async def _deployment(client: Client, live: wire.Object) -> list[str]:
    if not _observed(live):
        return ["The Deployment controller has not seen this generation yet"]
    status, wanted = live.get("status", {}), live["spec"].get("replicas", 1)
    missing = []
    if status.get("updatedReplicas", 0) < wanted:
        missing.append(
            f"{status.get('updatedReplicas', 0)} out of {wanted} new replicas have been updated"
        )
    if status.get("replicas", 0) > status.get("updatedReplicas", 0):
        missing.append("Old replicas are still running")
    if status.get("availableReplicas", 0) < wanted or not _is_true(live, "Available"):
        missing.append(_unavailable(live, "Deployment"))
    return missing and missing + await _pod_troubles(client, live)


def _unavailable(live: wire.Object, kind: str) -> str:
    condition = _conditions(live).get("Available", {})
    if condition.get("status") == "False":
        return f"[{condition.get('reason', '')}] {condition.get('message', '')}"
    return f"Minimum number of Pods to consider the {kind} available was not attained"


async def _stateful_set(client: Client, live: wire.Object) -> list[str]:
    if not _observed(live):
        return ["The StatefulSet controller has not seen this generation yet"]
    status, wanted = live.get("status", {}), live["spec"].get("replicas", 1)
    missing = []
    if status.get("readyReplicas", 0) < wanted:
        missing.append(
            f"{status.get('readyReplicas', 0)} out of {wanted} replicas succeeded readiness checks"
        )
    if status.get("updateRevision") != status.get("currentRevision"):
        missing.append("The StatefulSet is still rolling out")
    return missing and missing + await _pod_troubles(client, live)


async def _daemon_set(client: Client, live: wire.Object) -> list[str]:
    if not _observed(live):
        return ["The DaemonSet controller has not seen this generation yet"]
    status = live.get("status", {})
    wanted = status.get("desiredNumberScheduled", 0)
    if min(status.get("updatedNumberScheduled", 0), status.get("numberAvailable", 0)) >= wanted:
        return []
    ready = f"{status.get('numberAvailable', 0)} out of {wanted} Pods are available"
    return [ready, *await _pod_troubles(client, live)]


async def _pod_troubles(client: Client, live: wire.Object) -> list[str]:
    labels = live["spec"].get("selector", {}).get("matchLabels") or {}
    selector = ",".join(f"{key}={value}" for key, value in labels.items())
    path = f"/api/v1/namespaces/{live['metadata']['namespace']}/pods"
    pods = (await client.get(path, {"labelSelector": selector, "limit": "50"})).get("items", [])
    found: list[str] = []
    for pod in pods:
        for line in _container_troubles(pod):
            if line not in found:
                found.append(line)
    return found


def _container_troubles(pod: wire.Object) -> list[str]:
    status = pod.get("status", {})
    containers = [
        *status.get("initContainerStatuses", []),
        *status.get("containerStatuses", []),
    ]
    lines = []
    for container in containers:
        waiting = container.get("state", {}).get("waiting", {})
        if waiting.get("reason") in _POD_TROUBLE:
            lines.append(
                f"[Pod {pod['metadata']['name']}]: containers with unready status: "
                f"[{container['name']}] -- [{waiting['reason']}] {waiting.get('message', '')}"
            )
    return lines


async def _pod(client: Client, live: wire.Object) -> list[str]:
    if live.get("status", {}).get("phase") == "Succeeded" or _is_true(live, "Ready"):
        return []
    return ["Pod is not ready", *_container_troubles(live)]


async def _job(client: Client, live: wire.Object) -> list[str]:
    failed = _conditions(live).get("Failed", {})
    if failed.get("status") == "True":
        return [f"[{failed.get('reason', '')}] {failed.get('message', '')}"]
    return [] if _is_true(live, "Complete") else ["Job has not completed"]


async def _service(client: Client, live: wire.Object) -> list[str]:
    spec = live.get("spec", {})
    missing = []
    special = spec.get("type") == "ExternalName" or spec.get("clusterIP") == "None"
    if spec.get("selector") and not special and not await _has_endpoints(client, live):
        missing.append(_NO_PODS)
    ingress = live.get("status", {}).get("loadBalancer", {}).get("ingress")
    if spec.get("type") == "LoadBalancer" and not ingress:
        missing.append(_NO_ADDRESS)
    return missing


async def _has_endpoints(client: Client, live: wire.Object) -> bool:
    about = live["metadata"]
    path = f"/apis/discovery.k8s.io/v1/namespaces/{about['namespace']}/endpointslices"
    slices = await client.get(
        path, {"labelSelector": f"kubernetes.io/service-name={about['name']}"}
    )
    endpoints = [
        endpoint for item in slices.get("items", []) for endpoint in item.get("endpoints") or []
    ]
    return any(endpoint.get("conditions", {}).get("ready", True) for endpoint in endpoints)


async def _definition(client: Client, live: wire.Object) -> list[str]:
    if _is_true(live, "Established"):
        return []
    names = _conditions(live).get("NamesAccepted", {})
    if names.get("status") == "False":
        return [f"[{names.get('reason', '')}] {names.get('message', '')}"]
    return ["CustomResourceDefinition is not established"]


async def _namespace(client: Client, live: wire.Object) -> list[str]:
    phase = live.get("status", {}).get("phase", "Active")
    return [] if phase == "Active" else [f"Namespace is {phase}"]


async def _secret(client: Client, live: wire.Object) -> list[str]:
    if live.get("type") != "kubernetes.io/service-account-token":
        return []
    data = live.get("data") or {}
    lacking = [key for key in ("token", "ca.crt") if not data.get(key)]
    return [f"Secret has no {' and no '.join(lacking)} yet"] if lacking else []


_CHECKS: dict[str, tuple[Check, float]] = {
    "apps/v1/Deployment": (_deployment, _MINUTES_10),
    "apps/v1/StatefulSet": (_stateful_set, _MINUTES_10),
    "apps/v1/DaemonSet": (_daemon_set, _MINUTES_10),
    "batch/v1/Job": (_job, _MINUTES_10),
    "v1/Pod": (_pod, _MINUTES_5),
    "v1/Service": (_service, _MINUTES_10),
    "v1/Namespace": (_namespace, _MINUTES_5),
    "v1/Secret": (_secret, _MINUTES_5),
    "apiextensions.k8s.io/v1/CustomResourceDefinition": (_definition, _MINUTES_5),
}


def check_of(inputs: wire.Object) -> tuple[Check, float] | None:
    """The check of a kind and how long (seconds) it may take; None when there is nothing to see."""
    if shape.annotation(inputs, _SKIP) in ("true", "ready"):
        return None
    return _CHECKS.get(f"{inputs.get('apiVersion')}/{inputs.get('kind')}")


def timeout_of(inputs: wire.Object, asked: float, default: float) -> float:
    """Seconds to wait: the resource's customTimeouts, its annotation, or the kind's default."""
    text = shape.annotation(inputs, _TIMEOUT)
    return asked or (float(text) if text.isdigit() else 0.0) or default


async def pause(stop: asyncio.Event, seconds: float) -> bool:
    """Wait, but no longer than until the engine cancels; True when it has."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return False
    return True


async def until(
    look: Callable[[], Awaitable[list[str]]], *, stop: asyncio.Event, seconds: float
) -> None:
    """Look again and again until nothing is missing; raises `Stopped`."""
    deadline = time.monotonic() + seconds
    delay, longest = _POLL_SECONDS
    while missing := await look():
        if time.monotonic() >= deadline:
            raise Stopped("timed out waiting to be Ready", missing)
        if await pause(stop, delay):
            raise Stopped("the wait was canceled", missing)
        delay = min(delay * 1.5, longest)


async def gone(client: Client, path: str, uid: str) -> list[str]:
    """Look whether an object is deleted; one of the same name made since doesn't count."""
    try:
        live = await client.get(path)
    except ApiError as error:
        if error.code == 404:
            return []
        raise
    if live["metadata"]["uid"] != uid:
        return []
    finalizers = live["metadata"].get("finalizers") or []
    held = f"; finalizers: {', '.join(finalizers)}" if finalizers else ""
    return [f"{live.get('kind')} {live['metadata']['name']!r} still exists{held}"]
