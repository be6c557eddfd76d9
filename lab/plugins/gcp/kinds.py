"""Every resource type of the stand-in: those that meshtier makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lab.plugins.cloud.model import Kind

from . import cluster, network, project

KINDS: Final[Mapping[str, Kind]] = {**project.KINDS, **network.KINDS, **cluster.KINDS}
