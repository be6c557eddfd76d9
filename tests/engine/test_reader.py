"""What a peer's token may read, asked of real API servers."""

import base64
from itertools import permutations

import pytest

from .documents import MEMBERS
from .reach import Reach
from .stage import Stage

pytestmark = pytest.mark.engine

PAIRS = [pytest.param(*pair, id="-reads-".join(pair)) for pair in permutations(MEMBERS, 2)]
MAY = ("/api/v1/services", "/api/v1/pods", "/apis/discovery.k8s.io/v1/endpointslices")
MAY_NOT = (
    "/api/v1/secrets",
    "/api/v1/namespaces/istio-system/secrets",
    "/api/v1/namespaces/istio-system/secrets/cacerts",
    "/api/v1/configmaps",
    "/apis/apps/v1/deployments",
)


@pytest.mark.parametrize(("reader", "target"), PAIRS)
def test_a_remote_secret_opens_services_and_no_secrets(
    stage: Stage, reader: str, target: str
) -> None:
    stage.stand()
    remote = as_reader(stage, reader, target)
    assert {path: remote.status(path) for path in MAY} == dict.fromkeys(MAY, 200)
    assert {path: remote.status(path) for path in MAY_NOT} == dict.fromkeys(MAY_NOT, 403)


def as_reader(stage: Stage, reader: str, target: str) -> Reach:
    """The target as the reader's istiod reaches it."""
    path = "/api/v1/namespaces/istio-system/secrets/istio-remote-secrets"
    kubeconfigs = stage.reach(reader).get(path)["data"]
    assert reader not in kubeconfigs, "nobody is its own peer"
    return Reach(base64.b64decode(kubeconfigs[target]).decode())
