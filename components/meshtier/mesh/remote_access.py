"""How members read each other: a reader in every member, one Secret with all peers in each."""

# Annotations stay texts, for the typed resources they name load slowly.
from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import pulumi
import pulumi_kubernetes as k8s

from ..clouds.handle import ClusterHandle
from ..clouds.registration import register_object
from ..plan.kubeconfig import remote_kubeconfig, remote_secret_data
from ..plan.model import MemberPlan, PeerPlan


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """The account as which peers read one member, and where they find the member."""

    cluster: str
    api_server: pulumi.Output[str]
    token: k8s.core.v1.Secret
    """Filled by Kubernetes with the account's token and the cluster's authority."""


def register_reader(
    plan: MemberPlan,
    *,
    cluster: ClusterHandle,
    namespace: pulumi.Resource,
    parent: pulumi.Resource,
) -> Reader:
    """Register the account, its narrow role and its token. Needs nothing of Istio."""
    account = [
        register_object(wanted, cluster=cluster, parent=parent, depends_on=[namespace])
        for wanted in plan.reader
    ]
    # Kubernetes removes a token whose account it doesn't find.
    token = register_object(plan.reader_token, cluster=cluster, parent=parent, depends_on=account)
    return Reader(
        cluster=plan.cluster,
        api_server=cluster.api_server,
        token=cast(k8s.core.v1.Secret, token),
    )


def register_remote_secret(
    plan: MemberPlan,
    *,
    cluster: ClusterHandle,
    namespace: pulumi.Resource,
    readers: Mapping[str, Reader],
    parent: pulumi.Resource,
) -> None:
    """Register the Secret by which the member's istiod reads its peers.

    It depends on every peer's reader, so a destroy takes it away before any of them.
    """
    register_object(
        plan.remote_secret,
        cluster=cluster,
        parent=parent,
        depends_on=[namespace],
        late={"data": _remote_secret(plan.peers, readers)},
    )


def _remote_secret(
    peers: tuple[PeerPlan, ...], readers: Mapping[str, Reader]
) -> pulumi.Output[Mapping[str, str]]:
    kubeconfigs = {peer.cluster: _kubeconfig(peer, readers[peer.cluster]) for peer in peers}
    return pulumi.Output.secret(pulumi.Output.all(**kubeconfigs).apply(remote_secret_data))


def _kubeconfig(peer: PeerPlan, reader: Reader) -> pulumi.Output[str]:
    def kubeconfig(late: Mapping[str, object]) -> str:
        data = cast("Mapping[str, str]", late["token"])
        return remote_kubeconfig(
            cluster=peer.cluster,
            server=cast(str, late["server"]),
            ca_pem=base64.b64decode(data["ca.crt"]).decode(),
            token=base64.b64decode(data["token"]).decode(),
        )

    server = pulumi.Output.from_input(peer.server or reader.api_server)
    return pulumi.Output.all(server=server, token=reader.token.data).apply(kubeconfig)
