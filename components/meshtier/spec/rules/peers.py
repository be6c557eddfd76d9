"""Rules about reaching clusters: the stack by kubeconfig, the other members by API address."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from ...errors import Problem
from ..environment import ClusterSpec
from ..existing import ExistingCloud
from ..show import MAX_SHOWN, looks_secret, show
from .subject import Subject

_ADDRESS: Final = "https://host:port, without path or credentials"
_CONFIG_KEY: Final = re.compile(rf"[A-Za-z0-9_.-]{{1,{MAX_SHOWN}}}")
_HTTPS_PORT: Final = 443


def one_kubeconfig(subject: Subject) -> Iterable[Problem]:
    """The stack reaches a cluster in exactly one way."""
    for cluster, cloud in _existing(subject):
        given = [value for value in (cloud.kubeconfig, cloud.kubeconfig_key) if value]
        if len(given) != 1:
            yield Problem(
                path=f"{cluster.path}.cloud.existing",
                got="kubeconfig and kubeconfigKey" if given else "no kubeconfig",
                allowed="exactly one of kubeconfig (a path) and kubeconfigKey (a secret)",
                fix="remove one" if given else "write one",
            )


def kubeconfig_is_a_path(subject: Subject) -> Iterable[Problem]:
    """A kubeconfig's content is a secret and stays out of the document."""
    for cluster, cloud in _existing(subject):
        text = cloud.kubeconfig or ""
        if looks_secret(text) or text.startswith("{") or "apiVersion" in text:
            yield Problem(
                path=f"{cluster.path}.cloud.existing.kubeconfig",
                got="the content of a kubeconfig, which is not shown",
                allowed="the path of a file",
                fix="keep the content in a file, or in a secret config key named by kubeconfigKey",
            )


def kubeconfig_key_name(subject: Subject) -> Iterable[Problem]:
    """A key is named as `pulumi config set --secret meshtier:<name>` takes it."""
    for cluster, cloud in _existing(subject):
        name = cloud.kubeconfig_key
        if name and (looks_secret(name) or not _CONFIG_KEY.fullmatch(name)):
            is_shown = len(name) <= MAX_SHOWN and not name.startswith("{")
            yield Problem(
                path=f"{cluster.path}.cloud.existing.kubeconfigKey",
                got=show(name) if is_shown else "a value that is not shown",
                allowed="the <name> of a config key meshtier:<name>: letters, digits, '-', '_' "
                "and '.', at most 60",
                fix="name the key, and set its value with `pulumi config set --secret`",
            )


def distinct_clusters(subject: Subject) -> Iterable[Problem]:
    """One real cluster under two names would be configured twice, each undoing the other."""
    first: dict[tuple[str, str | None], ClusterSpec] = {}
    for cluster, cloud in _existing(subject):
        key, source = _source(cloud)
        if source is None:
            continue
        other = first.setdefault((source, cloud.context), cluster)
        if other is not cluster:
            yield Problem(
                path=f"{cluster.path}.cloud.existing.{key}",
                got=f"the same {key} and context as {other.path}",
                allowed="a cluster of its own for each name",
                fix=f"name the kubeconfig or the context of {cluster.name}",
            )


def api_server_known(subject: Subject) -> Iterable[Problem]:
    """Peers read each other's endpoints, so each member's API server needs an address for them."""
    if len(subject.environment.members()) < 2:
        return
    for cluster, cloud in _existing(subject):
        if cluster.member and cloud.api_server_for_peers is None:
            yield Problem(
                path=f"{cluster.path}.cloud.existing.apiServerForPeers",
                got="nothing",
                allowed=_ADDRESS,
                fix="write the address under which the other members' istiods reach its API server",
            )


def api_server_form(subject: Subject) -> Iterable[Problem]:
    """The address is one that a kubeconfig can hold and that carries no secret."""
    for cluster, cloud in _existing(subject):
        address = cloud.api_server_for_peers
        if address is None or _address(address) is not None:
            continue
        yield Problem(
            path=f"{cluster.path}.cloud.existing.apiServerForPeers",
            got=show(address),
            allowed=_ADDRESS,
            fix="write it such as https://api.example:6443",
        )


def api_server_not_loopback(subject: Subject) -> Iterable[Problem]:
    """From another member, a loopback address is that member itself."""
    mesh = subject.document.mesh
    if mesh is None or mesh.allow_loopback_peers or len(subject.environment.members()) < 2:
        return
    for cluster, cloud in _existing(subject):
        address = _address(cloud.api_server_for_peers or "")
        if cluster.member and address and _is_loopback(address.hostname or ""):
            yield Problem(
                path=f"{cluster.path}.cloud.existing.apiServerForPeers",
                got=show(cloud.api_server_for_peers),
                allowed="an address that the other members' istiods reach",
                fix="write the cluster's outside address, or set mesh.allowLoopbackPeers where "
                "all istiods share one machine",
            )


def api_server_unique(subject: Subject) -> Iterable[Problem]:
    """Two members behind one address: one of them would be read twice, the other never."""
    first: dict[tuple[str | None, int], ClusterSpec] = {}
    for cluster, cloud in _existing(subject):
        address = _address(cloud.api_server_for_peers or "")
        if not cluster.member or address is None:
            continue
        other = first.setdefault((address.hostname, address.port or _HTTPS_PORT), cluster)
        if other is not cluster:
            yield Problem(
                path=f"{cluster.path}.cloud.existing.apiServerForPeers",
                got=f"{show(cloud.api_server_for_peers)}, the address of {other.path}",
                allowed="an address of its own for each member",
                fix=f"write the address of {cluster.name}",
            )


def _existing(subject: Subject) -> Iterator[tuple[ClusterSpec, ExistingCloud]]:
    for cluster in subject.environment.clusters:
        if isinstance(cluster.cloud, ExistingCloud):
            yield cluster, cluster.cloud


def _source(cloud: ExistingCloud) -> tuple[str, str | None]:
    if cloud.kubeconfig:
        return "kubeconfig", f"file {posixpath.normpath(cloud.kubeconfig)}"
    return "kubeconfigKey", f"key {cloud.kubeconfig_key}" if cloud.kubeconfig_key else None


def _address(text: str) -> SplitResult | None:
    """Return the parts of `https://host[:port]`; None for anything else."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    extra = parts.path.rstrip("/") or parts.query or parts.fragment or "@" in parts.netloc
    is_whole = parts.scheme == "https" and parts.hostname and not parts.netloc.endswith(":")
    has_space = any(character.isspace() for character in text)
    return parts if is_whole and not extra and not has_space and port != 0 else None


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
