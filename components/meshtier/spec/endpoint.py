"""The API server's endpoint, and where the nodes' network comes from: the same in every cloud."""

from enum import StrEnum

from pydantic import StrictBool

from .base import Document


class ApiEndpoint(Document):
    """Who reaches the API server from outside the cluster's network."""

    public: StrictBool = True
    """Whether there is a public endpoint. Without one the stack has to run inside the network."""
    ranges: tuple[str, ...] = ()
    """Source ranges let in by the public endpoint; the peers' own are added by the plan."""


class TaintEffect(StrEnum):
    """What a taint does to pods that don't tolerate it."""

    NO_SCHEDULE = "NoSchedule"
    PREFER_NO_SCHEDULE = "PreferNoSchedule"
    NO_EXECUTE = "NoExecute"


class Taint(Document):
    """A taint of every node of a group."""

    key: str
    """Name of the taint."""
    value: str = ""
    """Value of the taint."""
    effect: TaintEffect
    """What it does, in Kubernetes' words."""
