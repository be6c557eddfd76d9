"""istiod in one member: its namespace, definitions, certificate authority and releases."""

# Annotations stay texts, for the typed resources they name load slowly.
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from ..clouds.handle import ClusterHandle
from ..clouds.registration import register_object, register_release
from ..plan.model import MemberPlan
from ..plan.trust import cacerts_data
from .trust_root import Intermediate


@dataclass(frozen=True, kw_only=True, slots=True)
class ControlPlane:
    """What the rest of a member's objects must come after."""

    crds: k8s.helm.v3.Release
    istiod: k8s.helm.v3.Release


def register_control_plane(
    plan: MemberPlan,
    *,
    cluster: ClusterHandle,
    namespace: pulumi.Resource,
    root_certificate: pulumi.Output[str],
    intermediate: Intermediate,
    parent: pulumi.Resource,
) -> ControlPlane:
    """Register istiod and the mesh-wide policy; destroyed in the reverse order."""
    # With the definitions goes every Istio object in the cluster, also those that aren't ours.
    crds = register_release(
        plan.crds,
        cluster=cluster,
        parent=parent,
        depends_on=[namespace],
        protect=plan.protect,
    )
    # istiod makes a certificate authority of its own when it finds none at its start.
    cacerts = register_object(
        plan.cacerts,
        cluster=cluster,
        parent=parent,
        depends_on=[namespace],
        late={"data": _cacerts(root_certificate, intermediate)},
        protect=plan.protect,
    )
    base = register_release(plan.base, cluster=cluster, parent=parent, depends_on=[crds])
    istiod = register_release(
        plan.istiod,
        cluster=cluster,
        parent=parent,
        depends_on=[crds, base, cacerts],
        protect=plan.protect,
    )
    register_object(
        plan.peer_authentication, cluster=cluster, parent=parent, depends_on=[crds, istiod]
    )
    return ControlPlane(crds=crds, istiod=istiod)


def _cacerts(
    root_certificate: pulumi.Output[str], intermediate: Intermediate
) -> pulumi.Output[Mapping[str, str]]:
    def data(texts: Mapping[str, str]) -> Mapping[str, str]:
        return cacerts_data(**texts)

    return pulumi.Output.secret(
        pulumi.Output.all(
            ca_certificate=intermediate.certificate,
            ca_key=intermediate.key,
            root_certificate=root_certificate,
        ).apply(data)
    )
