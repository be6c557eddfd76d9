"""Each member's control plane: in sync by a token that reads no Secret, one way in, STRICT."""

import base64
import json
from pathlib import Path

import pytest

from lab.kubectl import Kubectl, KubectlError

from .stage import MEMBERS, PAIRS, Stage, pair_id

pytestmark = [pytest.mark.mesh]
PEERS = [pair for pair in PAIRS if pair[0] != pair[1]]
NAMESPACE = "istio-system"


@pytest.fixture
def reader(stage: Stage, pair: tuple[str, str], tmp_path: Path) -> Kubectl:
    """The second cluster as the first one's istiod sees it: by the kubeconfig in its Secret.

    Only the address is another, for the host is not on the clusters' network.
    """
    source, peer = pair
    secret = stage.kubectls[source].get("secret", "-n", NAMESPACE, "istio-remote-secrets")
    kubeconfig = json.loads(base64.b64decode(secret["data"][peer]))
    own = json.loads(stage.lab.clusters[peer].kubeconfig.read_text())
    cluster = kubeconfig["clusters"][0]["cluster"]
    assert cluster["server"] == stage.lab.clusters[peer].peer_url
    cluster["server"] = own["clusters"][0]["cluster"]["server"]
    path = tmp_path / "kubeconfig"
    path.touch(mode=0o600)
    path.write_text(json.dumps(kubeconfig))
    return Kubectl(binary=stage.environment.toolchain.path("kubectl"), kubeconfig=path)


@pytest.mark.parametrize("cluster", MEMBERS)
def test_istiod_is_synced_with_every_peer(stage: Stage, cluster: str) -> None:
    plane = stage.proof.control_planes[cluster]
    assert plane is not None
    assert plane.synced == {name: "synced" for name in MEMBERS if name != cluster}
    assert plane.version == stage.mesh.istio_version


@pytest.mark.parametrize("pair", PEERS, ids=pair_id)
def test_the_token_that_syncs_reads_services_and_no_secret(
    stage: Stage, pair: tuple[str, str], reader: Kubectl
) -> None:
    services = json.loads(reader.run("get", "--raw", "/api/v1/services"))
    assert "istiod" in {one["metadata"]["name"] for one in services["items"]}
    for path in ("secrets", f"namespaces/{NAMESPACE}/secrets/cacerts"):
        with pytest.raises(KubectlError, match=r"Error from server \(Forbidden\)"):
            reader.run("get", "--raw", f"/api/v1/{path}")


@pytest.mark.parametrize("cluster", MEMBERS)
def test_there_is_one_way_in_from_other_networks(stage: Stage, cluster: str) -> None:
    gateways = stage.kubectls[cluster].get("gateways.networking.istio.io", "-A")["items"]
    passing = [
        one["metadata"]["name"]
        for one in gateways
        for server in one["spec"]["servers"]
        if server.get("tls", {}).get("mode") == "AUTO_PASSTHROUGH"
    ]
    assert passing == ["cross-network-gateway"]


@pytest.mark.parametrize("cluster", MEMBERS)
def test_strict_holds_for_the_whole_mesh(stage: Stage, cluster: str) -> None:
    found = stage.kubectls[cluster].get("peerauthentications", "-A")["items"]
    modes = [(one["metadata"]["namespace"], one["spec"]["mtls"]["mode"]) for one in found]
    assert modes == [(NAMESPACE, "STRICT")]
    assert "selector" not in found[0]["spec"], "it is everybody's, not some workload's"
