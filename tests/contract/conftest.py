"""What the contract tests share: a real API server, the plugins under test, a small program.

Every test runs twice: on the stand-ins, and on the official plugins where they can be had
(MESHTIER_PLUGINS=stand-in or =official narrows it to one).
"""

import json
import os
import textwrap
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from lab import running
from lab.kubectl import Kubectl
from lab.plugins.cloud.store import FOLDER, Cloud
from lab.plugins.install import PluginInstallError, install
from lab.spec import ClusterLab, LabSpec, Mode
from lab.toolchain import Toolchain, ensure
from tests.support.engine import Engine
from tests.support.engine_result import Result

from .cloud_programs import pretend

CLUSTER = "contract"
_BINARIES = ("etcd", "kube-apiserver", "kube-controller-manager", "kubectl")

PRELUDE = """\
import json
import pulumi
import pulumi_kubernetes as k8s
import pulumi_tls as tls

settings = pulumi.Config().require_object("settings")
NS = settings["namespace"]
provider = k8s.Provider(
    "cluster",
    kubeconfig=pulumi.Output.secret(open(settings["kubeconfig"]).read()),
    **settings["provider"],
)
opts = pulumi.ResourceOptions(provider=provider)


def about(name, **more):
    return {"name": name, "namespace": NS, **more}


"""


@pytest.fixture(scope="session")
def toolchain() -> Toolchain:
    return ensure(("engine", "control-plane", "helm"))


@pytest.fixture(scope="session")
def lab(toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One control plane without nodes, on loopback."""
    directory = tmp_path_factory.mktemp("contract-lab")
    spec = LabSpec(
        name=f"contract-{uuid.uuid4().hex[:6]}",
        directory=directory,
        clusters=(ClusterLab(name=CLUSTER),),
        mode=Mode.CONTROL_PLANE,
    )
    tools = {name: toolchain.path(name) for name in _BINARIES}
    try:
        yield running.up(spec, tools, progress=lambda line: None)
    finally:
        running.down(directory, lambda line: None)


@pytest.fixture(scope="session")
def kubeconfig(lab: Any) -> Path:
    return lab.clusters[CLUSTER].kubeconfig


@pytest.fixture(scope="session")
def kubectl(toolchain: Toolchain, kubeconfig: Path) -> Kubectl:
    return Kubectl(binary=toolchain.path("kubectl"), kubeconfig=kubeconfig)


@pytest.fixture
def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """The one that stand-ins of clouds write into, with two API servers."""
    monkeypatch.setenv(FOLDER, str(tmp_path))
    made = Cloud(tmp_path)
    pretend(made, "shop", "pay")
    return made


@pytest.fixture
def namespace(kubectl: Kubectl) -> Iterator[str]:
    """A namespace of the test's own."""
    name = f"contract-{uuid.uuid4().hex[:8]}"
    kubectl.run("create", "namespace", name)
    yield name
    kubectl.run("delete", "namespace", name, "--wait=false")


@pytest.fixture(scope="session", params=["stand-in", "official"])
def plugins(
    request: pytest.FixtureRequest,
    toolchain: Toolchain,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A PULUMI_HOME with the plugins under test."""
    asked = os.environ.get("MESHTIER_PLUGINS", "auto")
    if asked not in ("auto", request.param):
        pytest.skip(f"MESHTIER_PLUGINS={asked}")
    home = tmp_path_factory.mktemp(f"pulumi-home-{request.param}")
    try:
        found = install(home, toolchain, prefer=request.param)
    except PluginInstallError as error:
        if asked == "official":
            raise
        pytest.skip(str(error))
    assert all(one.official == (request.param == "official") for one in found.values())
    return home


@dataclass
class Stack:
    """One stack of a program that a test writes and rewrites."""

    engine: Engine
    program: Path
    namespace: str
    kubeconfig: Path
    provider: dict[str, Any] = field(default_factory=dict)

    def write(self, body: str) -> None:
        """Make `body` the program, behind the prelude."""
        (self.program / "__main__.py").write_text(PRELUDE + textwrap.dedent(body))
        settings = {
            "namespace": self.namespace,
            "kubeconfig": str(self.kubeconfig),
            "provider": self.provider,
        }
        config = {"settings": settings, "pulumi:disable-default-providers": ["*"]}
        if not self.engine.folder.exists():
            self.engine.init(config)
        self.engine.configure(config)

    def up(self, body: str, *, expect_failure: bool = False) -> Result:
        self.write(body)
        done = self.engine.up()
        return done if expect_failure else done.check()

    def preview(self, body: str) -> Result:
        self.write(body)
        return self.engine.preview().check()

    def resource(self, name: str) -> dict[str, Any]:
        """One resource of the state by logical name, secrets encrypted."""
        found = [one for one in self.engine.resources() if one["urn"].endswith(f"::{name}")]
        assert len(found) == 1, f"{name}: {len(found)} resources in the state"
        return found[0]

    def plain_state(self) -> str:
        """The whole state as text, as an unprivileged reader sees it."""
        return json.dumps(self.engine.export())


@pytest.fixture
def make_stack(
    toolchain: Toolchain, kubeconfig: Path, plugins: Path, namespace: str, tmp_path: Path
) -> Iterator[Callable[..., Stack]]:
    """Makes stacks with provider arguments; what they created is destroyed at the end."""
    made: list[Stack] = []

    def make(**provider: Any) -> Stack:
        root = tmp_path / f"stack-{len(made)}"
        program = root / "program"
        program.mkdir(parents=True)
        engine = Engine(program=program, root=root, toolchain=toolchain, home=plugins, timeout=300)
        made.append(
            Stack(
                engine=engine,
                program=program,
                namespace=namespace,
                kubeconfig=kubeconfig,
                provider=provider,
            )
        )
        return made[-1]

    yield make
    for stack in made:
        if stack.engine.folder.exists():
            stack.kubeconfig = kubeconfig
            stack.engine.destroy()


@pytest.fixture
def stack(make_stack: Callable[..., Stack]) -> Stack:
    """A stack whose provider has an identity, as in real programs."""
    return make_stack(cluster_identifier="contract/one")
