"""The chain of trust, and what is made of certificates once they are there."""

import base64
import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from meshtier.plan.topology import Member
from meshtier.plan.trust import cacerts_data, fingerprint, plan_trust
from meshtier.spec.model import IstioSpec, KeyAlgorithm, MeshSpec, TrustSpec

from tests.support.environments import member


def mesh(**trust: int | str) -> MeshSpec:
    """Return a mesh with the given chain of trust."""
    return MeshSpec(
        id="acme", istio=IstioSpec(version="1.31.1"), trust=TrustSpec.model_validate(trust)
    )


def members(*names: str, protect: bool = False) -> list[Member]:
    """Return members of those names, all on one network."""
    return [Member(name=name, settings=member("one"), protect=protect) for name in names]


@pytest.fixture(scope="module")
def certificate() -> x509.Certificate:
    """A certificate that signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    day = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(day)
        .not_valid_after(day + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )


def test_one_root_signs_one_intermediate_per_member() -> None:
    plan = plan_trust("mesh-trust", mesh(), members("us", "eu"))
    assert plan.algorithm is KeyAlgorithm.ECDSA_P256
    assert (plan.root.common_name, plan.root.organization) == ("acme root", "acme")
    assert plan.root.request_name is None
    assert plan.root.path_length == 1, "the chain ends at the intermediates"
    assert list(plan.intermediates) == ["eu", "us"]
    eu = plan.intermediates["eu"]
    assert (eu.common_name, eu.organization, eu.organizational_unit) == (
        "eu intermediate",
        "acme",
        "eu",
    )
    assert eu.dns_names == ("istiod.istio-system.svc",)
    assert eu.path_length == 0, "an intermediate signs workloads and no further authority"


def test_a_generation_renames_what_it_renews_and_nothing_else() -> None:
    before = plan_trust("t", mesh(), members("eu"))
    root = plan_trust("t", mesh(rootGeneration=2), members("eu"))
    assert (root.root.key_name, root.root.certificate_name) == (
        "t-root-key-g2",
        "t-root-certificate-g2",
    )
    assert root.intermediates == before.intermediates
    inner = plan_trust("t", mesh(intermediateGeneration=2), members("eu"))
    assert inner.root == before.root
    assert inner.intermediates["eu"].key_name == "t-eu-ca-key-g2"
    assert inner.intermediates["eu"].request_name == "t-eu-ca-request-g2"
    assert inner.intermediates["eu"].certificate_name == "t-eu-ca-certificate-g2"


def test_a_root_never_renews_itself_and_an_intermediate_late_in_its_life() -> None:
    plan = plan_trust("t", mesh(), members("eu"))
    assert plan.root.early_renewal_hours == 0
    assert plan.intermediates["eu"].early_renewal_hours == 720
    short = plan_trust("t", mesh(intermediateValidityHours=24), members("eu"))
    assert short.intermediates["eu"].early_renewal_hours == 2


@given(st.text("ab-", min_size=1, max_size=63))
def test_a_common_name_fits_its_certificate(cluster: str) -> None:
    plan = plan_trust("t", mesh(), members(cluster))
    assert len(plan.intermediates[cluster].common_name) <= 64
    assert plan.intermediates[cluster].common_name.startswith(cluster)


def test_cacerts_holds_the_four_files_istiod_reads() -> None:
    seen = cacerts_data(ca_certificate="CERT\n", ca_key="KEY", root_certificate="ROOT\n\n")
    assert {name: base64.b64decode(text).decode() for name, text in seen.items()} == {
        "ca-cert.pem": "CERT\n",
        "ca-key.pem": "KEY\n",
        "cert-chain.pem": "CERT\nROOT\n",
        "root-cert.pem": "ROOT\n",
    }


def test_a_fingerprint_is_the_digest_of_the_certificate_itself(
    certificate: x509.Certificate,
) -> None:
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    expected = certificate.fingerprint(hashes.SHA256()).hex(":").upper()
    assert fingerprint(pem) == expected
    assert fingerprint(f"\n{pem}\n\n") == expected


def test_a_fingerprint_of_anything_but_one_certificate_is_refused(
    certificate: x509.Certificate,
) -> None:
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    for text in ("no certificate", pem + pem):
        with pytest.raises(ValueError, match="not one certificate"):
            fingerprint(text)
