"""What an environment registers: which object goes where, in which order, and what is secret."""

import base64
import json
from pathlib import Path

import meshtier
import pytest

from tests.mocked.documents import CLUSTERS, document, environment, kubeconfig
from tests.support.recorder import Recorder, pem

PUBLIC = ("clusters", "mesh_id", "networks", "gateways", "root_certificate", "expiry")


@pytest.fixture
def seen(folder: Path) -> Recorder:
    """The two-member environment, registered."""
    return environment({"environment": document()})[0]


def test_every_cluster_has_exactly_one_provider_of_its_own(seen: Recorder) -> None:
    assert sorted(one.name for one in seen.of("kubernetes")) == sorted(
        f"prod-{name}-provider" for name in CLUSTERS
    )


def test_no_object_is_left_to_a_default_provider(seen: Recorder) -> None:
    objects = [one for one in seen.registered if one.is_custom and ":providers:" not in one.type]
    assert objects
    assert [one.name for one in objects if not one.provider] == []


def test_what_a_member_holds_goes_to_the_members_own_provider(seen: Recorder) -> None:
    for name in ("eu-a", "us-b"):
        held = [one for one in seen.registered if one.parent == f"prod-mesh-{name}"]
        assert len(held) == 14, "a member without or with one more object is another mesh"
        assert {one.provider for one in held} == {f"prod-{name}-provider"}


def test_records_go_to_the_cluster_that_holds_them(seen: Recorder) -> None:
    holders = {one.name: one.provider for one in seen.of("ConfigMap")}
    assert holders == {
        "prod-eu-record-in-master": "prod-hq-provider",
        "prod-eu-a-record-in-master": "prod-hq-provider",
        "prod-us-b-record-in-master": "prod-hq-provider",
        "prod-eu-a-record-in-seed": "prod-eu-provider",
        "prod-us-b-record-in-seed": "prod-eu-provider",
    }


def test_levels_stand_below_each_other(seen: Recorder) -> None:
    assert seen.one("Master", "prod-hq").parent == "prod"
    assert seen.one("Seed", "prod-eu").parent == "prod-hq"
    assert {one.parent for one in seen.of("UserCluster")} == {"prod-eu"}
    assert seen.one("Mesh", "prod-mesh").parent == "prod"


def test_providers_keep_their_identity_when_the_kubeconfig_changes(seen: Recorder) -> None:
    provider = seen.one("kubernetes", "prod-eu-a-provider")
    assert provider.inputs["clusterIdentifier"] == "prod/eu-a"


def test_secrets_are_marked_where_they_enter_a_resource(seen: Recorder) -> None:
    for name in CLUSTERS:
        assert "kubeconfig" in seen.one("kubernetes", f"prod-{name}-provider").secrets
    for name in ("eu-a", "us-b"):
        assert "data" in seen.one("Secret", f"prod-mesh-{name}-cacerts").secrets
        assert "data" in seen.one("Secret", f"prod-mesh-{name}-remote-secret").secrets
    for request in seen.of("CertRequest"):
        assert "privateKeyPem" in request.secrets


def test_no_component_carries_a_kubeconfig_a_key_or_a_token(seen: Recorder) -> None:
    components = json.dumps([one.inputs for one in seen.registered if not one.is_custom])
    for canary in ("canary-", "PRIVATE KEY", "token of"):
        assert canary not in components


def test_istiod_comes_after_its_authority_and_its_definitions(seen: Recorder) -> None:
    assert seen.one("Release", "prod-mesh-eu-a-istiod").depends_on == {
        "prod-mesh-eu-a-cacerts",
        "prod-mesh-eu-a-istio-base",
        "prod-mesh-eu-a-istio-crds",
    }


def test_custom_resources_are_gone_before_istiod_and_their_definitions(seen: Recorder) -> None:
    made = {"prod-mesh-eu-a-istio-crds", "prod-mesh-eu-a-istiod"}
    policy = seen.one("PeerAuthentication", "prod-mesh-eu-a-peer-authentication")
    crossing = seen.one("Gateway", "prod-mesh-eu-a-cross-network-gateway")
    assert policy.depends_on == made
    assert crossing.depends_on == made


def test_readers_need_nothing_of_istio(seen: Recorder) -> None:
    for kind in ("ServiceAccount", "ClusterRole", "ClusterRoleBinding"):
        for one in seen.of(kind):
            assert {name.rpartition("-istio-")[2] for name in one.depends_on} == {"namespace"}


