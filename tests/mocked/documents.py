"""Environments small enough to see at a glance, with a kubeconfig file per cluster."""

from collections.abc import Mapping
from contextlib import chdir
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
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


_ADDONS = ("vpc-cni", "kube-proxy", "coredns", "aws-ebs-csi-driver", "eks-pod-identity-agent")
SETTINGS: dict[str, dict[str, Any]] = {
    "aws": {
        "account": "111122223333",
        "assumeRole": "arn:aws:iam::111122223333:role/meshtier",
        "region": "eu-central-1",
        "endpoint": {"ranges": ["192.0.2.0/24"]},
        "addons": {name: {"version": "v1.0.0-eksbuild.1"} for name in _ADDONS},
        "nodes": {"general": {}},
    },
    "gcp": {
        "project": "acme-prod",
        "region": "europe-west3",
        "endpoint": {"ranges": ["192.0.2.0/24"]},
        "nodes": {"general": {}},
    },
}
"""What every cluster of a cloud is made with."""


def on(*providers: str) -> dict[str, Any]:
    """Return `document`, its clusters on the given providers in turn, all of it protected."""
    chosen = {name: providers[at % len(providers)] for at, name in enumerate(CLUSTERS)}

    def block(name: str) -> dict[str, Any]:
        provider, at = chosen[name], CLUSTERS.index(name)
        made = provider != "existing"
        # On AWS pods take addresses of the nodes' range.
        pods = {} if provider == "aws" else {"pods": f"10.{50 + at}.0.0/16"}
        egress = {} if made else {"egress": [f"198.51.100.{at}/32"]}
        return {
            "cloud": {provider: SETTINGS[provider]} if made else cloud(name),
            "addresses": {
                **pods,
                **egress,
                "nodes": f"10.{at}.0.0/16",
                "services": f"10.{100 + at}.0.0/20",
            },
        }

    asked = document()
    asked["guards"] = {"protect": True}
    asked["master"] |= block("hq")
    seed = asked["seeds"]["eu"]
    seed |= block("eu")
    for name, user in seed["userClusters"].items():
        user |= block(name)
    return asked


def environment(args: meshtier.EnvironmentArgs) -> tuple[Recorder, dict[str, Any]]:
    """Register an environment called `prod`; return what was registered, and its outputs."""
    outputs: dict[str, Any] = {}

    def program() -> None:
        made = meshtier.Environment("prod", args)
        _watch(made, meshtier.Environment, outputs)

    return record(program), outputs


@cache
def made(*providers: str) -> tuple[Recorder, dict[str, Any]]:
    """Register the environment on the given providers; once, for it takes seconds.

    In a folder of its own, wherever the test is that asks first: paths are relative to it.
    """
    with TemporaryDirectory() as folder, chdir(folder):
        write_kubeconfigs(Path(folder))
        return environment({"environment": on(*providers)})


def mesh(args: meshtier.MeshArgs) -> tuple[Recorder, dict[str, Any]]:
    """Register a mesh called `link`; return what was registered, and its outputs."""
    outputs: dict[str, Any] = {}

    def program() -> None:
        _watch(meshtier.Mesh("link", args), meshtier.Mesh, outputs)

    return record(program), outputs


def _watch(made: object, component: type, outputs: dict[str, Any]) -> None:
    for name in component.__annotations__:
        getattr(made, name).apply(lambda value, name=name: outputs.__setitem__(name, value))
