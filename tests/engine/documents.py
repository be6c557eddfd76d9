"""The local environment over other clusters: its document, with what the tests change in it."""

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from lab.running import RunningLab
from lab.toolchain import CHECKOUT

Document = dict[str, Any]

STACK_FILE = CHECKOUT / "stacks" / "Pulumi.local.yaml"
ENVIRONMENT = "local"
"""Name of the stack, hence of the environment and in front of every logical name."""
MASTER = "hq"
SEEDS = ("eu", "us")
MEMBERS = ("eu-shop", "eu-pay", "us-shop")
NEWCOMER = "us-pay"
"""A user cluster that the document doesn't have; see `with_newcomer`."""
CLUSTERS = (MASTER, *SEEDS, *MEMBERS)


def local_document(lab: RunningLab, charts: Path) -> Document:
    """The checked-in document, over API servers on loopback that have no nodes."""
    document = yaml.safe_load(STACK_FILE.read_text())["config"]["meshtier:environment"]
    document["mesh"]["istio"]["charts"] = str(charts)
    document["mesh"]["allowLoopbackPeers"] = True
    # There are no nodes, so neither istiod's pods nor the gateway's ever run.
    document["master"]["defaults"]["mesh"]["wait"] = False
    for name, block in clusters_of(document).items():
        block["cloud"] = _cloud(lab, name)
    return document


def clusters_of(document: Document) -> dict[str, Document]:
    """Each cluster's own block, by name."""
    found = {document["master"]["name"]: document["master"]}
    for seed, block in document["seeds"].items():
        found |= {seed: block, **block["userClusters"]}
    return found


def with_newcomer(document: Document, lab: RunningLab) -> Document:
    """The document with a fourth member, on a network that has one already."""
    larger = copy.deepcopy(document)
    larger["seeds"]["us"]["userClusters"][NEWCOMER] = {
        "cloud": _cloud(lab, NEWCOMER),
        "addresses": {"pods": "10.33.1.0/24", "services": "10.37.1.0/24"},
    }
    return larger


def refusing(document: Document) -> Document:
    """The document without a word on objects that exist, which refuses them."""
    changed = copy.deepcopy(document)
    for block in (changed["master"], changed["master"]["defaults"]):
        del block["existingObjects"]
    return changed


def with_label(document: Document, key: str, value: str) -> Document:
    """The document with one more label on every object of every user cluster."""
    labelled = copy.deepcopy(document)
    labelled["master"]["defaults"]["labels"] = {key: value}
    return labelled


def config(document: Document) -> Mapping[str, Any]:
    """The whole configuration of a stack: the document, and the checked-in file's settings."""
    settings = yaml.safe_load(STACK_FILE.read_text())["config"]
    return {**settings, "meshtier:environment": document}


def _cloud(lab: RunningLab, name: str) -> Document:
    cluster = lab.clusters[name]
    return {
        "existing": {
            "kubeconfig": str(cluster.kubeconfig),
            "apiServerForPeers": cluster.peer_url,
        }
    }
