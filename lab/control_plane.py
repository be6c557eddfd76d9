"""etcd, API server, controller-manager and scheduler of one cluster, as commands.

The same commands serve both modes; only addresses and ports differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .pki import Authority
from .spec import ClusterLab
from .supervisor import Command

API = "kube-apiserver"
TOOLS = ("etcd", "kube-apiserver", "kube-controller-manager")


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """Where one cluster's servers listen."""

    address: str
    """Of the API server: on the bridge, or 127.0.0.1."""

    port: int = 6443
    etcd_port: int = 2379
    etcd_peer_port: int = 2380

    @property
    def url(self) -> str:
        return f"https://{self.address}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        return self.address.startswith("127.")


def server_names(cluster: ClusterLab, endpoint: Endpoint) -> tuple[str, ...]:
    """Every name and address by which the API server is called."""
    in_cluster = ["kubernetes", "default", "svc", "cluster", "local"]
    services = (".".join(in_cluster[:parts]) for parts in (1, 2, 3, 5))
    addresses = dict.fromkeys(("127.0.0.1", endpoint.address, cluster.first_service))
    return (*addresses, "localhost", *services)


def commands(
    cluster: ClusterLab,
    endpoint: Endpoint,
    authority: Authority,
    state: Path,
    tools: Mapping[str, Path],
    extra_flags: tuple[str, ...] = (),
) -> tuple[Command, ...]:
    """The control plane; the scheduler only where there are nodes."""
    manager = state / "controller-manager.kubeconfig"
    found = [
        Command(name="etcd", argv=(str(tools["etcd"]), *_etcd(endpoint, authority, state))),
        Command(
            name=API,
            argv=(str(tools[API]), *_api(cluster, endpoint, authority), *extra_flags),
        ),
        Command(
            name="kube-controller-manager",
            argv=(str(tools["kube-controller-manager"]), *_manager(authority, manager)),
            after_api=True,
        ),
    ]
    if cluster.nodes:
        found.append(_scheduler(state / "scheduler.kubeconfig", tools["kube-scheduler"]))
    return tuple(found)


def _etcd(endpoint: Endpoint, authority: Authority, state: Path) -> tuple[str, ...]:
    client = f"https://127.0.0.1:{endpoint.etcd_port}"
    peer = f"https://127.0.0.1:{endpoint.etcd_peer_port}"
    certificate, key = authority.path("etcd.crt"), authority.path("etcd.key")
    return (
        "--name=lab",
        f"--data-dir={state / 'etcd'}",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=lab={peer}",
        f"--cert-file={certificate}",
        f"--key-file={key}",
        "--client-cert-auth",
        f"--trusted-ca-file={authority.certificate}",
        f"--peer-cert-file={certificate}",
        f"--peer-key-file={key}",
        "--peer-client-cert-auth",
        f"--peer-trusted-ca-file={authority.certificate}",
        "--unsafe-no-fsync",
        "--log-level=warn",
    )


def _api(cluster: ClusterLab, endpoint: Endpoint, authority: Authority) -> tuple[str, ...]:
    path = authority.path
    flags = [
        f"--secure-port={endpoint.port}",
        f"--advertise-address={endpoint.address}",
        f"--etcd-servers=https://127.0.0.1:{endpoint.etcd_port}",
        f"--etcd-cafile={authority.certificate}",
        f"--etcd-certfile={path('etcd-client.crt')}",
        f"--etcd-keyfile={path('etcd-client.key')}",
        f"--tls-cert-file={path('apiserver.crt')}",
        f"--tls-private-key-file={path('apiserver.key')}",
        f"--client-ca-file={authority.certificate}",
        f"--kubelet-client-certificate={path('kubelet-client.crt')}",
        f"--kubelet-client-key={path('kubelet-client.key')}",
        f"--kubelet-certificate-authority={authority.certificate}",
        "--kubelet-preferred-address-types=InternalIP",
        f"--service-account-key-file={path('service-accounts.pub')}",
        f"--service-account-signing-key-file={path('service-accounts.key')}",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
        f"--service-cluster-ip-range={cluster.services}",
        "--allow-privileged=true",
        "--profiling=false",
    ]
    if endpoint.is_loopback:
        # Loopback is no valid address of the kubernetes Service, so nobody keeps it up to date.
        flags += [f"--bind-address={endpoint.address}", "--endpoint-reconciler-type=none"]
    return tuple(flags)


def _manager(authority: Authority, kubeconfig: Path) -> tuple[str, ...]:
    return (
        f"--kubeconfig={kubeconfig}",
        f"--service-account-private-key-file={authority.path('service-accounts.key')}",
        f"--root-ca-file={authority.certificate}",
        "--use-service-account-credentials=false",
        "--leader-elect=false",
        "--secure-port=0",
    )


def _scheduler(kubeconfig: Path, binary: Path) -> Command:
    argv = (
        str(binary),
        f"--kubeconfig={kubeconfig}",
        f"--authentication-kubeconfig={kubeconfig}",
        f"--authorization-kubeconfig={kubeconfig}",
        "--leader-elect=false",
        "--secure-port=0",
    )
    return Command(name="kube-scheduler", argv=argv, after_api=True)
