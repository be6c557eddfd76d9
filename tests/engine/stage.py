"""The clusters, and the one stack that may be over them: what each test begins from.

Cluster-wide names are fixed, so two stacks can't share a cluster. A test either works on the
stack that stands, or asks for empty clusters; what it changes, the next one puts back.
"""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from lab.running import RunningLab
from lab.toolchain import CHECKOUT, Toolchain
from tests.support.engine import Engine
from tests.support.engine_result import Result

from .documents import ENVIRONMENT, Document, config, local_document
from .reach import Object, Reach, name_of

OURS = f"meshtier.io/environment={ENVIRONMENT}"
"""Selects every object with our labels."""
NAMESPACES = ("istio-system", "meshtier")
"""Namespaces that we make."""
ISTIOD_OWN = ("istio-ca-root-cert", "istio-ca-crl")
"""ConfigMaps that a running istiod puts into every namespace; those that aren't ours keep them."""
LEADER = "control-plane.alpha.kubernetes.io/leader"
"""Annotation of the ConfigMaps by which istiods agree who of them does what."""
FURNITURE = {"ConfigMap": "kube-root-ca.crt", "ServiceAccount": "default"}
"""What Kubernetes puts into every namespace, by kind."""
STEADY = "istiod-default-validator"
"""What keeps the labels it came with: an upgrade of chart `base` closes it, istiod there or not."""
# What Kubernetes derives from definitions goes a moment after them.
_PATIENCE = 120


@dataclass(kw_only=True)
class Stage:
    """Clusters of a lab with at most one stack over them."""

    lab: RunningLab
    toolchain: Toolchain
    home: Path
    """PULUMI_HOME with the plugins."""
    charts: Path
    folder: Path
    """Where stacks keep their state, one folder each."""
    engine: Engine | None = field(default=None, init=False)
    """The stack that is over the clusters now."""
    first_up: Result | None = field(default=None, init=False)
    """The run that brought up the stack that stands; None for any other stack."""
    given: Document = field(default_factory=dict, init=False)
    """The document that the stack has now."""

    def __post_init__(self) -> None:
        self._numbers = count(1)
        # Young clusters' namespaces may get theirs only after this look.
        self.pristine = {name: found | _furniture(found) for name, found in self.names().items()}
        """What the clusters held before any stack."""

    @property
    def document(self) -> Document:
        """The local environment over the lab as it is now."""
        return local_document(self.lab, self.charts)

    def stand(self) -> Engine:
        """The stack of the local environment, converged; brought up where it isn't."""
        if self.engine is None or self.first_up is None:
            engine = self.empty()
            self.first_up = engine.up().check()
            return engine
        if self.given != self.document:
            self.change(self.document)
            self.engine.up().check()
        return self.engine

    def empty(self) -> Engine:
        """A new stack of the local environment over empty clusters, nothing registered yet."""
        if self.engine is not None:
            self.destroy().check()
        root = self.folder / f"stack-{next(self._numbers)}"
        root.mkdir()
        self.engine = Engine(
            program=CHECKOUT,
            root=root,
            toolchain=self.toolchain,
            stack=ENVIRONMENT,
            home=self.home,
            timeout=300,
        )
        self.engine.init()
        self.change(self.document)
        return self.engine

    def change(self, document: Document) -> None:
        """Give the stack another document."""
        assert self.engine is not None
        self.given = document
        self.engine.configure(config(document))

    def destroy(self) -> Result:
        """Destroy the stack that is over the clusters."""
        assert self.engine is not None
        for name in self.lab.clusters:
            self.lab.istiod(name).stop()
        done = self.engine.destroy()
        if done.returncode == 0:
            self.engine, self.first_up = None, None
        return done

    def reach(self, cluster: str) -> Reach:
        """A cluster as its administrator."""
        return Reach(self.lab.clusters[cluster].kubeconfig.read_text())

    def objects(self, selector: str = "") -> Mapping[str, list[Object]]:
        """Every object of every kind, by cluster."""
        names = list(self.lab.clusters)
        with ThreadPoolExecutor(max_workers=2) as pool:
            found = pool.map(lambda name: list(self.reach(name).objects(selector)), names)
            return dict(zip(names, found, strict=True))

    def names(self, selector: str = "") -> Mapping[str, set[str]]:
        """The same as `Kind namespace/name`."""
        return {
            cluster: {name_of(one) for one in found}
            for cluster, found in self.objects(selector).items()
        }

    def remains(self) -> Mapping[str, set[str]]:
        """What the clusters hold beside what they held before any stack, once that is settled."""
        deadline = time.monotonic() + _PATIENCE
        while (found := self._added()) and time.monotonic() < deadline:
            time.sleep(0.5)
        return found

    def _added(self) -> Mapping[str, set[str]]:
        added = {name: found - self.pristine[name] for name, found in self.names().items()}
        istiods = tuple(f"/{name}" for name in ISTIOD_OWN)
        own = {
            cluster: {one for one in found if not one.endswith(istiods)}
            for cluster, found in added.items()
        }
        return {cluster: found for cluster, found in own.items() if found}


def is_derived(one: Object) -> bool:
    """Whether Kubernetes or an istiod made the object, for another one or for a namespace."""
    about = one["metadata"]
    if "ownerReferences" in about or one["kind"] in ("APIService", "IPAddress"):
        return True
    if about["name"] in ISTIOD_OWN or LEADER in (about.get("annotations") or {}):
        return True
    return about.get("namespace") in NAMESPACES and about["name"] == FURNITURE.get(one["kind"])


def cluster_of(resource: Mapping[str, Any], environment: str = ENVIRONMENT) -> str:
    """The cluster behind a resource's provider."""
    provider = resource["provider"].split("::")[-2]
    return provider.removeprefix(f"{environment}-").removesuffix("-provider")


def _furniture(names: set[str]) -> set[str]:
    spaces = [one.rpartition("/")[2] for one in names if one.startswith("Namespace ")]
    return {f"{kind} {space}/{name}" for space in spaces for kind, name in FURNITURE.items()}
