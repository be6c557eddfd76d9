"""Which address of an API server serves a kind, and whether the kind lives in namespaces."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from .. import wire
from .client import ApiError, Client


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind that a server serves (or will, once its definition is created)."""

    api_version: str
    kind: str
    plural: str
    namespaced: bool

    def path(self, namespace: str, name: str = "") -> str:
        """The address of an object or, without a name, of the collection."""
        root = (
            f"/apis/{self.api_version}" if "/" in self.api_version else f"/api/{self.api_version}"
        )
        scope = f"/namespaces/{namespace}" if self.namespaced and namespace else ""
        return f"{root}{scope}/{self.plural}" + (f"/{name}" if name else "")

    @property
    def qualified(self) -> str:
        """The name the server uses in messages: `configmaps`, `deployments.apps`."""
        group = self.api_version.partition("/")[0] if "/" in self.api_version else ""
        return f"{self.plural}.{group}" if group else self.plural


class NoMatch(Exception):
    """The server doesn't know the kind; usually its definition isn't there yet."""

    def __init__(self, api_version: str, kind: str) -> None:
        super().__init__(f'no matches for kind "{kind}" in version "{api_version}"')


class Discovery:
    """The kinds of one server, asked for per group version and remembered."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: dict[str, dict[str, Resource]] = {}
        self._planned: dict[tuple[str, str], Resource] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def resource(self, api_version: str, kind: str) -> Resource:
        """Find a kind; a kind that isn't remembered is asked for again.

        Raises `NoMatch`, and what the client raises.
        """
        found = self._known.get(api_version, {}).get(kind)
        if found is not None:
            return found
        async with self._asking.setdefault(api_version, asyncio.Lock()):
            found = self._known.get(api_version, {}).get(kind)
            if found is None:
                self._known[api_version] = await self._ask(api_version)
                found = self._known[api_version].get(kind)
        if found is None:
            raise NoMatch(api_version, kind)
        return found

    async def _ask(self, api_version: str) -> dict[str, Resource]:
        root = "/apis/" if "/" in api_version else "/api/"
        try:
            answer = await self._client.get(root + api_version)
        except ApiError as error:
            if error.code == 404:
                return {}
            raise
        return {
            entry["kind"]: Resource(api_version, entry["kind"], entry["name"], entry["namespaced"])
            for entry in answer.get("resources") or []
            if "/" not in entry["name"]
        }

    def forget(self) -> None:
        """Ask again from now on: a definition was created, changed or deleted."""
        self._known.clear()

    def plan(self, definition: wire.Object) -> None:
        """Remember the kinds that a CustomResourceDefinition of this update will bring."""
        spec = definition.get("spec")
        if not isinstance(spec, dict):
            return
        names, versions = spec.get("names"), spec.get("versions")
        if not isinstance(names, dict) or not isinstance(versions, list):
            return
        for version in versions:
            api_version = f"{spec.get('group')}/{version.get('name')}"
            kind, plural = str(names.get("kind")), str(names.get("plural"))
            namespaced = spec.get("scope") != "Cluster"
            self._planned[(api_version, kind)] = Resource(api_version, kind, plural, namespaced)

    def planned(self, api_version: str, kind: str) -> Resource | None:
        """A kind that only a definition of this update brings."""
        return self._planned.get((api_version, kind))
