"""What may not be replaced or deleted by accident, and how a document lifts that."""

from pathlib import Path
from typing import Any

import pytest

from tests.mocked.documents import CLUSTERS, document, environment, made, on
from tests.support.recorder import Recorder

TRUST = {
    *("prod-mesh-tls", "prod-mesh-trust-root-key-g1", "prod-mesh-trust-root-certificate-g1"),
    *("prod-mesh-trust-eu-a-ca-key-g1", "prod-mesh-trust-us-b-ca-key-g1"),
}
PROVIDERS = {f"prod-{name}-provider" for name in CLUSTERS}
MESH_ROLES = (
    *("istio-namespace", "istio-crds", "cacerts", "istiod"),
    *("east-west-gateway", "east-west-service"),
)


def member(name: str) -> set[str]:
    """Return what a member protects."""
    return {f"prod-mesh-{name}-{role}" for role in MESH_ROLES}


def protected(asked: dict[str, Any]) -> set[str]:
    """Return the names of what an environment protects."""
    return ours(environment({"environment": asked})[0])


def ours(seen: Recorder) -> set[str]:
    """Return the names of what is protected, the clouds' own resources left out."""
    return {
        one.name
        for one in seen.registered
        if one.protect and not one.type.startswith(("aws:", "gcp:"))
    }


def test_nothing_is_protected_where_no_cloud_makes_a_cluster(folder: Path) -> None:
    assert protected(document()) == set()


@pytest.mark.parametrize(
    ("provider", "account"),
    [
        ("existing", set()),
        ("aws", {"prod-aws.111122223333"}),
        ("gcp", {"prod-gcp.acme-prod"}),
    ],
)
def test_what_carries_state_or_traffic_is_protected(
    folder: Path, provider: str, account: set[str]
) -> None:
    seen, _ = made(provider)
    assert ours(seen) == {*TRUST, *PROVIDERS, *account, *member("eu-a"), *member("us-b")}


def test_made_clusters_are_protected_unless_the_document_says_otherwise() -> None:
    asked = on("gcp")
    del asked["guards"]
    seen, _ = environment({"environment": asked})
    guarded = [one.name for one in seen.of("Cluster") if one.protect]
    assert sorted(guarded) == sorted(f"prod-{name}-control-plane" for name in CLUSTERS)
    asked["guards"] = {"protect": False}
    seen, _ = environment({"environment": asked})
    assert [one.name for one in seen.registered if one.protect] == []


@pytest.mark.parametrize("provider", ["aws", "gcp"])
def test_a_guard_is_lifted_for_one_cluster_by_its_name(provider: str) -> None:
    asked = on(provider)
    before, _ = made(provider)
    asked["guards"]["allow"] = ["eu-a"]
    after, _ = environment({"environment": asked})
    lifted = {one.name for one in before.registered if one.protect} - {
        one.name for one in after.registered if one.protect
    }
    own = {name for name in lifted if name.startswith("prod-eu-a-")}
    assert {"prod-eu-a-control-plane", "prod-eu-a-provider"} <= own
    assert lifted - own == {*member("eu-a"), "prod-mesh-trust-eu-a-ca-key-g1"}
    assert [one.name for one in after.registered if one.protect and one.name in own] == []


def test_the_guard_of_trust_is_lifted_by_its_own_name(folder: Path) -> None:
    asked = on("existing")
    asked["guards"]["allow"] = ["trust"]
    assert protected(asked) == {*PROVIDERS, *member("eu-a"), *member("us-b")}


def test_the_authorities_certificates_that_renew_themselves_stay_free(folder: Path) -> None:
    seen, _ = made("existing")
    renewed = [*seen.of("LocallySignedCert"), *seen.of("CertRequest")]
    assert len(renewed) == 4
    assert not any(one.protect for one in renewed)
