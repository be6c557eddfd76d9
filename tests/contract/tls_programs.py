"""Programs with keys and certificates."""

from typing import Any

KEYS = """
    tlsp = tls.Provider("tls")
    topts = pulumi.ResourceOptions(provider=tlsp)
    for name, given in {
        "rsa": {"algorithm": "RSA"},
        "edwards": {"algorithm": "ED25519"},
        "default": {"algorithm": "ECDSA"},
        "p256": {"algorithm": "ECDSA", "ecdsa_curve": "P256"},
        "p384": {"algorithm": "ECDSA", "ecdsa_curve": "P384"},
        "p521": {"algorithm": "ECDSA", "ecdsa_curve": "P521"},
    }.items():
        key = tls.PrivateKey(name, opts=topts, **given)
        pulumi.export(name, {
            "pem": key.private_key_pem, "pkcs8": key.private_key_pem_pkcs8,
            "openssh": key.private_key_openssh, "public": key.public_key_pem,
            "line": key.public_key_openssh, "md5": key.public_key_fingerprint_md5,
            "sha256": key.public_key_fingerprint_sha256,
        })
"""

CHAIN = """
    tlsp = tls.Provider("tls")
    topts = pulumi.ResourceOptions(provider=tlsp)

    def key(name):
        return tls.PrivateKey(name, algorithm="ECDSA", ecdsa_curve="P256", opts=topts)

    root_key, leaf_key = key("root-key"), key("leaf-key")
    root = tls.SelfSignedCert(
        "root", private_key_pem=root_key.private_key_pem, is_ca_certificate=True,
        allowed_uses=["cert_signing", "crl_signing"], validity_period_hours=%(hours)s,
        early_renewal_hours=%(early)s, max_path_length=1,
        subject={"common_name": "Root", "organization": "acme"}, opts=topts)
    request = tls.CertRequest(
        "request", private_key_pem=leaf_key.private_key_pem,
        subject={"common_name": "Intermediate", "organization": "acme"},
        dns_names=["%(dns)s"], ip_addresses=["10.0.0.1"],
        uris=["spiffe://acme.example/ns/istio-system/sa/istiod"], opts=topts)
    leaf = tls.LocallySignedCert(
        "leaf", ca_cert_pem=root.cert_pem, ca_private_key_pem=root_key.private_key_pem,
        cert_request_pem=request.cert_request_pem, is_ca_certificate=True,
        allowed_uses=["digital_signature", "cert_signing", "client_auth"],
        validity_period_hours=24, opts=topts)
    pulumi.export("root", root.cert_pem)
    pulumi.export("leaf", leaf.cert_pem)
    pulumi.export("request", request.cert_request_pem)
    pulumi.export("ready", root.ready_for_renewal)
    pulumi.export("times", [root.validity_start_time, root.validity_end_time])
    pulumi.export("algorithms", [request.key_algorithm, root.key_algorithm, leaf.ca_key_algorithm])
"""

DEFAULTS = {"hours": 48, "early": 1, "dns": "istiod.istio-system.svc"}


def chain(**changes: Any) -> str:
    """The chain, with some of `DEFAULTS` changed."""
    return CHAIN % {**DEFAULTS, **changes}
