"""The stacks of the repository, registered as they are shipped."""

from collections.abc import Iterator, Mapping
from contextlib import chdir
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import meshtier
from meshtier.plan.environment import plan_environment
from meshtier.plan.model import EnvironmentPlan
from meshtier.plan.stack_file import read_document
from meshtier.spec.load import load

from tests.support.recorder import Recorder, record

FOLDER = Path(__file__).parents[2] / "stacks"
STACKS = sorted(path.name.split(".")[1] for path in FOLDER.glob("Pulumi.*.yaml"))

_KUBECONFIG = """
apiVersion: v1
kind: Config
current-context: main
contexts: [{name: main, context: {cluster: here, user: me}}]
clusters: [{name: here, cluster: {server: "https://stack.example:6443"}}]
users: [{name: me, user: {token: canary}}]
"""


def planned(stack: str) -> EnvironmentPlan:
    """Return the plan of a stack."""
    return plan_environment(load(read_document(FOLDER, stack), name=stack))


@cache
def registered(stack: str) -> Recorder:
    """Return what a stack registers, run in a folder of its own with made-up kubeconfigs."""
    document = read_document(FOLDER, stack)
    with TemporaryDirectory() as folder, chdir(folder):
        for kubeconfig in _kubeconfigs(document):
            path = Path(kubeconfig)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_KUBECONFIG)
        return record(lambda: meshtier.Environment(stack, {"environment": document}))


def _kubeconfigs(block: Any) -> Iterator[str]:
    for key, value in block.items() if isinstance(block, Mapping) else ():
        if key == "kubeconfig":
            yield str(value)
        yield from _kubeconfigs(value)
