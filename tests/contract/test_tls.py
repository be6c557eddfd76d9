"""Keys and certificates: what is in them, what stays secret, what replaces them."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from .conftest import Stack
from .tls_programs import DEFAULTS, KEYS, chain

pytestmark = pytest.mark.contract

SVC = x509.DNSName(DEFAULTS["dns"])


def replaced(stack: Stack, body: str) -> set[str]:
    done = stack.up(body)
    return {one.name for one in done.operations if one.op == "replace"}


@pytest.fixture
def certificates(stack: Stack) -> tuple[Stack, dict[str, Any]]:
    stack.up(chain())
    return stack, stack.engine.outputs(show_secrets=True)


def _extension(cert: x509.Certificate, kind: type[Any]) -> Any:
    return cert.extensions.get_extension_for_class(kind)


def test_a_key_comes_in_every_form_and_all_forms_are_the_same_key(stack: Stack) -> None:
    stack.up(KEYS)
    shown = stack.engine.outputs(show_secrets=True)
    kinds = {"rsa": rsa.RSAPrivateKey, "edwards": ed25519.Ed25519PrivateKey}
    for name, forms in shown.items():
        key: Any = serialization.load_pem_private_key(forms["pem"].encode(), None)
        assert isinstance(key, kinds.get(name, ec.EllipticCurvePrivateKey)), name
        public = key.public_key()
        pem = public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        assert forms["public"] == pem.decode(), name
        other: Any = serialization.load_pem_private_key(forms["pkcs8"].encode(), None)
        assert other.public_key() == public, name
        assert "BEGIN PRIVATE KEY" in forms["pkcs8"], name
    assert "BEGIN RSA PRIVATE KEY" in shown["rsa"]["pem"]
    assert "BEGIN EC PRIVATE KEY" in shown["p256"]["pem"]
    rsa_key: Any = serialization.load_pem_private_key(shown["rsa"]["pem"].encode(), None)
    assert rsa_key.key_size == 2048, "the default size"
    _check_openssh(shown)


def _check_openssh(shown: dict[str, Any]) -> None:
    """Fingerprints are those that `ssh-keygen -l` shows."""
    for name in ("rsa", "edwards", "p256", "p384", "p521"):
        forms = shown[name]
        blob = base64.b64decode(forms["line"].split()[1])
        digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
        assert forms["sha256"] == f"SHA256:{digest}", name
        assert forms["md5"].replace(":", "") == hashlib.md5(blob).hexdigest(), name
        assert forms["line"].endswith("\n"), name
        key: Any = serialization.load_ssh_private_key(forms["openssh"].encode(), None)
        line = key.public_key().public_bytes(
            serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
        )
        assert line == forms["line"].strip().encode(), name
    p224 = shown["default"]
    empty = {p224[form] for form in ("openssh", "line", "md5", "sha256")}
    assert empty == {""}, "the default curve is P-224, which OpenSSH doesn't know"


def test_a_chain_verifies_and_says_what_was_asked(
    certificates: tuple[Stack, dict[str, Any]],
) -> None:
    _, shown = certificates
    root = x509.load_pem_x509_certificate(shown["root"].encode())
    leaf = x509.load_pem_x509_certificate(shown["leaf"].encode())
    leaf.verify_directly_issued_by(root)
    root.verify_directly_issued_by(root)
    assert root.subject.rfc4514_string() == "CN=Root,O=acme"
    assert shown["algorithms"] == ["ECDSA", "ECDSA", "ECDSA"]
    assert isinstance(leaf.signature_hash_algorithm, hashes.SHA256), "as long as the curve"

    seconds = [text[: len("2026-01-01T00:00:00")] for text in shown["times"]]
    inside = [root.not_valid_before_utc, root.not_valid_after_utc]
    assert seconds == [time.strftime("%Y-%m-%dT%H:%M:%S") for time in inside]
    assert (inside[1] - inside[0]).total_seconds() == 48 * 3600

    limits = _extension(root, x509.BasicConstraints)
    assert limits.critical
    assert (limits.value.ca, limits.value.path_length) == (True, 1)
    assert _extension(leaf, x509.BasicConstraints).value.ca
    usage = _extension(leaf, x509.KeyUsage)
    assert usage.critical
    assert (usage.value.digital_signature, usage.value.key_cert_sign) == (True, True)
    assert not usage.value.crl_sign
    extended = list(_extension(leaf, x509.ExtendedKeyUsage).value)
    assert extended == [x509.oid.ExtendedKeyUsageOID.CLIENT_AUTH]

    names = _extension(leaf, x509.SubjectAlternativeName).value
    assert next(iter(names)) == SVC
    assert [str(ip) for ip in names.get_values_for_type(x509.IPAddress)] == ["10.0.0.1"]
    uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    assert uris == ["spiffe://acme.example/ns/istio-system/sa/istiod"]

    identifier = _extension(root, x509.SubjectKeyIdentifier).value.digest
    assert identifier == x509.SubjectKeyIdentifier.from_public_key(_ec(root)).digest
    assert _extension(leaf, x509.AuthorityKeyIdentifier).value.key_identifier == identifier
    with pytest.raises(x509.ExtensionNotFound):
        _extension(root, x509.AuthorityKeyIdentifier)


def _ec(cert: x509.Certificate) -> ec.EllipticCurvePublicKey:
    key = cert.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key


def test_an_authority_below_the_path_length_of_its_root_is_not_believed(stack: Stack) -> None:
    below = """
    below_key = key("below-key")
    below = tls.LocallySignedCert(
        "below", ca_cert_pem=leaf.cert_pem, ca_private_key_pem=leaf_key.private_key_pem,
        cert_request_pem=tls.CertRequest(
            "below-request", private_key_pem=below_key.private_key_pem,
            subject={"common_name": "Below"}, dns_names=["below.example"],
            opts=topts).cert_request_pem,
        is_ca_certificate=True, allowed_uses=["cert_signing"], validity_period_hours=12,
        set_subject_key_id=True, opts=topts)
    pulumi.export("below", below.cert_pem)
    end_key = key("end-key")
    end = tls.LocallySignedCert(
        "end", ca_cert_pem=below.cert_pem, ca_private_key_pem=below_key.private_key_pem,
        cert_request_pem=tls.CertRequest(
            "end-request", private_key_pem=end_key.private_key_pem,
            subject={"common_name": "End"}, dns_names=["end.example"],
            opts=topts).cert_request_pem,
        allowed_uses=["digital_signature", "server_auth"], validity_period_hours=12, opts=topts)
    pulumi.export("end", end.cert_pem)
    """
    issuing = chain().replace('"client_auth"', '"crl_signing"')
    stack.up(issuing + below)
    shown = stack.engine.outputs()
    loaded = {
        name: x509.load_pem_x509_certificate(shown[name].encode())
        for name in ("root", "leaf", "below", "end")
    }
    between = [loaded["leaf"], loaded["below"]]

    def verify(anchor: str) -> None:
        policy = PolicyBuilder().store(Store([loaded[anchor]]))
        verifier = policy.build_server_verifier(x509.DNSName("end.example"))
        verifier.verify(loaded["end"], between)

    verify("leaf")
    with pytest.raises(VerificationError):
        verify("root")


def test_private_keys_are_secret_in_the_state(certificates: tuple[Stack, dict[str, Any]]) -> None:
    stack, _ = certificates
    text = stack.plain_state()
    assert "PRIVATE KEY" not in text
    assert "BEGIN CERTIFICATE" in text, "certificates are public"
    marked = "4dabf18193072939515e22adb298388d"
    for name, props in {
        "root-key": ("privateKeyPem", "privateKeyPemPkcs8", "privateKeyOpenssh"),
        "root": ("privateKeyPem",),
        "request": ("privateKeyPem",),
        "leaf": ("caPrivateKeyPem",),
    }.items():
        outputs = stack.resource(name)["outputs"]
        assert all(marked in outputs[prop] for prop in props), name


def test_an_unchanged_program_changes_nothing(certificates: tuple[Stack, dict[str, Any]]) -> None:
    stack, before = certificates
    assert stack.up(chain()).changes == {}
    assert stack.engine.refresh().check().changes == {}
    assert stack.engine.outputs(show_secrets=True) == before


def test_a_new_name_replaces_the_request_and_what_it_was_for(
    certificates: tuple[Stack, dict[str, Any]],
) -> None:
    stack, before = certificates
    assert replaced(stack, chain(dns="istiod.elsewhere.svc")) == {"request", "leaf"}
    after = stack.engine.outputs(show_secrets=True)
    assert (after["root"] == before["root"], after["leaf"] == before["leaf"]) == (True, False)


def test_a_new_validity_replaces_the_certificate(
    certificates: tuple[Stack, dict[str, Any]],
) -> None:
    stack, _ = certificates
    assert replaced(stack, chain(hours=72)) == {"root", "leaf"}


def test_the_renewal_time_alone_changes_in_place(
    certificates: tuple[Stack, dict[str, Any]],
) -> None:
    stack, before = certificates
    assert stack.up(chain(early=2)).changes == {"update": 1}
    assert stack.engine.outputs(show_secrets=True)["root"] == before["root"]


def test_a_certificate_due_for_renewal_is_reported_and_replaced(
    certificates: tuple[Stack, dict[str, Any]],
) -> None:
    stack, before = certificates
    assert before["ready"] is False
    # All of its 48 hours count as early, so it is due from its first second.
    done = stack.up(chain(early=48))
    assert {one.name for one in done.operations if one.op == "replace"} >= {"root", "leaf"}
    assert stack.engine.outputs()["root"] != before["root"]
    stack.engine.refresh().check()
    assert stack.resource("root")["outputs"]["readyForRenewal"] is True


def test_a_preview_knows_nothing_of_keys_and_still_shows_all(stack: Stack) -> None:
    seen = stack.preview(chain())
    created = {one.name for one in seen.operations if one.op == "create"}
    assert {"root-key", "leaf-key", "root", "request", "leaf"} <= created


# One at a time: the engine stops at the first refusal it hears.
@pytest.mark.parametrize(
    ("resource", "refused"),
    [
        ('tls.PrivateKey("k", algorithm="ECDSA", ecdsa_curve="P999", opts=topts)', "P999"),
        (
            'tls.SelfSignedCert("c", private_key_pem="x", allowed_uses=["magic"], '
            "validity_period_hours=1, opts=topts)",
            "magic",
        ),
    ],
)
def test_wrong_inputs_are_refused_in_the_preview(stack: Stack, resource: str, refused: str) -> None:
    stack.write(f"""
        tlsp = tls.Provider("tls")
        topts = pulumi.ResourceOptions(provider=tlsp)
        {resource}
    """)
    done = stack.engine.preview()
    assert done.returncode != 0
    assert refused in done.output


def test_an_unreadable_key_is_not_repeated_in_the_error(stack: Stack) -> None:
    stack.write(
        'tlsp = tls.Provider("tls")\n'
        "topts = pulumi.ResourceOptions(provider=tlsp)\n"
        'tls.CertRequest("r", private_key_pem="canary-not-a-key", opts=topts)\n'
    )
    done = stack.engine.up()
    assert done.returncode != 0
    assert "private key" in done.output
    assert "canary-not-a-key" not in done.output
