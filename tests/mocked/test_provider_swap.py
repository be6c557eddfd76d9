"""The same hierarchy on another provider is the same, but for what is the provider's own."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.mocked.documents import made
from tests.support.recorder import Registered

NETWORK_LABEL = "metadata.labels.topology.istio.io/network"

OWN = {
    ("Environment", "environment.master.cloud"),
    ("Environment", "environment.seeds.eu.cloud"),
    ("Environment", "environment.seeds.eu.userClusters.eu-a.cloud"),
    ("Environment", "environment.seeds.eu.userClusters.us-b.cloud"),
    ("Master", "provider"),
    ("Seed", "provider"),
    ("UserCluster", "provider"),
    ("ConfigMap", "data.provider"),
    ("kubernetes", "kubeconfig"),
    ("Secret", "data.eu-a"),
    ("Secret", "data.us-b"),
    ("Release", "values.global.meshNetworks"),
    ("Service", "metadata.annotations"),
    ("Service", "spec.loadBalancerClass"),
    ("Service", "spec.loadBalancerSourceRanges"),
}
"""Places of inputs that may differ, with all below them: everything else is ours."""

FROM_EXISTING = {
    # The document gives what a cloud tells only late.
    ("ConfigMap", "data.apiServer"),
    # Gateways of made clusters have fixed addresses, so theirs are not read back.
    ("Service", NETWORK_LABEL),
}

Ours = Mapping[tuple[str, str], Registered]


@cache
def registered(provider: str) -> Ours:
    """The same environment on a provider, without its cloud's own resources."""
    seen, _ = made(provider)
    inside = ("StorageClass", "load-balancer-controller")
    ours = [
        one
        for one in seen.registered
        if not one.type.startswith(("aws:", "gcp:", "pulumi:providers:aws", "pulumi:providers:gcp"))
        and not one.type.endswith(inside)
        and not one.name.endswith(inside)
    ]
    names = {one.name for one in ours}
    return {(one.type, one.name): replace(one, depends_on=one.depends_on & names) for one in ours}


COMPARED = (
    *("parent", "provider", "depends_on", "protect", "secrets"),
    *("ignore_changes", "delete_timeout"),
)


@pytest.mark.parametrize(
    ("one", "other"), [("existing", "aws"), ("existing", "gcp"), ("aws", "gcp")]
)
def test_a_provider_changes_nothing_but_its_own(folder: Path, one: str, other: str) -> None:
    here, there = registered(one), registered(other)
    assert here.keys() == there.keys()
    allowed = OWN | (FROM_EXISTING if one == "existing" else set())
    found = {place for key, found in here.items() for place in differences(found, there[key])}
    # Which ranges a cluster is asked for depends on who makes it.
    asked = {place for place in found if ".addresses." in place[1]}
    assert {place for place in found - asked if not _is_below(place, allowed)} == set()
    assert any("meshNetworks" in path for _, path in found), "the comparison sees something"


def test_a_difference_is_seen_where_it_is(folder: Path) -> None:
    changed = dict(registered("existing"))
    (key,) = [key for key in changed if key[1] == "prod-mesh-eu-a-istiod"]
    one = changed[key]
    inputs = {**one.inputs, "values": {**one.inputs["values"], "x": {"y": 1}}}
    other = replace(one, inputs=inputs, protect=not one.protect, depends_on=frozenset())
    assert set(differences(one, other)) == {
        ("Release", "values.x"),
        ("Release", "<protect>"),
        ("Release", "<depends_on>"),
    }


def _is_below(place: tuple[str, str], allowed: set[tuple[str, str]]) -> bool:
    kind, path = place
    return any(kind == own and f"{path}.".startswith(f"{above}.") for own, above in allowed)


def differences(one: Registered, other: Registered) -> Iterator[tuple[str, str]]:
    """Yield the places where two registrations of a resource differ."""
    kind = one.type.rpartition(":")[2]
    for path in _differences(one.inputs, other.inputs, ""):
        yield kind, path
    for name in COMPARED:
        if getattr(one, name) != getattr(other, name):
            yield kind, f"<{name}>"


def _differences(one: Any, other: Any, path: str) -> Iterator[str]:
    if isinstance(one, Mapping) and isinstance(other, Mapping) and not path.endswith(".cloud"):
        for key in sorted({*one, *other}):
            below = f"{path}.{key}" if path else key
            yield from _differences(one.get(key), other.get(key), below)
    elif one != other:
        yield path
