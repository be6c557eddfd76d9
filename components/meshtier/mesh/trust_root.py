"""The mesh's chain of trust: one root, one intermediate certificate authority per member."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_tls as tls

from ..args import ProvidedTrust
from ..clouds.resources import protected
from ..plan.model import CertificatePlan, MeshPlan, TrustPlan
from ..plan.trust import fingerprint
from ..spec.model import KeyAlgorithm, RootMode

_USES: Final = ("cert_signing", "crl_signing")
"""What a certificate authority may do, and nothing else."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Intermediate:
    """Certificate authority of one member."""

    certificate: pulumi.Output[str]
    key: pulumi.Output[str]
    """Secret."""


class TrustRoot(pulumi.ComponentResource):
    """The chain of trust of one mesh, generated or provided."""

    root_certificate: pulumi.Output[str]
    """PEM certificate of the root. Public."""
    fingerprint: pulumi.Output[str]
    """SHA-256 of the root certificate, as `openssl x509 -fingerprint -sha256` prints it."""
    expiry: Mapping[str, pulumi.Output[str]]
    """End of validity, RFC 3339, of the `root` and of each member's intermediate by name.

    Empty when the chain is provided: what was made elsewhere is watched there."""
    intermediates: Mapping[str, Intermediate]
    """By member name."""

    def __init__(
        self, *, plan: MeshPlan, given: ProvidedTrust | None, parent: pulumi.Resource
    ) -> None:
        """Register the chain of `plan`, or take the given one when the root is provided."""
        super().__init__(
            "meshtier:index:TrustRoot",
            plan.trust_name,
            {"mode": plan.trust.mode.value, "algorithm": plan.trust.algorithm.value},
            pulumi.ResourceOptions(parent=parent),
        )
        if plan.trust.mode is RootMode.PROVIDED and given is not None:
            self._take(plan, given)
        else:
            self._generate(plan)
        self.fingerprint = self.root_certificate.apply(fingerprint)
        self.register_outputs(
            {"rootCertificate": self.root_certificate, "fingerprint": self.fingerprint}
        )

    def _take(self, plan: MeshPlan, given: ProvidedTrust) -> None:
        self.root_certificate = pulumi.Output.unsecret(
            pulumi.Output.from_input(given["root_certificate"])
        )
        self.expiry = {}
        self.intermediates = {
            name: Intermediate(
                certificate=pulumi.Output.from_input(given["members"][name]["certificate"]),
                key=pulumi.Output.secret(given["members"][name]["key"]),
            )
            for name in plan.trust.intermediates
        }

    def _generate(self, plan: MeshPlan) -> None:
        provider = tls.Provider(
            plan.tls_provider_name,
            opts=pulumi.ResourceOptions(parent=self, protect=protected(plan.trust.root.protect)),
        )
        options = pulumi.ResourceOptions(parent=self, provider=provider)
        root_key = _key(plan.trust.root, plan.trust.algorithm, options)
        root = _root(plan.trust.root, root_key, options)
        signed = {
            name: _intermediate(certificate, plan.trust, (root_key, root), options)
            for name, certificate in plan.trust.intermediates.items()
        }
        self.root_certificate = root.cert_pem
        self.expiry = {
            "root": root.validity_end_time,
            **{name: certificate.validity_end_time for name, (_, certificate) in signed.items()},
        }
        self.intermediates = {
            name: Intermediate(certificate=certificate.cert_pem, key=key.private_key_pem)
            for name, (key, certificate) in signed.items()
        }


def _key(
    plan: CertificatePlan, algorithm: KeyAlgorithm, options: pulumi.ResourceOptions
) -> tls.PrivateKey:
    guarded = _protecting(plan, options)
    if algorithm is KeyAlgorithm.RSA_4096:
        return tls.PrivateKey(plan.key_name, algorithm="RSA", rsa_bits=4096, opts=guarded)
    return tls.PrivateKey(plan.key_name, algorithm="ECDSA", ecdsa_curve="P256", opts=guarded)


def _protecting(plan: CertificatePlan, options: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    protect = pulumi.ResourceOptions(protect=protected(plan.protect))
    return pulumi.ResourceOptions.merge(options, protect)


def _root(
    plan: CertificatePlan, key: tls.PrivateKey, options: pulumi.ResourceOptions
) -> tls.SelfSignedCert:
    return tls.SelfSignedCert(
        plan.certificate_name,
        private_key_pem=key.private_key_pem,
        subject=tls.SelfSignedCertSubjectArgs(
            common_name=plan.common_name,
            organization=plan.organization,
            organizational_unit=plan.organizational_unit,
        ),
        is_ca_certificate=True,
        max_path_length=plan.path_length,
        set_subject_key_id=True,
        allowed_uses=_USES,
        validity_period_hours=plan.validity_hours,
        early_renewal_hours=plan.early_renewal_hours,
        opts=_protecting(plan, options),
    )


def _intermediate(
    plan: CertificatePlan,
    trust: TrustPlan,
    root: tuple[tls.PrivateKey, tls.SelfSignedCert],
    options: pulumi.ResourceOptions,
) -> tuple[tls.PrivateKey, tls.LocallySignedCert]:
    key = _key(plan, trust.algorithm, options)
    request = tls.CertRequest(
        plan.request_name or plan.certificate_name,
        private_key_pem=key.private_key_pem,
        subject=tls.CertRequestSubjectArgs(
            common_name=plan.common_name,
            organization=plan.organization,
            organizational_unit=plan.organizational_unit,
        ),
        dns_names=plan.dns_names,
        opts=options,
    )
    root_key, root_certificate = root
    certificate = tls.LocallySignedCert(
        plan.certificate_name,
        ca_private_key_pem=root_key.private_key_pem,
        ca_cert_pem=root_certificate.cert_pem,
        cert_request_pem=request.cert_request_pem,
        is_ca_certificate=True,
        max_path_length=plan.path_length,
        set_subject_key_id=True,
        allowed_uses=_USES,
        validity_period_hours=plan.validity_hours,
        early_renewal_hours=plan.early_renewal_hours,
        opts=options,
    )
    return key, certificate
