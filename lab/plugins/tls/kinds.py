"""The four resource types: what each takes, gives, keeps secret and is replaced for."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from . import certificates, keys

Properties = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """What creating a resource gave; `warning` is for the user to read."""

    id: str
    outputs: dict[str, Any]
    warning: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """One resource type. A change of any input replaces it, except of those `updatable`."""

    make: Callable[[Properties], Made]
    computed: tuple[str, ...]
    required: tuple[str, ...] = ()
    defaults: Properties = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    minimum: Mapping[str, int] = field(default_factory=dict)
    key: str = ""
    """The input that holds a private key, which `key` + `Wo` may replace: never in the state."""
    secrets: tuple[str, ...] = ()
    updatable: tuple[str, ...] = ()
    expires: bool = False

    @property
    def write_only(self) -> str:
        """The input that is used and then forgotten."""
        return f"{self.key}Wo" if self.key else ""

    @property
    def secret_properties(self) -> tuple[str, ...]:
        """Inputs and outputs that are secret whatever the program says."""
        return (*self.secrets, self.key) if self.key else self.secrets


def _private_key(inputs: Properties) -> Made:
    key = keys.generate(inputs["algorithm"], curve=inputs["ecdsaCurve"], bits=inputs["rsaBits"])
    id, outputs = keys.describe(key)
    return Made(id=id, outputs=outputs)


def _given_key(inputs: Properties, prop: str) -> keys.Key:
    return keys.parse(inputs.get(f"{prop}Wo") or inputs.get(prop) or "")


def _cert_request(inputs: Properties) -> Made:
    key = _given_key(inputs, "privateKeyPem")
    id, pem = certificates.request(certificates.subject_of(inputs, key.public_key()), key)
    outputs = {"certRequestPem": pem, "keyAlgorithm": keys.algorithm_of(key)}
    return Made(id=id, outputs=outputs)


def _terms(inputs: Properties) -> certificates.Terms:
    return certificates.Terms(
        uses=tuple(inputs["allowedUses"]),
        hours=inputs["validityPeriodHours"],
        is_ca=inputs["isCaCertificate"],
        max_path_length=inputs.get("maxPathLength", -1),
        with_subject_key_id=inputs["setSubjectKeyId"],
        with_authority_key_id=inputs.get("setAuthorityKeyId", False),
    )


def _issued(certificate: certificates.Certificate, inputs: Properties) -> dict[str, Any]:
    outputs = {
        "certPem": certificate.pem,
        "validityStartTime": certificate.start.isoformat().replace("+00:00", "Z"),
        "validityEndTime": certificate.end.isoformat().replace("+00:00", "Z"),
    }
    # Not computed here: the official plugin tells the truth at the next refresh or update.
    return outputs | {"readyForRenewal": False}


def _self_signed(inputs: Properties) -> Made:
    key = _given_key(inputs, "privateKeyPem")
    subject = certificates.subject_of(inputs, key.public_key())
    issued = certificates.issue(subject, _terms(inputs), None, key)
    outputs = _issued(issued, inputs) | {"keyAlgorithm": keys.algorithm_of(key)}
    return Made(id=issued.id, outputs=outputs)


def _locally_signed(inputs: Properties) -> Made:
    subject = certificates.requested(inputs["certRequestPem"])
    key = _given_key(inputs, "caPrivateKeyPem")
    issuer, is_authority = certificates.authority(inputs["caCertPem"], key)
    issued = certificates.issue(subject, _terms(inputs), issuer, key)
    outputs = _issued(issued, inputs) | {"caKeyAlgorithm": keys.algorithm_of(key)}
    warning = (
        ""
        if is_authority
        else (
            "the certificate provided as authority does not appear to be a valid certificate "
            "authority; the resulting certificate might fail validation"
        )
    )
    return Made(id=issued.id, outputs=outputs, warning=warning)


def ready_for_renewal(state: Properties) -> bool:
    """Whether a certificate is expired, or as close to it as `earlyRenewalHours`."""
    end = datetime.datetime.fromisoformat(state["validityEndTime"].replace("Z", "+00:00"))
    early = datetime.timedelta(hours=state.get("earlyRenewalHours") or 0)
    return end - early <= datetime.datetime.now(datetime.UTC)


_PERIOD: Final = ("certPem", "readyForRenewal", "validityEndTime", "validityStartTime")
_CERTIFICATE: Final[Properties] = {
    "earlyRenewalHours": 0,
    "isCaCertificate": False,
    "setSubjectKeyId": False,
}
_USES: Final = {"allowedUses": certificates.USES}
_HOURS: Final = {"validityPeriodHours": 0, "earlyRenewalHours": 0, "maxPathLength": -1}

KINDS: Final[Mapping[str, Kind]] = {
    "tls:index/privateKey:PrivateKey": Kind(
        make=_private_key,
        required=("algorithm",),
        defaults={"ecdsaCurve": "P224", "rsaBits": 2048},
        choices={"algorithm": keys.ALGORITHMS, "ecdsaCurve": tuple(keys.CURVES)},
        secrets=("privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"),
        computed=(
            "privateKeyOpenssh",
            "privateKeyPem",
            "privateKeyPemPkcs8",
            "publicKeyFingerprintMd5",
            "publicKeyFingerprintSha256",
            "publicKeyOpenssh",
            "publicKeyPem",
        ),
    ),
    "tls:index/certRequest:CertRequest": Kind(
        make=_cert_request,
        key="privateKeyPem",
        computed=("certRequestPem", "keyAlgorithm"),
    ),
    "tls:index/selfSignedCert:SelfSignedCert": Kind(
        make=_self_signed,
        key="privateKeyPem",
        required=("allowedUses", "validityPeriodHours"),
        defaults={**_CERTIFICATE, "setAuthorityKeyId": False},
        choices=_USES,
        minimum=_HOURS,
        updatable=("earlyRenewalHours",),
        expires=True,
        computed=(*_PERIOD, "keyAlgorithm"),
    ),
    "tls:index/locallySignedCert:LocallySignedCert": Kind(
        make=_locally_signed,
        key="caPrivateKeyPem",
        required=("allowedUses", "caCertPem", "certRequestPem", "validityPeriodHours"),
        defaults=_CERTIFICATE,
        choices=_USES,
        minimum=_HOURS,
        updatable=("earlyRenewalHours",),
        expires=True,
        computed=(*_PERIOD, "caKeyAlgorithm"),
    ),
}
