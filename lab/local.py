"""The local environment, end to end: clusters, `pulumi up`, proof, and all of it away again.

Each step can be repeated: what is there already is left as it is.
"""

import contextlib
import fcntl
import ipaddress
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from meshtier.plan.environment import plan_environment
from meshtier.plan.model import EnvironmentPlan
from meshtier.spec import load
from meshtier.spec.environment import ClusterSpec, EnvironmentSpec
from meshtier.spec.existing import ExistingCloud
from rich.console import Console

from . import istiod, preflight, proof, running
from .errors import LabError
from .kubectl import Kubectl
from .plugins import install as plugins
from .proof import Proof
from .running import RunningLab
from .spec import ClusterLab, LabSpec, Mode
from .stack import Stack
from .toolchain import Toolchain
from .workspace import DEFAULT_LAB, Workspace

Progress = Callable[[str], None]
_LOCK = ".command"


@dataclass(frozen=True, kw_only=True)
class LocalEnvironment:
    """One stack of this checkout over one lab."""

    toolchain: Toolchain
    lab_name: str = DEFAULT_LAB
    stack_name: str = "local"
    mode: Mode = Mode.NODES

    @cached_property
    def stack(self) -> Stack:
        """The Pulumi stack."""
        workspace = Workspace.of(self.lab_name)
        return Stack(name=self.stack_name, workspace=workspace, toolchain=self.toolchain)

    @cached_property
    def asked(self) -> EnvironmentSpec:
        """The environment as the checked-in document has it; what the lab is derived from."""
        return load(self.stack.asked(), name=self.stack_name)

    @cached_property
    def plan(self) -> EnvironmentPlan:
        """Everything that is to exist over the lab as it is; ask only once the lab runs."""
        return plan_environment(load(self.stack.document(), name=self.stack_name))

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Refuse with LabError to work while another command does; it falls with the process."""
        root = self.stack.workspace.root
        path = root / _LOCK
        while True:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            with path.open("w") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError as taken:
                    raise LabError(
                        f"the lab {self.lab_name} is being changed by another command; "
                        "wait for it or interrupt it"
                    ) from taken
                # `down` deletes the file it holds; then the lock of the new one counts.
                if path.exists() and path.stat().st_ino == os.fstat(lock.fileno()).st_ino:
                    yield
                    return

    def start(self, progress: Progress) -> RunningLab:
        """Start the lab's clusters and lay out what the engine needs; under `alone`."""
        self.stack.end_orphans()
        self.stack.workspace.prepare()
        lab = running.up(self.lab_spec(), self.toolchain.places, progress)
        copy_charts(self.toolchain, self.stack.workspace.charts)
        sources = plugins.install(self.stack.workspace.pulumi_home, self.toolchain.path("pulumi"))
        for source in sources.values():
            progress(str(source))
        self.stack.prepare()
        self.stack.unlock()
        return lab

    def up(self) -> None:
        """Run `pulumi up`, the engine's output shown."""
        self.stack.run("up", "--yes", "--skip-preview")

    def prove(self, lab: RunningLab) -> Proof:
        """Measure the running environment against its plan, as far as the lab's mode lets."""
        if lab.spec.mode is Mode.NODES:
            return proof.prove(self.plan, self.kubectls(lab))
        why = preflight.missing_for_nodes() or "control planes only were asked for"
        return proof.prove_control_planes(self.plan, lab, self.kubectls(lab), why)

    def status(self, console: Console) -> None:
        """Print the table of clusters as they are now, without changing anything."""
        lab = running.attach(self.stack.workspace.root)
        if lab is None:
            raise LabError(f"the lab {self.lab_name} is not there; make local starts it")
        kubectls = self.kubectls(lab)
        members = [cluster.name for cluster in self.asked.members()]
        if lab.spec.mode is Mode.NODES:
            planes = {name: istiod.read(kubectls[name]) for name in members}
        else:
            planes = {name: istiod.read_process(lab.istiod(name)) for name in members}
        gateways = {name: proof.gateway_address(kubectls[name]) for name in members}
        console.print(proof.clusters_table(self.plan, planes, gateways))

    def down(self, progress: Progress) -> None:
        """Destroy the stack while its clusters answer, then stop and remove everything."""
        self.stack.end_orphans()
        if self.stack.exists():
            self._destroy(progress)
        self.discard(progress)

    def discard(self, progress: Progress) -> None:
        """Stop and remove everything, the stack's state as it is."""
        root = self.stack.workspace.root
        self.stack.end_orphans()
        running.down(root, progress)
        shutil.rmtree(root, ignore_errors=True)

    def _destroy(self, progress: Progress) -> None:
        lab = running.attach(self.stack.workspace.root)
        broken = [one.name for one in lab.status() if not one.api_ready] if lab else ["all"]
        if lab is None or broken:
            progress(f"not running: {', '.join(broken)}; the stack's state is removed as it is")
            return
        if lab.spec.mode is Mode.NODES:
            proof.remove(self.plan, self.kubectls(lab))
        else:
            for cluster in self.asked.members():
                lab.istiod(cluster.name).stop()
        self.stack.prepare()
        self.stack.unlock()
        if self.stack.run("destroy", "--yes", "--skip-preview", check=False) != 0:
            progress("destroy did not finish; what is left of the stack goes with the clusters")

    def kubectls(self, lab: RunningLab) -> Mapping[str, Kubectl]:
        """One kubectl per cluster, as the lab's administrator."""
        binary = self.toolchain.path("kubectl")
        return {
            name: Kubectl(binary=binary, kubeconfig=cluster.kubeconfig)
            for name, cluster in lab.clusters.items()
        }

    def lab_spec(self) -> LabSpec:
        """Derive the lab from the environment: members get a node, all get an address."""
        # The lab hands out addresses in order, the document names them: sort, then compare.
        ordered = sorted(self.asked.clusters, key=lambda one: int(_address(one)))
        lab = LabSpec(
            name=self.lab_name,
            directory=self.stack.workspace.root,
            clusters=tuple(_cluster(one, self.mode) for one in ordered),
            mode=self.mode,
        )
        for index, cluster in enumerate(ordered):
            if str(_address(cluster)) != lab.machine(index):
                raise LabError(
                    f"{cluster.path}.cloud.existing.apiServerForPeers: got {_address(cluster)}; "
                    f"allowed {lab.machine(index)}; the lab numbers its clusters without gaps"
                )
        return lab


def copy_charts(toolchain: Toolchain, target: Path) -> None:
    """Lay Istio's charts out as `base`, `istiod`, `gateway` below one folder."""
    if not target.exists():
        draft = target.with_suffix(".draft")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(toolchain.tree("istio-files") / "charts", draft)
        draft.rename(target)


def _cluster(spec: ClusterSpec, mode: Mode) -> ClusterLab:
    pods, services = spec.addresses.pods, spec.addresses.services
    if pods is None or services is None:
        raise LabError(f"{spec.path}.addresses: got none; allowed both ranges; the lab needs them")
    return ClusterLab(
        name=spec.name,
        network=spec.member.network if spec.member else None,
        nodes=spec.member is not None and mode is Mode.NODES,
        pods=ipaddress.IPv4Network(pods),
        services=ipaddress.IPv4Network(services),
    )


def _address(spec: ClusterSpec) -> ipaddress.IPv4Address:
    given = spec.cloud.api_server_for_peers if isinstance(spec.cloud, ExistingCloud) else None
    host = urlsplit(given or "").hostname
    if host is None:
        raise LabError(f"{spec.path}.cloud.existing.apiServerForPeers: got none; the lab needs it")
    return ipaddress.IPv4Address(host)
