"""What a state says of releases that a killed run was making."""

import json
from typing import Any

from meshtier.recover.helm import command
from meshtier.recover.state import RELEASE, unfinished_releases

PROVIDER = "urn:pulumi:prod::meshtier::pulumi:providers:kubernetes::prod-shop-provider"
URN = f"urn:pulumi:prod::meshtier::{RELEASE}::prod-mesh-shop-istiod"
KUBECONFIG = "the way in"


def release(urn: str = URN, provider: str = f"{PROVIDER}::id-1") -> dict[str, Any]:
    inputs = {"name": "istiod", "namespace": "istio-system"}
    return {"urn": urn, "type": RELEASE, "provider": provider, "inputs": inputs}


def export(pending: list[dict[str, Any]], *known: dict[str, Any]) -> dict[str, Any]:
    provider = {
        "urn": PROVIDER,
        "id": "id-1",
        "type": "pulumi:providers:kubernetes",
        "inputs": {
            "clusterIdentifier": "prod/shop",
            "kubeconfig": {"4dab": "1b47", "plaintext": json.dumps(KUBECONFIG)},
        },
    }
    return {"deployment": {"resources": [provider, *known], "pending_operations": pending}}


def creating(**more: Any) -> dict[str, Any]:
    return {"type": "creating", "resource": {**release(), **more}}


def test_a_release_that_was_begun_and_never_recorded_is_found_with_its_way_in():
    (found,) = unfinished_releases(export([creating()]))
    assert (found.cluster, found.name, found.namespace) == ("prod/shop", "istiod", "istio-system")
    assert (found.kubeconfig, found.context) == (KUBECONFIG, None)
    assert command(found) == "helm uninstall istiod --namespace istio-system"


def test_a_release_that_two_runs_were_killed_at_is_found_once():
    assert len(unfinished_releases(export([creating(), creating()]))) == 1


def test_a_way_in_never_shows():
    (found,) = unfinished_releases(export([creating()]))
    assert KUBECONFIG not in repr(found)


def test_a_release_that_was_recorded_after_all_is_left_alone():
    assert (
        unfinished_releases(export([creating()], {**release(), "id": "istio-system/istiod"})) == ()
    )


def test_updates_and_other_kinds_are_left_alone():
    updating = {"type": "updating", "resource": release()}
    secret = creating(type="kubernetes:core/v1:Secret")
    assert unfinished_releases(export([updating, secret])) == ()


def test_a_release_whose_provider_is_gone_can_not_be_reached():
    assert unfinished_releases(export([creating(provider=f"{PROVIDER}::another")])) == ()


def test_a_state_without_anything_has_nothing_unfinished():
    assert unfinished_releases({}) == ()
    assert unfinished_releases({"deployment": {"resources": None}}) == ()
