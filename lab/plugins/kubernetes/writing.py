"""Creating, changing and deleting objects through the API server."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterable

from .. import compare, wire
from ..contract import PluginError
from . import awaits, owners, shape
from .client import APPLY, ApiError, Client
from .cluster import Cluster
from .discovery import NoMatch, Resource

_FORCE = "pulumi.com/patchForce"
_MANAGER = "pulumi.com/patchFieldManager"
_PROPAGATION = "pulumi.com/deletionPropagationPolicy"
_RETRIES = (0.3, 0.6, 1.2, 2.4, 4.8)
"""Pauses (seconds) while a namespace or a definition made in the same update is still coming."""
_CONFLICT_TRIES = 5


def manager_name(urn: str, inputs: wire.Object, state: wire.Object) -> str:
    """The field manager: the annotation's, the state's, or a fixed one for the resource.

    The official plugin draws a random one. A fixed one lets a creation that was repeated after
    a crash own the same fields again.
    """
    asked = shape.annotation(inputs, _MANAGER)
    recorded = wire.reveal(state.get("__fieldManager"))
    digest = hashlib.sha256(urn.encode()).hexdigest()[:8]
    return asked or recorded or f"pulumi-kubernetes-{digest}"


def _forced(cluster: Cluster, plain: wire.Object) -> bool:
    return cluster.settings.patch_force or shape.annotation(plain, _FORCE) == "true"


def _name(plain: wire.Object) -> tuple[str, str]:
    about = plain["metadata"]
    return about.get("namespace", ""), about["name"]


def scoped(plain: wire.Object, resource: Resource) -> wire.Object:
    """`plain` without the namespace that a kind outside namespaces was given by mistake."""
    return plain if resource.namespaced else shape.without_namespace(plain)


async def apply(
    client: Client,
    resource: Resource,
    plain: wire.Object,
    manager: str,
    *,
    force: bool,
    dry_run: bool = False,
) -> tuple[bool, wire.Object]:
    """Server-side apply; returns whether the object is new, and the object."""
    query = {"fieldManager": manager, "force": str(force).lower(), "fieldValidation": "Warn"}
    if dry_run:
        query["dryRun"] = "All"
    code, live = await client.request(
        "PATCH", resource.path(*_name(plain)), body=plain, query=query, content_type=APPLY
    )
    return code == 201, live


async def _exists(client: Client, path: str) -> bool:
    try:
        await client.get(path)
    except ApiError as error:
        if error.code == 404:
            return False
        raise
    return True


async def create(cluster: Cluster, plain: wire.Object, manager: str) -> wire.Object:
    """Create an object, or take over an existing one if the provider says so.

    What it depends on may be on its way (a namespace, a definition), so "not found" is tried
    again. Raises `ApiError` and `NoMatch`.
    """
    for delay in (*_RETRIES, None):
        try:
            return await _create(cluster, plain, manager)
        except (ApiError, NoMatch) as error:
            missing = isinstance(error, NoMatch) or error.code == 404
            if not missing or delay is None:
                raise
            if await awaits.pause(cluster.session.stop, delay):
                raise
    raise AssertionError("the last try returns or raises")


async def _create(cluster: Cluster, plain: wire.Object, manager: str) -> wire.Object:
    resource = await cluster.discovery.resource(plain["apiVersion"], plain["kind"])
    plain = scoped(plain, resource)
    client, upsert = cluster.client, cluster.settings.upsert_existing
    name = plain["metadata"]["name"]
    taken = ApiError(409, f'{resource.qualified} "{name}" already exists', "AlreadyExists")
    if not upsert and await _exists(client, resource.path(*_name(plain))):
        raise taken
    new, live = await apply(client, resource, plain, manager, force=_forced(cluster, plain))
    if not new and not upsert:
        raise taken  # somebody else made it between the two requests
    if shape.is_definition(live):
        cluster.discovery.forget()
    return live


async def preview(cluster: Cluster, plain: wire.Object, manager: str) -> wire.Object | None:
    """What creating an object would give; None where the server can't tell before the update."""
    try:
        resource = await cluster.discovery.resource(plain["apiVersion"], plain["kind"])
        plain = scoped(plain, resource)
        _, live = await apply(cluster.client, resource, plain, manager, force=True, dry_run=True)
    except NoMatch:
        return None
    except ApiError as error:
        # Only what is wrong with the object itself is worth failing for; a namespace that is
        # still to be created or an immutable field of the object to be replaced is not.
        if error.code not in (400, 422) or "immutable" in str(error) or "dry run" in str(error):
            return None
        raise
    live.pop("status", None)
    return live


