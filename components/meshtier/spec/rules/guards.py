"""Rules about what may not be replaced or deleted by accident."""

from collections.abc import Iterable

from ...errors import Problem
from ..show import show
from .subject import Subject

TRUST = "trust"


def allowed_names(subject: Subject) -> Iterable[Problem]:
    """A name that nothing has allows nothing: a typing error, or left from a removed cluster."""
    known = {cluster.name for cluster in subject.environment.clusters} | {TRUST}
    for index, name in enumerate(subject.document.guards.allow):
        if name not in known:
            yield Problem(
                path=f"guards.allow[{index}]",
                got=show(name),
                allowed=f"the name of a cluster, or {TRUST}",
                fix="remove it once the cluster is gone",
            )
