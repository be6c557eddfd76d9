"""What is decided once for all clouds: who comes in from where, which networks are peered."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from meshtier.errors import Problem, SpecError
from meshtier.plan import clouds
from meshtier.plan.cloud_cluster import CloudCluster
from meshtier.plan.late import LateText, Ref, text
from meshtier.plan.model import InsidePlan
from meshtier.plan.resources import AccessPlan, ExecPlan, FixedGateway, ResourcePlan
from meshtier.spec import load

from tests.unit.spec.cloud_documents import aws, gcp
from tests.unit.spec.documents import changed

SHOP, PAY, WEB = (
    f"seeds/{path}"
    for path in ("eu/userClusters/shop", "eu/userClusters/pay", "us/userClusters/web")
)


class _Planner:
    """A cloud that makes one resource per question, named after it, and keeps what it was told."""

    def __init__(self) -> None:
        self.told: dict[str, CloudCluster[Any]] = {}
        self.peered: list[list[tuple[str, str]]] = []
        self.clusters = 9
        """How many it makes for anybody."""

    def _one(self, cluster: CloudCluster[Any], question: str) -> tuple[ResourcePlan, ...]:
        name = f"{cluster.spec.name} {question}"
        return (ResourcePlan(type="fake", name=name, args={}, parent=cluster.component),)

    def providers(self, clusters: list[CloudCluster[Any]]) -> tuple[ResourcePlan, ...]:
        return self._one(clusters[0], "provider")

    def network(self, cluster: CloudCluster[Any]) -> tuple[ResourcePlan, ...]:
        return self._one(cluster, "network") if cluster.owns_network else ()

    def egress(self, cluster: CloudCluster[Any]) -> tuple[LateText, ...]:
        return (text(Ref(resource=cluster.of_network("nat"), output="ip"), "/32"),)

    def fixed_gateway(self, cluster: CloudCluster[Any]) -> FixedGateway:
        return FixedGateway(addresses=("203.0.113.1",), is_internal=cluster.gateway_is_internal)

    def peering(self, pairs: Sequence[clouds.Pair]) -> tuple[ResourcePlan, ...]:
        self.peered += [[(one.spec.name, other.spec.name) for one, other in pairs]]
        one, other = pairs[0]
        return self._one(one, f"to {other.spec.name}")

    def cluster(self, cluster: CloudCluster[Any]) -> tuple[ResourcePlan, ...]:
        self.told[cluster.spec.name] = cluster
        return self._one(cluster, "cluster")

    def too_many(self, clusters: clouds.Clusters, _: Sequence[ResourcePlan]) -> clouds.Problems:
        return self._problems(clusters, limit=self.clusters)

    def beyond_default(
        self, clusters: clouds.Clusters, _: Sequence[ResourcePlan]
    ) -> clouds.Problems:
        return self._problems(clusters, limit=1)

    def _problems(self, clusters: clouds.Clusters, limit: int) -> clouds.Problems:
        one = next(iter(clusters.values()))
        path, got = f"{one.spec.path}.cloud", f"{len(clusters)} clusters"
        problem = Problem(path=path, got=got, allowed=f"at most {limit}", fix="make fewer")
        return (problem,) * (len(clusters) > limit)

    def access(self, cluster: CloudCluster[Any]) -> AccessPlan:
        login = ExecPlan(command="x", args=(), provide_cluster_info=False, install_hint="")
        return AccessPlan(
            control_plane="c", server="s", authority=None, login=login, peers_server="s", ready=()
        )

    def inside(self, cluster: CloudCluster[Any]) -> InsidePlan:
        return InsidePlan()


@pytest.fixture
def planner(monkeypatch: pytest.MonkeyPatch) -> _Planner:
    fake = _Planner()
    monkeypatch.setattr(clouds, "_planner", lambda cluster: fake)
    return fake


def ranges(number: int) -> dict[str, str]:
    return {
        "nodes": f"10.{number}.0.0/20",
        "pods": f"10.{number + 1}.0.0/16",
        "services": f"10.{number + 2}.0.0/20",
    }


def planned(changes: Mapping[str, Any]) -> clouds.CloudsPlan:
    """Return the plan of a document whose members are on GCP (shop, pay) and AWS (web)."""
    base = {
        f"{SHOP}/cloud": gcp(),
        f"{SHOP}/addresses": ranges(100),
        f"{PAY}/cloud": gcp(),
        f"{PAY}/addresses": ranges(110),
        f"{WEB}/cloud": aws(),
        f"{WEB}/addresses": {"nodes": "10.120.0.0/16", "services": "10.122.0.0/20"},
    }
    return clouds.plan_clouds(load(changed({**base, **changes}), name="test"))


PEERED: Mapping[str, Any] = {
    f"{SHOP}/cloud": aws(),
    f"{PAY}/cloud": aws(),
    "mesh/networks": {"eu": {"peeredWith": ["us"]}, "us": {}},
}


def shown(values: tuple[LateText, ...]) -> list[str]:
    return [str(value) for value in values]


def test_providers_and_networks_come_before_peerings_and_those_before_clusters(planner: _Planner):
    assert [one.name for one in planned({}).resources] == [
        "pay provider",
        "web provider",
        "pay network",
        "shop network",
        "web network",
        "pay to shop",
        "pay cluster",
        "shop cluster",
        "web cluster",
    ]


def test_networks_that_are_one_vpc_are_not_peered(planner: _Planner):
    names = [
        one.name for one in planned({f"{PAY}/cloud": gcp(network={"sharedWith": "shop"})}).resources
    ]
    assert "pay to shop" not in names
    assert "pay network" not in names


def test_a_pair_of_vpcs_is_peered_once_however_many_clusters_are_in_them(planner: _Planner):
    changes = {
        "seeds/eu/cloud": gcp(),
        "seeds/eu/addresses": ranges(130),
        "seeds/eu/mesh": {"member": True, "network": "eu"},
        f"{PAY}/cloud": gcp(network={"sharedWith": "shop"}),
    }
    peerings = [one.name for one in planned(changes).resources if " to " in one.name]
    assert peerings == ["eu to pay"]
    assert planner.peered == [[("eu", "pay"), ("eu", "shop")]]


def test_a_public_endpoint_lets_in_what_the_peers_traffic_leaves_from(planner: _Planner):
    planned({})
    assert shown(planner.told["web"].api_sources) == [
        "${test-pay-nat.ip}/32",
        "${test-shop-nat.ip}/32",
    ]


def test_an_existing_peer_comes_from_where_the_document_says(planner: _Planner):
    existing = {"existing": {"kubeconfig": "p", "apiServerForPeers": "https://pay.example:6443"}}
    changes = {f"{PAY}/cloud": existing, f"{PAY}/addresses/egress": ["203.0.113.4/32"]}
    planned(changes)
    assert "203.0.113.4/32" in planner.told["web"].api_sources


def test_what_the_document_says_of_a_made_clusters_traffic_comes_before_its_nat(planner: _Planner):
    planned({f"{PAY}/addresses/egress": ["203.0.113.4/32"]})
    assert shown(planner.told["web"].api_sources) == ["203.0.113.4/32", "${test-shop-nat.ip}/32"]


def test_a_private_endpoint_lets_in_the_peers_own_ranges(planner: _Planner):
    changes = {**PEERED, f"{WEB}/cloud": aws(endpoint={"public": False})}
    planned(changes)
    assert shown(planner.told["web"].api_sources) == [
        "10.110.0.0/20",
        "10.111.0.0/16",
        "10.100.0.0/20",
        "10.101.0.0/16",
    ]


def test_a_gateway_lets_in_the_other_networks_only(planner: _Planner):
    planned({})
    assert shown(planner.told["shop"].gateway_sources) == ["${test-web-nat.ip}/32"]


def test_pods_of_one_network_call_each_other_without_a_gateway(planner: _Planner):
    planned({})
    assert planner.told["shop"].flat_sources == ("10.110.0.0/20", "10.111.0.0/16")
    assert planner.told["web"].flat_sources == ()


def test_a_gateway_is_internal_where_every_caller_has_a_private_route(planner: _Planner):
    assert not planned({}).gateways["web"].is_internal
    peered = planned(PEERED)
    assert peered.gateways["web"].is_internal
    assert shown(planner.told["web"].gateway_sources) == [
        "10.110.0.0/20",
        "10.111.0.0/16",
        "10.100.0.0/20",
        "10.101.0.0/16",
    ]


def test_a_cluster_outside_the_mesh_lets_in_nobody(planner: _Planner):
    changes = {
        "seeds/us/cloud": aws(),
        "seeds/us/addresses": {"nodes": "10.140.0.0/16", "services": "10.142.0.0/20"},
    }
    planned(changes)
    us = planner.told["us"]
    assert (us.api_sources, us.gateway_sources, us.flat_sources) == ((), (), ())


def test_what_carries_state_is_protected_until_its_cluster_is_named(planner: _Planner):
    planned({"guards": {"allow": ["pay"]}})
    assert {name: one.protect for name, one in planner.told.items()} == {
        "pay": False,
        "shop": True,
        "web": True,
    }


def test_what_a_cloud_gives_nobody_is_refused_and_what_it_gives_some_is_kept(planner: _Planner):
    assert [str(one) for one in planned({}).quotas] == [
        "seeds.eu.userClusters.pay.cloud: got 2 clusters; allowed at most 1; make fewer"
    ]
    planner.clusters = 1
    with pytest.raises(SpecError, match="got 2 clusters; allowed at most 1"):
        planned({})
