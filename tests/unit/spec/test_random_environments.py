"""Over random hierarchies and address plans: what is taken is sound, what is sound is taken."""

from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from meshtier.errors import SpecError
from meshtier.spec import load

NAMES = [f"c{number}" for number in range(6)]
NETWORKS = ["red", "blue"]
BASE = int(IPv4Address("10.0.0.0"))
SPACE = 32
"""Addresses the ranges are drawn from: few, so that most plans overlap somewhere."""

UNHURRIED = settings(deadline=None)
"""A busy machine is no failure."""


@dataclass(frozen=True)
class Range:
    start: int
    prefix: int

    @property
    def addresses(self) -> frozenset[int]:
        return frozenset(range(self.start, self.start + 2 ** (32 - self.prefix)))

    def __str__(self) -> str:
        return f"{IPv4Address(BASE + self.start)}/{self.prefix}"


@st.composite
def ranges(draw: st.DrawFn) -> Range:
    prefix = draw(st.integers(min_value=28, max_value=32))
    size = 2 ** (32 - prefix)
    return Range(draw(st.integers(min_value=0, max_value=SPACE // size - 1)) * size, prefix)


@dataclass(frozen=True)
class Drawn:
    seed: str
    name: str
    network: str
    pods: Range
    services: Range

    @property
    def addresses(self) -> frozenset[int]:
        return self.pods.addresses | self.services.addresses


def drawn() -> st.SearchStrategy[list[Drawn]]:
    cluster = st.builds(
        Drawn,
        seed=st.sampled_from(["north", "south"]),
        name=st.sampled_from(NAMES),
        network=st.sampled_from(NETWORKS),
        pods=ranges(),
        services=ranges(),
    )
    return st.lists(cluster, max_size=5, unique_by=lambda one: (one.seed, one.name))


def block(name: str) -> dict[str, Any]:
    address = f"https://{name}.example"
    return {"cloud": {"existing": {"kubeconfig": f"{name}.yaml", "apiServerForPeers": address}}}


def written(clusters: list[Drawn]) -> dict[str, Any]:
    seeds: dict[str, Any] = {
        name: {**block(name), "userClusters": {}} for name in ("north", "south")
    }
    for one in clusters:
        seeds[one.seed]["userClusters"][one.name] = {
            **block(f"{one.seed}-{one.name}"),
            "mesh": {"network": one.network},
            "addresses": {"pods": str(one.pods), "services": str(one.services)},
        }
    return {
        "mesh": {"id": "acme", "istio": {"version": "1.31.1"}},
        "master": {"name": "hq", **block("hq")},
        "seeds": seeds,
    }


def is_sound(clusters: list[Drawn]) -> bool:
    """Say it again in the plainest words: every address of a network is used once."""
    names = [one.name for one in clusters]
    if len(names) != len(set(names)):
        return False
    used: dict[str, set[int]] = {network: set() for network in NETWORKS}
    for one in clusters:
        if one.pods.addresses & one.services.addresses or used[one.network] & one.addresses:
            return False
        used[one.network] |= one.addresses
    return True


def accepts(document: dict[str, Any]) -> bool:
    try:
        load(document, name="random")
    except SpecError:
        return False
    return True


@UNHURRIED
@given(drawn())
def test_a_document_is_taken_when_and_only_when_names_and_addresses_are_used_once(
    clusters: list[Drawn],
):
    assert accepts(written(clusters)) is is_sound(clusters)


@UNHURRIED
@given(drawn().filter(is_sound))
def test_the_order_of_the_document_means_nothing(clusters: list[Drawn]):
    forward, backward = written(clusters), written(clusters[::-1])
    assert load(forward, name="random").clusters == load(backward, name="random").clusters


@UNHURRIED
@given(drawn().filter(is_sound))
def test_a_gateway_stands_where_and_only_where_there_are_networks_to_join(clusters: list[Drawn]):
    networks = {one.network for one in clusters}
    members = load(written(clusters), name="random").members()
    assert {member.member.gateway for member in members if member.member} <= {len(networks) > 1}
