"""A gateway with fixed addresses: every istiod is told them, nothing is read from its Service."""

from collections.abc import Iterator

import pytest
import yaml
from meshtier.plan.istio import CROSS_NETWORK_PORT, GATEWAY_RELEASE, NAMESPACE
from meshtier.plan.manifests import NETWORK_LABEL

from lab import matrix, proof
from lab.stack import DOCUMENT

from .stage import Stage

pytestmark = [pytest.mark.mesh, pytest.mark.timeout(600)]
FAR = "us-shop"
NEAR = "eu-shop"


@pytest.fixture(scope="module")
def address(stage: Stage) -> Iterator[str]:
    """The address of the far gateway, written into the document and applied; then taken out."""
    assert stage.proof is not None, "the workloads are there"
    stack = stage.environment.stack
    found = proof.gateway_address(stage.kubectls[FAR])
    assert found
    copy = stack.workspace.stack_file(stack.name)
    settings = yaml.safe_load(copy.read_text())
    cluster = settings["config"][DOCUMENT]["seeds"]["us"]["userClusters"][FAR]
    cluster["mesh"] = {"gateway": {"addresses": [found]}}
    copy.write_text(yaml.safe_dump(settings, sort_keys=False))
    try:
        stack.run("up", "--yes", "--skip-preview")
        yield found
    finally:
        stack.prepare()
        stack.run("up", "--yes", "--skip-preview")


def test_no_istiod_reads_the_service_back(stage: Stage, address: str) -> None:
    service = stage.kubectls[FAR].get("service", GATEWAY_RELEASE, "-n", NAMESPACE)
    assert NETWORK_LABEL not in service["metadata"]["labels"]


def test_the_other_network_calls_through_the_address_it_was_told(
    stage: Stage, address: str
) -> None:
    call = matrix.call(stage.kubectls[NEAR], NEAR, FAR)
    assert (call.status, call.endpoint) == (200, f"{address}:{CROSS_NETWORK_PORT}")


def test_the_way_back_goes_through_addresses_that_are_read(stage: Stage, address: str) -> None:
    call = matrix.call(stage.kubectls[FAR], FAR, NEAR)
    gateway = proof.gateway_address(stage.kubectls[NEAR])
    assert (call.status, call.endpoint) == (200, f"{gateway}:{CROSS_NETWORK_PORT}")