async def update(
    cluster: Cluster,
    resource: Resource,
    live: wire.Object,
    plain: wire.Object,
    manager: str,
    *,
    ignored: Iterable[str] = (),
    dry_run: bool = False,
) -> wire.Object:
    """Make the live object what `plain` says; ignored paths keep what the server has."""
    plain = _keeping(scoped(plain, resource), live, ignored)
    if shape.is_definition(plain):
        return await _replace(cluster, resource, plain, manager, dry_run=dry_run)
    # With the uid, applying to an object that is deleted meanwhile can't create it again.
    plain["metadata"]["uid"] = live["metadata"]["uid"]
    force = _forced(cluster, plain)
    if dry_run:
        # What the update will take over is no conflict in its preview either.
        force = force or owners.would_take_over(live, manager)
    else:
        await owners.take_over(cluster.client, resource.path(*_name(plain)), live, manager)
    try:
        return (
            await apply(cluster.client, resource, plain, manager, force=force, dry_run=dry_run)
        )[1]
    except ApiError as error:
        if error.code != 409:
            raise
        raise ApiError(
            409,
            "Server-Side Apply field conflict detected\n"
            f'The resource managed by field manager "{manager}" had an apply conflict: {error}',
            error.reason,
        ) from None


async def _replace(
    cluster: Cluster, resource: Resource, plain: wire.Object, manager: str, *, dry_run: bool
) -> wire.Object:
    """Put a whole definition; applying one would keep versions that it no longer has."""
    path = resource.path("", plain["metadata"]["name"])
    query = {"fieldManager": manager, **({"dryRun": "All"} if dry_run else {})}
    for attempt in range(_CONFLICT_TRIES):
        current = await cluster.client.get(path)
        plain["metadata"]["resourceVersion"] = current["metadata"]["resourceVersion"]
        try:
            _, live = await cluster.client.request("PUT", path, body=plain, query=query)
        except ApiError as error:
            if error.code != 409 or attempt == _CONFLICT_TRIES - 1:
                raise
            continue
        cluster.discovery.forget()
        return live
    raise AssertionError("the last try returns or raises")


def _keeping(plain: wire.Object, live: wire.Object, ignored: Iterable[str]) -> wire.Object:
    kept = copy.deepcopy(plain)
    for path in ignored:
        steps = compare.parse(path)
        found, value = _at(live, steps)
        if found:
            _put(kept, steps, value)
    return kept


def _at(value: wire.Value, steps: compare.Path) -> tuple[bool, wire.Value]:
    for step in steps:
        if not _has(value, step):
            return False, None
        value = value[step]
    return True, value


def _has(value: wire.Value, step: str | int) -> bool:
    if isinstance(step, int):
        return isinstance(value, list) and step < len(value)
    return isinstance(value, dict) and step in value


def _put(into: wire.Value, steps: compare.Path, value: wire.Value) -> None:
    for step in steps[:-1]:
        if isinstance(into, dict):
            into.setdefault(step, {})
        if not _has(into, step):
            return
        into = into[step]
    if isinstance(into, dict) or _has(into, steps[-1]):
        into[steps[-1]] = copy.deepcopy(value)


async def delete(cluster: Cluster, resource: Resource, plain: wire.Object, seconds: float) -> None:
    """Delete an object and wait until it is gone; an object that isn't there is fine."""
    path = resource.path(*_name(scoped(plain, resource)))
    policy = (shape.annotation(plain, _PROPAGATION) or "foreground").capitalize()
    options = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": policy}
    try:
        _, answer = await cluster.client.request("DELETE", path, body=options)
    except ApiError as error:
        if error.code == 404:
            return
        raise
    if shape.is_definition(plain):
        cluster.discovery.forget()
    if shape.annotation(plain, "pulumi.com/skipAwait") == "true":
        return
    uid = answer.get("metadata", {}).get("uid") or answer.get("details", {}).get("uid")
    try:
        await awaits.until(
            lambda: awaits.gone(cluster.client, path, uid),
            stop=cluster.session.stop,
            seconds=seconds,
        )
    except awaits.Stopped as stopped:
        raise PluginError(f"deletion did not finish: {'; '.join(stopped.missing)}") from None
