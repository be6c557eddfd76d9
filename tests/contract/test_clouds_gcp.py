"""What the stand-in of GCP refuses, as the real one does."""

from typing import Any

import pytest

from lab.plugins.cloud.store import Cloud
from lab.plugins.contract import PluginError

from .cloud_caller import PROJECT, Caller

pytestmark = pytest.mark.contract

GKE, POOL = "gcp:container/cluster:Cluster", "gcp:container/nodePool:NodePool"
NETWORK, SUBNETWORK = "gcp:compute/network:Network", "gcp:compute/subnetwork:Subnetwork"
ADDRESS, SERVICE = "gcp:compute/address:Address", "gcp:projects/service:Service"


@pytest.fixture
def gcp(cloud: Cloud) -> Caller:
    return Caller("gcp")


def _gke(gcp: Caller) -> dict[str, Any]:
    for api in ("compute", "container"):
        gcp.make(SERVICE, api, service=f"{api}.googleapis.com", project=PROJECT)
    network = gcp.make(NETWORK, "network", name="n", autoCreateSubnetworks=False)["id"]
    ranges = [{"rangeName": "pods", "ipCidrRange": "10.4.0.0/14"}]
    where = {"network": network, "region": "europe-west3"}
    subnetwork = gcp.make(
        SUBNETWORK, "subnetwork", name="s", ipCidrRange="10.0.0.0/20", **where,
        secondaryIpRanges=ranges,
    )  # fmt: skip
    pods = {"ipAllocationPolicy": {"clusterSecondaryRangeName": "pods"}}
    where = {"network": network, "subnetwork": subnetwork["selfLink"], "location": "europe-west3"}
    return gcp.make(GKE, "gke", name="pay", deletionProtection=False, **pods, **where)


def test_gke_goes_after_its_nodes_and_before_its_network(gcp: Caller, cloud: Cloud) -> None:
    gke = _gke(gcp)
    pool = gcp.make(POOL, "pool", name="general", cluster=gke["id"])["id"]
    internal = {"addressType": "INTERNAL", "subnetwork": gke["subnetwork"]}
    address = gcp.make(ADDRESS, "address", name="a", region="europe-west3", **internal)["id"]
    network, subnetwork = (cloud.named(name).id for name in ("network", "subnetwork"))
    for type, id, told in (
        (GKE, gke["id"], "has node pools: NodePool"),
        (SUBNETWORK, subnetwork, "already being used by: Address .*, Cluster"),
        (NETWORK, network, "already being used by: Cluster .*, Subnetwork"),
    ):
        with pytest.raises(PluginError, match=told):
            gcp.delete(type, id)
    for type, id in ((POOL, pool), (GKE, gke["id"]), (ADDRESS, address)):
        gcp.delete(type, id)
    gcp.delete(SUBNETWORK, subnetwork)
    gcp.delete(NETWORK, network)


def test_gke_refuses_what_the_real_one_refuses(gcp: Caller) -> None:
    with pytest.raises(PluginError, match=r"compute\.googleapis\.com has not been used"):
        gcp.make(NETWORK, "early", name="early")
    gke = _gke(gcp)
    taken = {key: gke[key] for key in ("network", "subnetwork", "location", "ipAllocationPolicy")}
    with pytest.raises(PluginError, match="range 'pods' already in use"):
        gcp.make(GKE, "two", name="two", **taken)
    taken["ipAllocationPolicy"] = {"clusterSecondaryRangeName": "none"}
    with pytest.raises(PluginError, match="secondary range 'none' not found"):
        gcp.make(GKE, "two", name="two", **taken)
    overlapping = {"network": gke["network"], "region": "us-central1", "ipCidrRange": "10.5.0.0/20"}
    with pytest.raises(PluginError, match="conflicts with existing subnetwork"):
        gcp.make(SUBNETWORK, "other", name="other", **overlapping)
