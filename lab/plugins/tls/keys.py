"""Private keys: made, parsed, and written in every form the plugin gives."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey

ALGORITHMS: Final = ("RSA", "ECDSA", "ED25519")
CURVES: Final[Mapping[str, type[ec.EllipticCurve]]] = {
    "P224": ec.SECP224R1,
    "P256": ec.SECP256R1,
    "P384": ec.SECP384R1,
    "P521": ec.SECP521R1,
}


def generate(algorithm: str, *, curve: str, bits: int) -> Key:
    """A new key; `curve` counts for ECDSA only, `bits` for RSA only."""
    if algorithm == "RSA":
        return rsa.generate_private_key(public_exponent=65537, key_size=bits)
    if algorithm == "ECDSA":
        return ec.generate_private_key(CURVES[curve]())
    return ed25519.Ed25519PrivateKey.generate()


def parse(pem: str) -> Key:
    """The key in `pem` (PKCS#1, SEC 1 or PKCS#8).

    Raises:
        ValueError: it holds no private key of a known algorithm; the text never shows the input.
    """
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("failed to parse private key PEM") from None
    if not isinstance(key, Key):
        raise ValueError("failed to parse private key PEM: unsupported key algorithm")
    return key


def algorithm_of(key: Key) -> str:
    """`RSA`, `ECDSA` or `ED25519`."""
    if isinstance(key, rsa.RSAPrivateKey):
        return "RSA"
    return "ECDSA" if isinstance(key, ec.EllipticCurvePrivateKey) else "ED25519"


def signature_hash(key: Key) -> hashes.SHA256 | hashes.SHA384 | hashes.SHA512 | None:
    """The digest a signature by `key` uses: as long as the curve; none for ED25519."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return None
    size = key.curve.key_size if isinstance(key, ec.EllipticCurvePrivateKey) else 0
    if size > 384:
        return hashes.SHA512()
    return hashes.SHA384() if size == 384 else hashes.SHA256()


def subject_key_id(key: PublicKey) -> bytes:
    """SHA-1 over the bare public key, as the official plugin forms it.

    For ED25519 it hashes the key as an ASN.1 octet string, a quirk that is part of the contract.
    """
    if isinstance(key, rsa.RSAPublicKey):
        form = (serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        form = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    else:
        form = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    octets = key.public_bytes(*form)
    if isinstance(key, ed25519.Ed25519PublicKey):
        octets = b"\x04" + bytes([len(octets)]) + octets
    return hashlib.sha1(octets, usedforsecurity=False).digest()


def identity(octets: bytes) -> str:
    """The resource id of what `octets` encode."""
    return hashlib.sha1(octets.strip(), usedforsecurity=False).hexdigest()


def describe(key: Key) -> tuple[str, dict[str, Any]]:
    """The resource id of `key` and every output that is computed from it."""
    public = key.public_key()
    der = public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    traditional = serialization.PrivateFormat.TraditionalOpenSSL
    pkcs8 = serialization.PrivateFormat.PKCS8
    is_ed25519 = isinstance(key, ed25519.Ed25519PrivateKey)
    outputs = {
        "privateKeyPem": _private(key, pkcs8 if is_ed25519 else traditional),
        "privateKeyPemPkcs8": _private(key, pkcs8),
        "publicKeyPem": public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ).decode(),
    }
    return identity(der), outputs | _openssh(key)


def _private(key: Key, form: serialization.PrivateFormat) -> str:
    pem = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    return pem.decode()


def _openssh(key: Key) -> dict[str, str]:
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.key_size == 224:
        # OpenSSH has no P-224; the official plugin leaves these outputs empty.
        private, line, md5, sha256 = "", "", "", ""
    else:
        private = _private(key, serialization.PrivateFormat.OpenSSH)
        bare = key.public_key().public_bytes(
            serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
        )
        blob = base64.b64decode(bare.split()[1])
        line = bare.decode() + "\n"
        md5 = hashlib.md5(blob, usedforsecurity=False).hexdigest()
        md5 = ":".join(md5[at : at + 2] for at in range(0, len(md5), 2))
        sha256 = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
        sha256 = f"SHA256:{sha256}"
    return {
        "privateKeyOpenssh": private,
        "publicKeyOpenssh": line,
        "publicKeyFingerprintMd5": md5,
        "publicKeyFingerprintSha256": sha256,
    }
