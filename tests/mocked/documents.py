"""Environments small enough to see at a glance, with a kubeconfig file per cluster."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import meshtier

from tests.support.recorder import Recorder, record

CLUSTERS = ("hq", "eu", "eu-a", "us-b")

_KUBECONFIG = """
apiVersion: v1
kind: Config
current-context: main
contexts: [{{name: main, context: {{cluster: here, user: me}}}}]
clusters: [{{name: here, cluster: {{server: "https://{name}.stack.example:6443"}}}}]
users: [{{name: me, user: {{token: canary-{name}}}}}]
"""


def kubeconfig(name: str) -> str:
    """Return a kubeconfig whose token is a canary."""
    return _KUBECONFIG.format(name=name)


def write_kubeconfigs(folder: Path) -> None:
    """Write one kubeconfig per cluster of `document`."""
    for name in CLUSTERS:
        (folder / f"{name}.yaml").write_text(kubeconfig(name))


def cloud(name: str) -> dict[str, Any]:
    """Return the cloud block of a given cluster."""
    peers = f"https://{name}.example:6443"
    return {"existing": {"kubeconfig": f"{name}.yaml", "apiServerForPeers": peers}}


def document(mesh: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a master, a seed, and two members on two networks."""
    return {
        "mesh": {"id": "acme", "istio": {"version": "1.31.1"}, **(mesh or {})},
        "master": {"name": "hq", "cloud": cloud("hq")},
        "seeds": {
            "eu": {
                "cloud": cloud("eu"),
                "userClusters": {
                    "eu-a": {"cloud": cloud("eu-a"), "mesh": {"network": "a"}},
                    "us-b": {"cloud": cloud("us-b"), "mesh": {"network": "b"}},
                },
            }
        },
    }


def environment(args: meshtier.EnvironmentArgs) -> tuple[Recorder, dict[str, Any]]:
    """Register an environment called `prod`; return what was registered, and its outputs."""
    outputs: dict[str, Any] = {}

    def program() -> None:
        made = meshtier.Environment("prod", args)
        _watch(made, meshtier.Environment, outputs)

    return record(program), outputs


def mesh(args: meshtier.MeshArgs) -> tuple[Recorder, dict[str, Any]]:
    """Register a mesh called `link`; return what was registered, and its outputs."""
    outputs: dict[str, Any] = {}

    def program() -> None:
        _watch(meshtier.Mesh("link", args), meshtier.Mesh, outputs)

    return record(program), outputs


def _watch(made: object, component: type, outputs: dict[str, Any]) -> None:
    for name in component.__annotations__:
        getattr(made, name).apply(lambda value, name=name: outputs.__setitem__(name, value))
