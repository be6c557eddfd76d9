"""A small well-formed document, and ways to spoil it."""

from collections.abc import Mapping
from typing import Any

from meshtier.errors import SpecError
from meshtier.spec import EnvironmentSpec, load

from tests.support.changing import MISSING, with_values

__all__ = ["MISSING", "changed", "cluster", "document", "errors", "loaded", "warnings"]


def cluster(name: str, number: int, **more: Any) -> dict[str, Any]:
    """Return a cluster block with a kubeconfig, an API address and ranges of its own."""
    return {
        "cloud": {
            "existing": {
                "kubeconfig": f"{name}.yaml",
                "apiServerForPeers": f"https://{name}.example:6443",
            }
        },
        "addresses": {"pods": f"10.{number}.0.0/24", "services": f"10.{number}.1.0/24"},
        **more,
    }


def document() -> dict[str, Any]:
    """Return hq; eu with shop and pay on network eu; us with web on network us."""
    return {
        "mesh": {"id": "acme", "istio": {"version": "1.31.1"}},
        "master": {"name": "hq", **cluster("hq", 1)},
        "seeds": {
            "eu": cluster(
                "eu",
                2,
                defaults={"mesh": {"network": "eu"}},
                userClusters={"shop": cluster("shop", 3), "pay": cluster("pay", 4)},
            ),
            "us": cluster(
                "us",
                5,
                defaults={"mesh": {"network": "us"}},
                userClusters={"web": cluster("web", 6)},
            ),
        },
    }


def changed(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with values set by path: `{"seeds/eu/labels": {…}}`; "" is the top."""
    return with_values(document(), changes)


def loaded(changes: Mapping[str, Any], name: str = "test") -> EnvironmentSpec:
    """Return the environment of the changed document."""
    return load(changed(changes), name=name)


def errors(changes: Mapping[str, Any], name: str = "test") -> list[str]:
    """Return the lines a user reads; empty when the document is taken."""
    try:
        loaded(changes, name)
    except SpecError as error:
        return str(error).splitlines()
    return []


def warnings(changes: Mapping[str, Any]) -> list[str]:
    """Return the warnings of a document that is taken."""
    return [str(warning) for warning in loaded(changes).warnings]
