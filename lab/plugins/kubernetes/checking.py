"""An object's inputs before anything is sent: defaults, names, and what changed."""

from __future__ import annotations

import hashlib

from .. import compare, wire
from ..contract import Call, Change, Checked, Difference, PluginError, Severity
from . import kinds, shape
from .cluster import Cluster

_AUTONAMED = "pulumi.com/autonamed"


class Checker:
    """Check and Diff of every object of one cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._warned = False

    async def check(self, call: Call) -> Checked:
        api_version, kind = kinds.gvk(call.type)
        if kind == f"{call.inputs.get('kind', kind)}Patch":
            raise PluginError(f"{call.type}: the stand-in plugin serves no Patch resources")
        settings = self._cluster.settings
        if reason := await self._cluster.unreachable():
            if settings.skip_update_unreachable:
                return Checked(inputs=call.old_inputs)
            await self._warn_once(reason, call.urn)
        inputs = {**call.inputs}
        inputs.setdefault("apiVersion", api_version)
        inputs.setdefault("kind", kind)
        inputs = shape.fold_string_data(inputs)
        inputs["metadata"] = await self._named(call, inputs)
        if shape.is_definition(inputs) and self._cluster.configured:
            self._cluster.discovery.plan(shape.plain(inputs))
        return Checked(inputs=inputs)

    async def _warn_once(self, reason: str, urn: str) -> None:
        if not self._warned:
            self._warned = True
            message = self._cluster.unreachable_message(reason)
            await self._cluster.session.log(Severity.WARNING, message, urn)

    async def _named(self, call: Call, inputs: wire.Object) -> wire.Value:
        """The metadata with a name and, where the kind has one, a namespace."""
        given = inputs.get("metadata") or {}
        about = given.value if isinstance(given, wire.Secret) else given
        if isinstance(about, wire.Unknown):
            return given
        about = dict(about)
        if not about.get("name"):
            self._autoname(call, about)
        if not about.get("namespace"):
            about.pop("namespace", None)
            scope = await self._cluster.scope(str(inputs["apiVersion"]), str(inputs["kind"]))
            if scope is None and call.old_inputs:
                # The cluster is down: what was found out when the object was made still holds.
                scope = "namespace" in shape.metadata(call.old_inputs)
            if scope is not False:
                about["namespace"] = self._cluster.namespace
        return wire.secret(about) if isinstance(given, wire.Secret) else about

    def _autoname(self, call: Call, about: wire.Object) -> None:
        before = shape.metadata(call.old_inputs)
        name = before.get("name")
        if not name or not shape.annotation(call.old_inputs, _AUTONAMED):
            digest = hashlib.sha256(call.seed + call.urn.encode()).hexdigest()[:8]
            name = f"{call.name}-{digest}".lower()
        about["name"] = name
        about["annotations"] = {**(about.get("annotations") or {}), _AUTONAMED: "true"}

    async def diff(self, call: Call) -> Difference:
        recorded = call.old_inputs or call.old.get("__inputs") or {}
        old, new = shape.plain(recorded), shape.plain(call.inputs)
        api_version, kind = str(new.get("apiVersion", "")), str(new.get("kind", ""))
        if not await self._cluster.namespaced(api_version, kind):
            old, new = shape.without_namespace(old), shape.without_namespace(new)
        found = compare.without(compare.differences(old, new), call.ignore_changes)
        settings = self._cluster.settings
        replacing = kinds.replacing_paths(
            new,
            secret_mutable=settings.secret_mutable,
            configmap_mutable=settings.configmap_mutable,
        )
        changes: dict[str, Change] = {}
        for path, change in found.items():
            replaces = kinds.replaces_pod(new, path) or any(
                compare.covers(each, path) or compare.covers(path, each) for each in replacing
            )
            changes[compare.join(path)] = change.replacing() if replaces else change
        return Difference(
            changes=changes,
            delete_before_replace=any(change.replaces for change in changes.values())
            and self._keeps_name(new, call.old),
        )

    def _keeps_name(self, new: wire.Object, old: wire.Object) -> bool:
        """Whether a replacement would have the name of what it replaces."""
        before, after = shape.metadata(old), shape.metadata(new)
        if shape.annotation(new, _AUTONAMED):
            return False
        same_place = before.get("namespace", "") == after.get("namespace", "")
        return same_place and before.get("name") == after.get("name")
