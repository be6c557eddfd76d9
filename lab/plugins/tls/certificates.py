"""Certificate requests and certificates, with the extensions the official plugin writes."""

from __future__ import annotations

import datetime
import ipaddress
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from . import keys

KEY_USAGES: Final[Mapping[str, str]] = {
    "digital_signature": "digital_signature",
    "content_commitment": "content_commitment",
    "key_encipherment": "key_encipherment",
    "data_encipherment": "data_encipherment",
    "key_agreement": "key_agreement",
    "cert_signing": "key_cert_sign",
    "crl_signing": "crl_sign",
    "encipher_only": "encipher_only",
    "decipher_only": "decipher_only",
}
EXTENDED_KEY_USAGES: Final[Mapping[str, ObjectIdentifier]] = {
    "any_extended": ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
    "client_auth": ExtendedKeyUsageOID.CLIENT_AUTH,
    "code_signing": ExtendedKeyUsageOID.CODE_SIGNING,
    "email_protection": ExtendedKeyUsageOID.EMAIL_PROTECTION,
    "ipsec_end_system": ObjectIdentifier("1.3.6.1.5.5.7.3.5"),
    "ipsec_tunnel": ObjectIdentifier("1.3.6.1.5.5.7.3.6"),
    "ipsec_user": ObjectIdentifier("1.3.6.1.5.5.7.3.7"),
    "microsoft_commercial_code_signing": ObjectIdentifier("1.3.6.1.4.1.311.2.1.22"),
    "microsoft_kernel_code_signing": ObjectIdentifier("1.3.6.1.4.1.311.61.1.1"),
    "microsoft_server_gated_crypto": ObjectIdentifier("1.3.6.1.4.1.311.10.3.3"),
    "netscape_server_gated_crypto": ObjectIdentifier("2.16.840.1.113730.4.1"),
    "ocsp_signing": ExtendedKeyUsageOID.OCSP_SIGNING,
    "server_auth": ExtendedKeyUsageOID.SERVER_AUTH,
    "timestamping": ExtendedKeyUsageOID.TIME_STAMPING,
}
USES: Final = tuple(sorted([*KEY_USAGES, *EXTENDED_KEY_USAGES]))

_SUBJECT: Final[Mapping[str, ObjectIdentifier]] = {
    "country": NameOID.COUNTRY_NAME,
    "organization": NameOID.ORGANIZATION_NAME,
    "organizationalUnit": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "locality": NameOID.LOCALITY_NAME,
    "province": NameOID.STATE_OR_PROVINCE_NAME,
    "streetAddresses": NameOID.STREET_ADDRESS,
    "postalCode": NameOID.POSTAL_CODE,
    "commonName": NameOID.COMMON_NAME,
    "serialNumber": NameOID.SERIAL_NUMBER,
    "emailAddress": NameOID.EMAIL_ADDRESS,
}
"""Property to attribute, in the order the attributes stand in a name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """Whom a certificate names."""

    name: x509.Name
    alternatives: tuple[x509.GeneralName, ...]
    public_key: keys.PublicKey


@dataclass(frozen=True, kw_only=True, slots=True)
class Issuer:
    """Who signs a certificate; `key_id` is None where its certificate carries none."""

    name: x509.Name
    key: keys.Key
    key_id: bytes | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What a certificate allows, and for how many hours."""

    uses: tuple[str, ...]
    hours: int
    is_ca: bool = False
    max_path_length: int = -1
    with_subject_key_id: bool = False
    with_authority_key_id: bool = False

    @property
    def subject_key_id_wanted(self) -> bool:
        """A certificate authority always carries its key id."""
        return self.with_subject_key_id or self.is_ca


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """An issued certificate; `id` is its serial number in decimal."""

    id: str
    pem: str
    start: datetime.datetime
    end: datetime.datetime


def subject_of(inputs: Mapping[str, Any], public_key: keys.PublicKey) -> Subject:
    """The subject described by the properties `subject`, `dnsNames`, `ipAddresses`, `uris`.

    Raises:
        ValueError: an IP address can't be parsed.
    """
    return Subject(
        name=_name(inputs.get("subject") or {}),
        alternatives=(
            *(x509.DNSName(name) for name in inputs.get("dnsNames") or ()),
            *(x509.IPAddress(_address(text)) for text in inputs.get("ipAddresses") or ()),
            *(x509.UniformResourceIdentifier(uri) for uri in inputs.get("uris") or ()),
        ),
        public_key=public_key,
    )


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise ValueError(f'invalid IP address: failed to parse "{text}"') from None


def _name(subject: Mapping[str, Any]) -> x509.Name:
    names: list[x509.RelativeDistinguishedName] = []
    for prop, oid in _SUBJECT.items():
        value = subject.get(prop)
        values: Sequence[str] = value if isinstance(value, list) else [value] if value else []
        if values:
            # The official plugin writes any text, so cryptography's length rules are switched off.
            attributes = [x509.NameAttribute(oid, text, _validate=False) for text in values]
            names.append(x509.RelativeDistinguishedName(attributes))
    return x509.Name(names)


