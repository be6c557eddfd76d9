"""The chain of trust: what is signed by whom, and the named functions on late certificates."""

import base64
import hashlib
import ssl
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ..spec.model import MeshSpec, TrustSpec
from . import names
from .model import CertificatePlan, TrustPlan
from .topology import Member

ISTIOD_DNS_NAME: Final = "istiod.istio-system.svc"
_MAX_COMMON_NAME: Final = 64
"""Longest X.509 attribute of this kind (RFC 5280, ub-common-name)."""
_EARLY_RENEWAL_HOURS: Final = 720
"""An intermediate is renewed by the first `up` in its last 30 days."""


def plan_trust(
    component: str, mesh: MeshSpec, members: Sequence[Member], *, protect: bool = False
) -> TrustPlan:
    """Return the chain: one root, one intermediate per member, each with its generation."""
    return TrustPlan(
        mode=mesh.trust.root,
        algorithm=mesh.trust.algorithm,
        root=replace(_root(component, mesh), protect=protect),
        intermediates={
            member.name: replace(
                _intermediate(component, mesh, member.name), protect=protect and member.protect
            )
            for member in sorted(members, key=lambda member: member.name)
        },
    )


def cacerts_data(*, ca_certificate: str, ca_key: str, root_certificate: str) -> dict[str, str]:
    """Return the `data` (base64) of Secret cacerts from PEM texts."""
    chain = _lines(ca_certificate) + _lines(root_certificate)
    texts = {
        "ca-cert.pem": _lines(ca_certificate),
        "ca-key.pem": _lines(ca_key),
        "cert-chain.pem": chain,
        "root-cert.pem": _lines(root_certificate),
    }
    return {key: base64.b64encode(text.encode()).decode() for key, text in texts.items()}


def fingerprint(pem: str) -> str:
    """Return the SHA-256 of a certificate as upper-case hex with colons, as `openssl` prints it.

    Raises ValueError when `pem` does not hold one certificate.
    """
    if pem.count(ssl.PEM_HEADER) != 1:
        raise ValueError("not one certificate in PEM form")
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem.strip())).hexdigest().upper()
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))


def _root(component: str, mesh: MeshSpec) -> CertificatePlan:
    trust = mesh.trust
    return CertificatePlan(
        key_name=_name(component, names.ROOT_KEY, trust.root_generation),
        request_name=None,
        certificate_name=_name(component, names.ROOT_CERTIFICATE, trust.root_generation),
        common_name=_common_name(mesh.id, "root"),
        organization=mesh.id,
        organizational_unit=None,
        dns_names=(),
        validity_hours=trust.root_validity_hours,
        # A new root is a rotation in steps; it never happens because a date has passed.
        early_renewal_hours=0,
        # One authority may follow, which ends the chain at the intermediates: the tls provider
        # may read the 0 they ask for as no limit at all.
        path_length=1,
        protect=False,
    )


def _intermediate(component: str, mesh: MeshSpec, cluster: str) -> CertificatePlan:
    number = mesh.trust.intermediate_generation
    holder = names.member(component, cluster)
    return CertificatePlan(
        key_name=_name(holder, names.CA_KEY, number),
        request_name=_name(holder, names.CA_REQUEST, number),
        certificate_name=_name(holder, names.CA_CERTIFICATE, number),
        common_name=_common_name(cluster, "intermediate"),
        organization=mesh.id,
        organizational_unit=cluster,
        dns_names=(ISTIOD_DNS_NAME,),
        validity_hours=mesh.trust.intermediate_validity_hours,
        early_renewal_hours=_early_renewal(mesh.trust),
        path_length=0,
        protect=False,
    )


def _early_renewal(trust: TrustSpec) -> int:
    # At most a tenth of the life, so that a short-lived one is not born due for renewal.
    return min(_EARLY_RENEWAL_HOURS, trust.intermediate_validity_hours // 10)


def _common_name(holder: str, what: str) -> str:
    name = f"{holder} {what}"
    return name if len(name) <= _MAX_COMMON_NAME else holder


def _name(component: str, role: str, number: int) -> str:
    return names.child(component, names.generation(role, number))


def _lines(pem: str) -> str:
    return pem.strip() + "\n"
