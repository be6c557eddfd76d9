"""The kubernetes provider itself: its configuration and which handler serves which type."""

from __future__ import annotations

from .. import wire
from ..compare import differences
from ..contract import (
    Call,
    Change,
    Checked,
    Constructor,
    Difference,
    Handler,
    PluginError,
    Session,
)
from ..serve import Plugin
from . import kinds, kubeconfig
from .cluster import Cluster
from .objects import ObjectHandler
from .settings import settings

_RELEASE = "kubernetes:helm.sh/v3:Release"
_CHART = "kubernetes:helm.sh/v4:Chart"
_PLACE = ("kubeconfig", "context", "cluster")
_IDENTIFIER = "clusterIdentifier"


class KubernetesPlugin(Plugin):
    """Serves one `kubernetes.Provider`."""

    version = "4.34.2"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._cluster: Cluster | None = None
        self._handlers: dict[str, Handler] = {}

    @property
    def cluster(self) -> Cluster:
        if self._cluster is None:
            raise PluginError("the provider has not been configured")
        return self._cluster

    def handler(self, type: str) -> Handler:
        if type not in self._handlers:
            self._handlers[type] = self._make(type)
        return self._handlers[type]

    def _make(self, type: str) -> Handler:
        if type == _RELEASE:
            from .helm_release import ReleaseHandler  # costs time only where it is used

            return ReleaseHandler(self.cluster)
        kinds.gvk(type)
        return self._handlers.setdefault("", ObjectHandler(self.cluster))

    def constructor(self, type: str) -> Constructor:
        if type != _CHART:
            raise PluginError(f"{type}: the stand-in plugin has no such component")
        from .charts import ChartConstructor  # costs time only where it is used

        return ChartConstructor(self.cluster)

    async def configure(self, inputs: wire.Object) -> None:
        self._cluster = Cluster(self.session, settings(inputs))
        self._cluster.start()

    async def check_config(self, call: Call) -> Checked:
        return Checked(inputs=call.inputs)

    async def diff_config(self, call: Call) -> Difference:
        old = call.old or call.old_inputs
        changed = {str(path[0]) for path in differences(old, call.inputs)}
        replacing = set[str]()
        if _IDENTIFIER in old and _IDENTIFIER in call.inputs:
            # A declared identity decides alone, whatever else changes.
            replacing = {_IDENTIFIER} & changed
        elif _is_other_cluster(old, call.inputs):
            replacing = set(_PLACE) & changed
        return Difference(
            changes={
                key: Change.UPDATE_REPLACE if key in replacing else Change.UPDATE for key in changed
            }
        )


def _is_other_cluster(old: wire.Object, new: wire.Object) -> bool:
    """Whether a configuration points to another cluster, as far as a kubeconfig can tell."""
    if any(wire.has_unknown(new.get(key)) for key in _PLACE):
        return True
    before, after = (
        kubeconfig.identity(config.kubeconfig, context=config.context, cluster=config.cluster)
        for config in (settings(old), settings(new))
    )
    return before is not None and after is not None and before != after
