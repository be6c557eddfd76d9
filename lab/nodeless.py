"""An environment document over API servers without nodes: what a lab on loopback makes of it."""

import copy
from collections.abc import Mapping
from typing import Any


def document(asked: Mapping[str, Any], peers: Mapping[str, str]) -> dict[str, Any]:
    """Return the document for a lab whose API servers are `peers`, cluster name -> URL.

    Peers are then on loopback, and nothing waits for pods that no node would run.
    """
    changed = copy.deepcopy(dict(asked))
    for name, block in _clusters(changed).items():
        block["cloud"]["existing"]["apiServerForPeers"] = peers[name]
    if "mesh" in changed:
        changed["mesh"]["allowLoopbackPeers"] = True
        defaults = changed["master"].setdefault("defaults", {})
        defaults.setdefault("mesh", {})["wait"] = False
    return changed


def _clusters(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Each cluster's own block, by name."""
    found = {document["master"]["name"]: document["master"]}
    for seed, block in document.get("seeds", {}).items():
        found |= {seed: block, **block.get("userClusters", {})}
    return found