def test_the_one_remote_secret_holds_the_peers_kubeconfig(seen: Recorder) -> None:
    secret = seen.one("Secret", "prod-mesh-eu-a-remote-secret")
    assert list(secret.inputs["data"]) == ["us-b"]
    content = json.loads(base64.b64decode(secret.inputs["data"]["us-b"]))
    authority = base64.b64encode(b"authority of prod-mesh-us-b-reader-token").decode()
    assert content["clusters"][0]["cluster"] == {
        "server": "https://us-b.example:6443",
        "certificate-authority-data": authority,
    }
    assert content["users"][0]["user"] == {"token": "token of prod-mesh-us-b-reader-token"}
    assert secret.depends_on == {"prod-mesh-eu-a-istio-namespace", "prod-mesh-us-b-reader-token"}


def test_cacerts_holds_the_members_own_intermediate(seen: Recorder) -> None:
    data = seen.one("Secret", "prod-mesh-us-b-cacerts").inputs["data"]
    key = base64.b64decode(data["ca-key.pem"]).decode()
    assert key == pem("prod-mesh-trust-us-b-ca-key-g1", "PRIVATE KEY")
    root = base64.b64decode(data["root-cert.pem"]).decode()
    assert root == pem("prod-mesh-trust-root-certificate-g1")


def test_intermediates_can_sign_workloads_only(seen: Recorder) -> None:
    for certificate in seen.of("LocallySignedCert"):
        assert certificate.inputs["isCaCertificate"] is True
        assert certificate.inputs["maxPathLength"] == 0
    assert seen.of("SelfSignedCert")[0].inputs["maxPathLength"] == 1


def test_records_tell_the_roots_fingerprint(folder: Path) -> None:
    seen, outputs = environment({"environment": document()})
    record = seen.one("ConfigMap", "prod-eu-a-record-in-master")
    assert record.inputs["data"]["rootFingerprint"] == outputs["root_fingerprint"]
    assert record.inputs["data"]["cluster"] == "eu-a"


def test_a_hierarchy_without_a_mesh_has_no_trust_and_no_fingerprint(folder: Path) -> None:
    plain = document()
    del plain["mesh"]
    seen, outputs = environment({"environment": plain})
    assert seen.of("Mesh") == seen.of("TrustRoot") == seen.of("Release") == []
    assert "rootFingerprint" not in seen.of("ConfigMap")[0].inputs["data"]
    assert outputs["mesh_id"] is None
    assert outputs["gateways"] == {}


def test_outputs_tell_what_was_made(folder: Path) -> None:
    _, outputs = environment({"environment": document()})
    assert {name: outputs[name] for name in PUBLIC} == {
        "clusters": {
            "hq": {"level": "master", "parent": "", "provider": "existing", "network": ""},
            "eu": {"level": "seed", "parent": "hq", "provider": "existing", "network": ""},
            "eu-a": {"level": "user", "parent": "eu", "provider": "existing", "network": "a"},
            "us-b": {"level": "user", "parent": "eu", "provider": "existing", "network": "b"},
        },
        "mesh_id": "acme",
        "networks": {"a": ["eu-a"], "b": ["us-b"]},
        "gateways": {
            "eu-a": "address of prod-mesh-eu-a-east-west-service",
            "us-b": "address of prod-mesh-us-b-east-west-service",
        },
        "root_certificate": pem("prod-mesh-trust-root-certificate-g1"),
        "expiry": {
            "root": "end of prod-mesh-trust-root-certificate-g1",
            "eu-a": "end of prod-mesh-trust-eu-a-ca-certificate-g1",
            "us-b": "end of prod-mesh-trust-us-b-ca-certificate-g1",
        },
    }
    assert outputs["kubeconfigs"]["hq"] == kubeconfig("hq")


def test_a_given_chain_of_trust_makes_no_key(folder: Path) -> None:
    members: dict[str, meshtier.ProvidedIntermediate] = {
        name: {"certificate": pem(f"{name} certificate"), "key": pem(f"{name} key", "PRIVATE KEY")}
        for name in ("eu-a", "us-b")
    }
    seen, outputs = environment(
        {
            "environment": document({"trust": {"root": "provided"}}),
            "trust": {"root_certificate": pem("root"), "members": members},
        }
    )
    assert [one.type for one in seen.registered if one.type.startswith("tls:")] == []
    cacerts = seen.one("Secret", "prod-mesh-eu-a-cacerts")
    assert base64.b64decode(cacerts.inputs["data"]["ca-key.pem"]).decode() == members["eu-a"]["key"]
    assert "data" in cacerts.secrets, "a key given as a plain text is still a secret"
    assert outputs["expiry"] == {}
