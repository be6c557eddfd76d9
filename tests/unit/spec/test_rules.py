"""Every rule by a failing example and the exact lines it produces, in `examples`."""

import importlib
from typing import Any

import pytest
from meshtier.spec import load
from meshtier.spec.rules import ERRORS, WARNINGS

from tests.unit.spec.documents import MISSING, changed, errors, loaded, warnings
from tests.unit.spec.examples.addresses import ADDRESSES
from tests.unit.spec.examples.aws_networks import AWS_NETWORKS
from tests.unit.spec.examples.clouds import MADE
from tests.unit.spec.examples.eks import EKS
from tests.unit.spec.examples.eks_nodes import EKS_NODES
from tests.unit.spec.examples.eks_ranges import EKS_RANGES
from tests.unit.spec.examples.example import PAY, SHOP, at
from tests.unit.spec.examples.gateways import GATEWAYS
from tests.unit.spec.examples.gke import GKE
from tests.unit.spec.examples.istio import ISTIO
from tests.unit.spec.examples.labels import LABELS
from tests.unit.spec.examples.let_in import LET_IN
from tests.unit.spec.examples.mesh import MESH
from tests.unit.spec.examples.names import NAMES
from tests.unit.spec.examples.peers import PEERS
from tests.unit.spec.examples.taken import TAKEN
from tests.unit.spec.examples.warned import WARNED

REFUSED = {
    **NAMES,
    **MESH,
    **ISTIO,
    **ADDRESSES,
    **PEERS,
    **LABELS,
    **MADE,
    **LET_IN,
    **GATEWAYS,
    **EKS,
    **EKS_NODES,
    **EKS_RANGES,
    **AWS_NETWORKS,
    **GKE,
}


def test_the_document_the_examples_spoil_is_taken_without_a_word():
    assert errors({}) == []
    assert warnings({}) == []


@pytest.mark.parametrize("example", REFUSED)
def test_a_broken_rule_is_told_in_exactly_these_lines(example: str):
    broken = REFUSED[example]
    assert errors(broken.changes, broken.name) == list(broken.lines)


@pytest.mark.parametrize("example", WARNED)
def test_a_risk_is_told_in_exactly_these_lines_and_the_document_is_taken(example: str):
    assert warnings(WARNED[example].changes) == list(WARNED[example].lines)


@pytest.mark.parametrize("example", [*REFUSED, *WARNED])
def test_without_its_rule_nothing_is_said(example: str, monkeypatch: pytest.MonkeyPatch):
    broken = {**REFUSED, **WARNED}[example]
    for registry, rules in (("ERRORS", ERRORS), ("WARNINGS", WARNINGS)):
        rest = tuple(rule for rule in rules if rule is not broken.rule)
        monkeypatch.setattr(importlib.import_module("meshtier.spec.load"), registry, rest)
    assert errors(broken.changes, broken.name) == [], "each rule is the only one that sees it"
    told = {str(warning) for warning in loaded(broken.changes, broken.name).warnings}
    assert told.isdisjoint(broken.lines)


def test_every_rule_has_an_example():
    shown = {example.rule for example in (*REFUSED.values(), *WARNED.values())}
    assert shown == {*ERRORS, *WARNINGS}


@pytest.mark.parametrize("example", TAKEN)
def test_what_breaks_no_rule_is_taken_without_a_word(example: str):
    assert errors(TAKEN[example]) == []
    assert warnings(TAKEN[example]) == []


def test_a_version_that_crashes_on_unread_secrets_is_taken_where_it_reads_them():
    assert errors({"mesh/istio/version": "1.31.0", "mesh/peersReadSecrets": True}) == []


def test_a_version_that_crashes_on_peers_is_taken_for_a_single_member():
    changes = {"mesh/istio/version": "1.31.0", "seeds/us": MISSING, at(PAY): MISSING}
    assert errors(changes) == []


def test_a_single_member_needs_no_address_for_peers():
    changes = {
        "seeds/us": MISSING,
        at(PAY): MISSING,
        f"{at(SHOP)}/cloud/existing": {"kubeconfig": "shop.yaml"},
    }
    assert errors(changes) == []


def test_a_default_that_is_wrong_is_told_once_where_it_stands():
    changes = {
        "mesh/networks": {"eu": {}, "us": {}},
        "seeds/eu/defaults/mesh/network": "ue",
    }
    assert errors(changes) == [
        "seeds.eu.defaults.mesh.network: got 'ue'; allowed eu or us; write one of them, or "
        "declare it under mesh.networks"
    ]


@pytest.mark.parametrize("declared", ["eu", "us"])
def test_a_peering_with_a_network_that_is_not_declared_is_told_not_crashed_on(declared: str):
    other = {"eu": "us", "us": "eu"}[declared]
    changes = {
        **GKE["networks of two clouds peered"].changes,
        "mesh/networks": {declared: {"peeredWith": [other]}},
    }
    told = {line.partition(": ")[0] for line in errors(changes)}
    assert f"mesh.networks.{declared}.peeredWith[0]" in told
    assert f"mesh.networks.{declared}.peeredWith" in told, "it is said where it is written"


def test_all_broken_rules_are_told_at_once():
    changes: dict[str, Any] = {}
    for example in (*ISTIO.values(), LABELS["label of Istio"], ADDRESSES["own pods and services"]):
        changes.update(example.changes)
    changes["mesh/istio/values"] = {"gateway": {"name": "other", "revision": "x"}}
    assert [line.partition(": ")[0] for line in errors(changes)] == [
        "mesh.istio.version",
        "mesh.istio.charts",
        "mesh.istio.hub",
        "mesh.istio.values.gateway.name",
        "mesh.istio.values.gateway.revision",
        "master.addresses.services",
        'seeds.us.labels["topology.istio.io/network"]',
    ]


def test_a_document_is_not_changed_by_reading_it():
    written = changed({})
    load(written, name="test")
    assert written == changed({})
