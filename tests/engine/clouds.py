"""Environments on clouds that are folders, over the API servers of the lab."""

import copy
import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from meshtier.recover.clouds import imports

from lab.plugins.cloud import login
from lab.plugins.cloud.store import FOLDER, Cloud
from lab.running import RunningLab
from lab.toolchain import CHECKOUT, Toolchain
from tests.support.engine import Engine
from tests.support.engine_result import Result

from .documents import Document, clusters_of
from .stage import cluster_of

CONTROLLER = "aws-load-balancer-controller"
_CHART = {
    "Chart.yaml": f"{{apiVersion: v2, name: {CONTROLLER}, version: 3.5.0}}",
    "values.yaml": "{clusterName: none}",
    "templates/settings.yaml": """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  cluster: {{ .Values.clusterName }}
  vpc: {{ .Values.vpcId }}
""",
}
"""Stands for the controller: no node would run it, and nobody here makes load balancers."""


@dataclass(kw_only=True)
class CloudStage:
    """One shipped environment on stand-in clouds; its clusters are those of the lab."""

    environment: str
    """Name of the stack file."""
    lab: RunningLab
    toolchain: Toolchain
    home: Path
    """PULUMI_HOME with the plugins."""
    charts: Path
    """Istio's charts."""
    folder: Path
    """For everything else; empty."""
    cloud: Cloud = field(init=False)
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        self.cloud = Cloud(self.folder / "cloud")
        self.cloud.serve({self.physical(name): self.kubeconfig(name) for name in self.clusters})
        commands, controller = self.folder / "bin", self.folder / "charts" / CONTROLLER
        login.install(commands)
        for name, text in _CHART.items():
            (controller / name).parent.mkdir(parents=True, exist_ok=True)
            (controller / name).write_text(text)
        self.engine = Engine(
            program=CHECKOUT,
            root=self.folder,
            toolchain=self.toolchain,
            stack=self.environment,
            home=self.home,
            timeout=400,
        )
        path = f"{commands}:{self.engine.environment['PATH']}"
        self.engine.env = {FOLDER: str(self.cloud.folder), "PATH": path}
        self.engine.init()
        self.change(self.document)

    @property
    def document(self) -> Document:
        """The checked-in document, over API servers on loopback that have no nodes."""
        document = copy.deepcopy(self._shipped["meshtier:environment"])
        document["mesh"]["istio"]["charts"] = str(self.charts)
        document["mesh"]["allowLoopbackPeers"] = True
        defaults = document["master"].setdefault("defaults", {})
        # There are no nodes, so neither istiod's pods nor the gateway's ever run.
        defaults["mesh"] = {"wait": False}
        # As the README wants it where runs may be killed.
        defaults["existingObjects"] = document["master"]["existingObjects"] = "adopt"
        if "aws" in defaults["cloud"]:
            charts = str(self.folder / "charts")
            defaults["cloud"]["aws"]["loadBalancerController"] = {"charts": charts}
        return document

    @property
    def clusters(self) -> tuple[str, ...]:
        """Names in the document."""
        return tuple(clusters_of(self._shipped["meshtier:environment"]))

    @property
    def _shipped(self) -> Mapping[str, Any]:
        path = CHECKOUT / "stacks" / f"Pulumi.{self.environment}.yaml"
        return yaml.safe_load(path.read_text())["config"]

    def change(self, document: Document) -> None:
        """Give the stack another document."""
        self.engine.configure({**self._shipped, "meshtier:environment": document})

    def import_pending(self) -> set[str]:
        """Take over what a killed run was making and the cloud has; returns logical names.

        By the commands that `meshtier.recover` names.
        """
        found: set[str] = set()
        state = self.engine.run("stack", "export", "--stack", self.environment).check()
        for command in imports(json.loads(state.stdout), self.environment):
            _, verb, type, name, _, *options = shlex.split(command)
            for made in (one for one in self.cloud.all(type) if one.name == name):
                yes = ("--yes", "--skip-preview")
                self.engine.run(verb, type, name, made.id, *options, *yes).check()
                found.add(name)
        return found

    def physical(self, cluster: str) -> str:
        """What a cloud calls a cluster."""
        return f"{self.environment}-{cluster}"

    def kubeconfig(self, cluster: str) -> Path:
        """The administrator's access to the API server behind a cluster."""
        return self.lab.clusters[cluster].kubeconfig


def owners(done: Result, environment: str) -> set[str]:
    """In what a run begins to create something: clusters by name, clouds, the lot's own keys."""
    found: set[str] = set()
    for event in done.events:
        facts = event.get("resourcePreEvent", {}).get("metadata", {})
        if facts.get("op") == "create" and facts.get("provider"):
            cloud = facts["provider"].split("::")[-3].rpartition(":")[2]
            found.add(cluster_of(facts, environment) if cloud == "kubernetes" else cloud)
    return found


def changed(done: Result) -> set[str]:
    """Every step on a resource, as `operation name`; components only hold others' inputs."""
    steps = (one for one in done.operations if not one.type.startswith("meshtier:"))
    return {f"{one.op} {one.name}" for one in steps if one.op != "same"}


_GOING = ("delete", "delete-replaced")


def gone(done: Result) -> list[str]:
    """Logical names of what a run deleted, in order."""
    facts = (event.get("resOutputsEvent", {}).get("metadata", {}) for event in done.events)
    return [one["urn"].rpartition("::")[2] for one in facts if one.get("op") in _GOING]


def deletion_orders(
    environment: str, cluster: str, provider: str, *, member: bool
) -> list[list[str]]:
    """Logical names of a cluster's parts, each list in the one order that a cloud lets go in.

    Load balancers that a controller made go with their Service and only while the controller is
    there; all that is inside needs nodes, and nodes and control plane stand in the network.
    """
    own, inside = f"{environment}-{cluster}", f"{environment}-mesh-{cluster}"
    ground = [f"{own}-nodes.general", f"{own}-control-plane", f"{own}-control-plane-role"]
    if provider == "gcp":
        pool = "node-pool.system" if cluster == "hq" else "node-pool.general"
        ground = [f"{own}-{part}" for part in (pool, "control-plane", "nat", "node-subnet")]
    if not member:
        return [[f"{own}-records-namespace", *ground]]
    controller = [] if provider == "gcp" else [f"{own}-load-balancer-controller"]
    service = f"{inside}-east-west-service"
    return [[service, *controller, *ground], [service, f"{inside}-istio-namespace", *ground]]
