"""Keys and certificates of one cluster: its authority, servers, clients and kubeconfigs.

Everything is ECDSA P-256 and lives in files of mode 0600; nothing is ever printed.
"""

import base64
import datetime
import ipaddress
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from .process import write_atomically

_LIFE = datetime.timedelta(days=3650)
# Clocks of machines that share a checkout differ a little.
_SKEW = datetime.timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaf:
    """One certificate to make."""

    file: str
    user: str
    groups: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """DNS names and addresses; makes it a server's certificate too."""


CLIENTS = (
    Leaf(file="admin", user="lab-admin", groups=("system:masters",)),
    Leaf(file="kubelet-client", user="apiserver-kubelet-client", groups=("system:masters",)),
    # The node controller removes the not-ready taint only with its full rights.
    Leaf(
        file="controller-manager", user="system:kube-controller-manager", groups=("system:masters",)
    ),
    Leaf(file="scheduler", user="system:kube-scheduler"),
    Leaf(file="proxy", user="system:kube-proxy"),
    Leaf(file="dns", user="lab:dns"),
    Leaf(file="loadbalancer", user="lab:loadbalancer"),
    Leaf(file="etcd-client", user="etcd-client"),
)


class Authority:
    """The certificate authority of one cluster, and the directory that holds all it signed."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @property
    def certificate(self) -> Path:
        return self.directory / "ca.crt"

    def path(self, file: str) -> Path:
        return self.directory / file

    def exists(self) -> bool:
        """True once every file was written; a half-made directory counts as missing."""
        return (self.directory / "complete").exists()

    def make(self, server_names: Sequence[str], node: str, node_address: str) -> None:
        """Make all certificates afresh, keeping the service-account key when there is one."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self.directory / "complete").unlink(missing_ok=True)
        key, authority = _self_signed()
        self._write("ca.crt", authority.public_bytes(serialization.Encoding.PEM))
        leaves = (
            *CLIENTS,
            Leaf(file="apiserver", user="kube-apiserver", names=tuple(server_names)),
            Leaf(file="etcd", user="etcd", names=("127.0.0.1", "localhost")),
            Leaf(file="kubelet", user=f"system:node:{node}", groups=("system:nodes",)),
            Leaf(file="kubelet-server", user=node, names=(node, node_address)),
        )
        for leaf in leaves:
            self._sign(leaf, key, authority)
        if not self.path("service-accounts.key").exists():
            self._write_key_pair("service-accounts")
        (self.directory / "complete").touch()

    def _sign(
        self, leaf: Leaf, key: ec.EllipticCurvePrivateKey, authority: x509.Certificate
    ) -> None:
        own = ec.generate_private_key(ec.SECP256R1())
        groups = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group) for group in leaf.groups]
        subject = x509.Name([*groups, x509.NameAttribute(NameOID.COMMON_NAME, leaf.user)])
        usages = [ExtendedKeyUsageOID.CLIENT_AUTH]
        builder = _builder(subject, authority.subject, own.public_key()).add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
        )
        if leaf.names:
            usages.append(ExtendedKeyUsageOID.SERVER_AUTH)
            names = x509.SubjectAlternativeName([_general_name(name) for name in leaf.names])
            builder = builder.add_extension(names, critical=False)
        certificate = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False).sign(
            key, hashes.SHA256()
        )
        self._write(f"{leaf.file}.crt", certificate.public_bytes(serialization.Encoding.PEM))
        self._write(f"{leaf.file}.key", _pem(own))

    def _write_key_pair(self, file: str) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self._write(f"{file}.key", _pem(key))
        self._write(f"{file}.pub", public)

    def _write(self, file: str, content: bytes) -> None:
        write_atomically(self.directory / file, content.decode())

    def kubeconfig(self, *, cluster: str, server: str, client: str) -> str:
        """A kubeconfig that needs no other file."""
        return json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [
                    {
                        "name": cluster,
                        "cluster": {
                            "server": server,
                            "certificate-authority-data": self._encoded("ca.crt"),
                        },
                    }
                ],
                "users": [
                    {
                        "name": client,
                        "user": {
                            "client-certificate-data": self._encoded(f"{client}.crt"),
                            "client-key-data": self._encoded(f"{client}.key"),
                        },
                    }
                ],
                "contexts": [{"name": cluster, "context": {"cluster": cluster, "user": client}}],
                "current-context": cluster,
            },
            indent=1,
        )

    def _encoded(self, file: str) -> str:
        return base64.b64encode(self.path(file).read_bytes()).decode()

    def discard(self) -> None:
        """Let the next `make` find nothing, but keep the service-account key."""
        (self.directory / "complete").unlink(missing_ok=True)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        # pilot-agent and etcd read either form; kube-controller-manager wants this one too.
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + _LIFE)
    )


def _signing_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )


def _self_signed() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    # A name of its own for each authority, so that no client takes an old one for the new.
    name = f"lab-ca-{x509.random_serial_number() % 10**8}"
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        _builder(subject, subject, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_signing_only(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return key, certificate
