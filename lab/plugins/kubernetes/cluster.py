"""One configured cluster: its settings, its API server, and whether that answers."""

from __future__ import annotations

import asyncio

from ..contract import PluginError, Session
from . import kinds, kubeconfig
from .client import ApiError, Client, Unreachable
from .discovery import Discovery, NoMatch
from .settings import Settings

_UNREADABLE = "unable to load schema information from the API server"


class Cluster:
    """What all handlers of one provider process share."""

    def __init__(self, session: Session, settings: Settings) -> None:
        self.session = session
        self.settings = settings
        self._client: Client | None = None
        self._discovery: Discovery | None = None
        self._reason = ""
        try:
            access = kubeconfig.parse(
                settings.kubeconfig, context=settings.context, cluster=settings.cluster
            )
        except kubeconfig.KubeconfigError as error:
            self._reason = f"failed to parse kubeconfig data: {error}"
            self.namespace = settings.namespace or "default"
        else:
            self.namespace = settings.namespace or access.namespace or "default"
            self._client = Client(access)
            self._discovery = Discovery(self._client)
        self._probe: asyncio.Task[str] | None = None

    @property
    def configured(self) -> bool:
        """Whether there is an API server to ask at all."""
        return self._client is not None

    @property
    def client(self) -> Client:
        """The API server; only after `unreachable` said it answers."""
        if self._client is None:
            raise PluginError(self.unreachable_message(self._reason))
        return self._client

    @property
    def discovery(self) -> Discovery:
        """The kinds of the API server; as `client`."""
        if self._discovery is None:
            raise PluginError(self.unreachable_message(self._reason))
        return self._discovery

    def start(self) -> None:
        """Begin to find out whether the API server answers."""
        if self._probe is None:
            self._probe = asyncio.create_task(self._ask())

    async def _ask(self) -> str:
        if self._client is None or self._discovery is None:
            return self._reason
        try:
            # The core kinds are needed anyway, and unlike /version need a working login.
            await self._discovery.resource("v1", "ConfigMap")
        except (Unreachable, ApiError, NoMatch, kubeconfig.KubeconfigError) as error:
            where = (
                f' (server "{self._client.access.server}")' if isinstance(error, ApiError) else ""
            )
            return f"{_UNREADABLE}: {error}{where}"
        return ""

    async def unreachable(self) -> str:
        """Why the API server can't be used, empty when it can; asked once per process."""
        self.start()
        assert self._probe is not None
        return await self._probe

    def unreachable_message(self, reason: str) -> str:
        """The sentence for the user about an API server that can't be used."""
        identifier = self.settings.cluster_identifier
        which = f" [cluster {identifier}]" if identifier else ""
        return f"configured Kubernetes cluster is unreachable: {reason}{which}"

    async def namespaced(self, api_version: str, kind: str) -> bool:
        """Whether a kind lives in namespaces; one that nobody knows is taken to."""
        return await self.scope(api_version, kind) is not False

    async def scope(self, api_version: str, kind: str) -> bool | None:
        """Whether a kind lives in namespaces; None when that can't be found out now."""
        known = kinds.namespaced(api_version, kind)
        if known is not None or self._discovery is None:
            return known
        planned = self._discovery.planned(api_version, kind)
        if planned is not None:
            return planned.namespaced
        if await self.unreachable():
            return None
        try:
            return (await self._discovery.resource(api_version, kind)).namespaced
        except (NoMatch, ApiError, Unreachable):
            return None
