"""What a project needs once: its provider, the APIs, and GKE's right to use keys."""

from typing import Any

from tests.support import gcp_clouds as gcp

KEYED = {"encryptionKey": gcp.KEY, "projectNumber": "123456789012"}
GRANT = "test-gcp-key-grant.acme-eu.acme-keys.europe-west3.gke.secrets"


def keyed(*paths: str, **more: Any) -> dict[str, Any]:
    """Return the document with the key in the clusters at these paths."""
    changes = {f"{path}/cloud/gcp/{key}": value for path in paths for key, value in KEYED.items()}
    return gcp.changed({**changes, **more})


def apis(document: dict[str, Any], project: str) -> set[str]:
    """Return the APIs that are enabled in a project."""
    return {
        one.args["service"].removesuffix(".googleapis.com")
        for one in gcp.planned(document).resources
        if one.type == "gcp:projects/service:Service" and one.args["project"] == project
    }


def test_every_project_has_one_provider() -> None:
    plan = gcp.planned(gcp.changed({})).resources
    providers = [one for one in plan if one.type == "pulumi:providers:gcp"]
    assert [dict(one.args) for one in providers] == [
        {"project": "acme-hq"},
        {"project": "acme-eu"},
        {"project": "acme-us"},
    ]
    assert all(one.provider is None and one.parent == "test" for one in providers)


def test_a_project_has_the_apis_its_clusters_need() -> None:
    document = keyed(gcp.PAY)
    needed = {"compute", "container", "iam", "cloudresourcemanager"}
    assert apis(document, "acme-hq") == needed
    assert apis(document, "acme-eu") == {*needed, "cloudkms"}


def test_apis_stay_on_for_whoever_else_needs_them() -> None:
    plan = gcp.planned(gcp.changed({})).resources
    services = [one for one in plan if one.type == "gcp:projects/service:Service"]
    assert all(one.args["disable_on_destroy"] is False for one in services)


def test_a_key_is_granted_to_gkes_own_account_of_the_project() -> None:
    grant = gcp.resources(keyed(gcp.PAY))[GRANT]
    agent = "service-123456789012@container-engine-robot.iam.gserviceaccount.com"
    assert grant.args == {
        "crypto_key_id": gcp.KEY,
        "role": "roles/cloudkms.cryptoKeyEncrypterDecrypter",
        "member": f"serviceAccount:{agent}",
    }
    assert "test-gcp-api.acme-eu.container" in grant.depends_on
    assert GRANT in gcp.resources(keyed(gcp.PAY))["test-pay-control-plane"].depends_on


def test_clusters_with_one_key_share_one_grant() -> None:
    # Two would be one in the cloud, and the first cluster to go would lock the other one out.
    before, after = gcp.resources(keyed(gcp.PAY)), gcp.resources(keyed(gcp.PAY, gcp.SHOP))
    assert before[GRANT] == after[GRANT]
    assert [name for name in after if "key-grant" in name] == [GRANT]


def test_a_grant_is_protected_as_long_as_one_of_its_clusters_is() -> None:
    def is_protected(*allowed: str) -> bool:
        document = keyed(gcp.PAY, gcp.SHOP, guards={"allow": list(allowed)})
        return gcp.resources(document)[GRANT].protect

    assert is_protected("pay")
    assert not is_protected("pay", "shop")