def request(subject: Subject, key: keys.Key) -> tuple[str, str]:
    """The id and the PEM of a request for `subject`, signed by its own `key`."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject.name)
    if subject.alternatives:
        names = x509.SubjectAlternativeName(subject.alternatives)
        builder = builder.add_extension(names, critical=not list(subject.name))
    signed = builder.sign(key, keys.signature_hash(key))
    der = signed.public_bytes(serialization.Encoding.DER)
    return keys.identity(der), signed.public_bytes(serialization.Encoding.PEM).decode()


def requested(pem: str) -> Subject:
    """The subject that a certificate request names.

    Raises:
        ValueError: `pem` is no certificate request.
    """
    try:
        parsed = x509.load_pem_x509_csr(pem.encode())
        extension = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        alternatives = tuple(extension.value)
    except ValueError:
        raise ValueError("failed to parse certificate request PEM") from None
    except x509.ExtensionNotFound:
        alternatives = ()
    public_key = parsed.public_key()
    if not isinstance(public_key, keys.PublicKey):
        raise ValueError("failed to parse certificate request PEM: unsupported key algorithm")
    return Subject(name=parsed.subject, alternatives=alternatives, public_key=public_key)


def authority(pem: str, key: keys.Key) -> tuple[Issuer, bool]:
    """The issuer behind a certificate and its key, and whether it is marked as an authority.

    Raises:
        ValueError: `pem` is no certificate, or `key` isn't the key it was issued for.
    """
    try:
        parsed = x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        raise ValueError("failed to parse CA certificate PEM") from None
    if parsed.public_key() != key.public_key():
        raise ValueError(
            "failed to create certificate: x509: provided PrivateKey doesn't match parent's "
            "PublicKey"
        )
    key_id: bytes | None = None
    is_ca = False
    for extension in parsed.extensions:
        if isinstance(extension.value, x509.SubjectKeyIdentifier):
            key_id = extension.value.digest
        elif isinstance(extension.value, x509.BasicConstraints):
            is_ca = extension.value.ca
    return Issuer(name=parsed.subject, key=key, key_id=key_id), is_ca


def issue(subject: Subject, terms: Terms, issuer: Issuer | None, key: keys.Key) -> Certificate:
    """A certificate for `subject`, signed by `issuer`, or by `key` itself where that is None.

    Raises:
        ValueError: an authority without a name, or an authority key id that nobody has.
    """
    if terms.is_ca and not list(subject.name):
        raise ValueError(
            "invalid certificate subject: must contain at least one distinguished name when "
            "creating certificate authority (CA)"
        )
    own_id = keys.subject_key_id(subject.public_key) if terms.subject_key_id_wanted else None
    signer = issuer or Issuer(name=subject.name, key=key, key_id=own_id)
    if terms.with_authority_key_id and signer.key_id is None:
        raise ValueError(
            "invalid certificate authority: could not determine authority key identifier"
        )
    start = datetime.datetime.now(datetime.UTC)
    end = start + datetime.timedelta(hours=terms.hours)
    serial = secrets.randbelow((1 << 128) - 1) + 1
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject.name)
        .issuer_name(signer.name)
        .public_key(subject.public_key)
        .serial_number(serial)
        .not_valid_before(start)
        .not_valid_after(end)
    )
    names_issuer = terms.with_authority_key_id or signer.name != subject.name
    for extension, critical in _extensions(
        subject, terms, own_id, signer.key_id if names_issuer else None
    ):
        builder = builder.add_extension(extension, critical)
    signed = builder.sign(signer.key, keys.signature_hash(signer.key))
    pem = signed.public_bytes(serialization.Encoding.PEM).decode()
    return Certificate(id=str(serial), pem=pem, start=start, end=end)


def _extensions(
    subject: Subject, terms: Terms, own_id: bytes | None, issuer_id: bytes | None
) -> list[tuple[x509.ExtensionType, bool]]:
    found: list[tuple[x509.ExtensionType, bool]] = []
    usages = {KEY_USAGES[use] for use in terms.uses if use in KEY_USAGES}
    if usages:
        flags = {name: name in usages for name in KEY_USAGES.values()}
        if not flags["key_agreement"]:
            # Without key_agreement RFC 5280 leaves both undefined, and cryptography refuses them.
            flags["encipher_only"] = flags["decipher_only"] = False
        found.append((x509.KeyUsage(**flags), True))
    extended = [EXTENDED_KEY_USAGES[use] for use in terms.uses if use in EXTENDED_KEY_USAGES]
    if extended:
        found.append((x509.ExtendedKeyUsage(extended), False))
    # Go reads a path length of 0 as "none" unless a second field says otherwise, and the official
    # plugin doesn't set that field; a limit below an authority goes on its own issuer instead.
    limit = terms.max_path_length if terms.is_ca and terms.max_path_length > 0 else None
    found.append((x509.BasicConstraints(ca=terms.is_ca, path_length=limit), True))
    if own_id is not None:
        found.append((x509.SubjectKeyIdentifier(own_id), False))
    if issuer_id is not None:
        found.append((x509.AuthorityKeyIdentifier(issuer_id, None, None), False))
    if subject.alternatives:
        names = x509.SubjectAlternativeName(subject.alternatives)
        found.append((names, not list(subject.name)))
    return found
