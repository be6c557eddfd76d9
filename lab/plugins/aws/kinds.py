"""Every resource type of the stand-in: those that meshtier makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lab.plugins.cloud.model import Kind

from . import cluster, identity, network

_GLOBAL: Final = "aws:iam/"

KINDS: Final[Mapping[str, Kind]] = {
    type: kind if type.startswith(_GLOBAL) else kind.with_region()
    for type, kind in {**network.KINDS, **identity.KINDS, **cluster.KINDS}.items()
}
