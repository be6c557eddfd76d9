"""The networks that Google Cloud is asked for hold together, as far as their own data says.

There is no emulation of Google Cloud: what refers to what is followed here.
"""

from collections.abc import Mapping
from ipaddress import IPv4Network
from itertools import combinations
from typing import Any

import pytest

from tests.clouds import documents
from tests.support import cloud_inputs, stand_ins

Made = Mapping[str, Any]
"""Inputs of a resource, and the cloud's answers."""


class Asked:
    """What a document asks Google for, by what it is called in the cloud."""

    def __init__(self, name: str) -> None:
        self._all = [
            (one.type, stand_ins.answer(one.type, one.name, one.inputs))
            for one in cloud_inputs.planned(documents.plan(name).cloud)
            if one.type.startswith("gcp:")
        ]

    def of(self, kind: str) -> list[Made]:
        """Return the resources of the type that ends in `:kind`."""
        return [made for token, made in self._all if token.endswith(f":{kind}")]

    def linked(self, kind: str) -> dict[str, Made]:
        """Return the same by their links."""
        return {made["selfLink"]: made for made in self.of(kind)}


@pytest.fixture(params=documents.ON_GCP)
def asked(request: pytest.FixtureRequest) -> Asked:
    """What a document asks Google for."""
    return Asked(request.param)


def test_ranges_of_networks_that_see_each_other_are_apart(asked: Asked) -> None:
    ranges: dict[str, list[str]] = {link: [] for link in asked.linked("Network")}
    for subnet in asked.of("Subnetwork"):
        secondary = [one["ipCidrRange"] for one in subnet["secondaryIpRanges"]]
        ranges[subnet["network"]] += [subnet["ipCidrRange"], *secondary]
    for cluster in asked.linked("Cluster").values():
        own = cluster["privateClusterConfig"].get("masterIpv4CidrBlock")
        ranges.setdefault(cluster["network"], []).extend([own] if own else [])
    for peering in asked.of("NetworkPeering"):
        seen = [*ranges.get(peering["network"], []), *ranges.get(peering["peerNetwork"], [])]
        assert _overlaps(seen) == []
    assert [_overlaps(of_network) for of_network in ranges.values() if _overlaps(of_network)] == []


def test_every_peering_has_its_other_side(asked: Asked) -> None:
    sides = {(one["network"], one["peerNetwork"]) for one in asked.of("NetworkPeering")}
    assert sides == {(there, here) for here, there in sides}


def test_clusters_stand_in_subnets_of_their_own_region_and_network(asked: Asked) -> None:
    subnets = asked.linked("Subnetwork")
    clusters = [one for one in asked.linked("Cluster").values() if one["subnetwork"] in subnets]
    assert clusters
    for cluster in clusters:
        subnet, policy = subnets[cluster["subnetwork"]], cluster["ipAllocationPolicy"]
        named = {one["rangeName"] for one in subnet["secondaryIpRanges"]}
        assert subnet["network"] == cluster["network"]
        assert cluster["location"].startswith(subnet["region"])
        assert {
            policy["clusterSecondaryRangeName"],
            policy["servicesSecondaryRangeName"],
        } <= named


def test_nodes_leave_through_a_nat_of_their_own_network_with_free_addresses(asked: Asked) -> None:
    routers = {one["name"]: one for one in asked.of("Router")}
    subnets, addresses = asked.linked("Subnetwork"), asked.linked("Address")
    used: list[str] = []
    for nat in asked.of("RouterNat"):
        router = routers[nat["router"]]
        assert {addresses[link]["addressType"] for link in nat["natIps"]} == {"EXTERNAL"}
        assert {addresses[link]["region"] for link in nat["natIps"]} == {router["region"]}
        for part in nat["subnetworks"]:
            subnet = subnets[part["name"]]
            assert (subnet["network"], subnet["region"]) == (router["network"], router["region"])
            named = {one["rangeName"] for one in subnet["secondaryIpRanges"]}
            assert set(part["secondaryIpRangeNames"]) <= named
        used += nat["natIps"]
    assert len(set(used)) == len(used)


def test_firewall_rules_are_about_nodes_of_their_network(asked: Asked) -> None:
    networks = {one["id"]: one["network"] for one in asked.of("Cluster")}
    carried = {
        (networks[pool["cluster"]], tag)
        for pool in asked.of("NodePool")
        for tag in pool["nodeConfig"]["tags"]
    }
    about = {(one["network"], tag) for one in asked.of("Firewall") for tag in one["targetTags"]}
    assert about
    assert about <= carried


def test_names_are_taken_once(asked: Asked) -> None:
    for kind in ("Network", "Subnetwork", "Router", "Address", "Firewall", "Cluster", "Account"):
        ids = [one["id"] for one in asked.of(kind) if one["id"].startswith("projects/")]
        assert len(set(ids)) == len(ids), f"two of {kind} have one name"


def _overlaps(ranges: list[str]) -> list[tuple[str, str]]:
    return [
        (one, other)
        for one, other in combinations(ranges, 2)
        if IPv4Network(one).overlaps(IPv4Network(other))
    ]
