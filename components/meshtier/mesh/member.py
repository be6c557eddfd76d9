"""Everything of the mesh in one cluster."""

from collections.abc import Mapping

import pulumi

from ..clouds.handle import ClusterHandle
from ..clouds.registration import register_object
from ..plan.model import MemberPlan
from .control_plane import register_control_plane
from .gateway import register_gateway
from .remote_access import Reader, register_reader, register_remote_secret
from .trust_root import TrustRoot


class MeshMember(pulumi.ComponentResource):
    """One member of a mesh. Complete only after `connect`, for members need each other."""

    reader: Reader
    """How the peers read this member."""
    gateway: pulumi.Output[str] | None
    """Address of the east-west gateway, empty while there is none yet; None without a gateway."""

    def __init__(
        self, *, plan: MemberPlan, cluster: ClusterHandle, trust: TrustRoot, parent: pulumi.Resource
    ) -> None:
        """Register what the member has on its own."""
        super().__init__(
            "meshtier:index:MeshMember",
            plan.component_name,
            {"cluster": plan.cluster, "network": plan.network, "role": plan.role.value},
            pulumi.ResourceOptions(parent=parent),
        )
        self._plan = plan
        self._cluster = cluster
        self._namespace = register_object(
            plan.namespace, cluster=cluster, parent=self, protect=plan.protect
        )
        self.reader = register_reader(plan, cluster=cluster, namespace=self._namespace, parent=self)
        control_plane = register_control_plane(
            plan,
            cluster=cluster,
            namespace=self._namespace,
            root_certificate=trust.root_certificate,
            intermediate=trust.intermediates[plan.cluster],
            parent=self,
        )
        self.gateway = None
        if plan.gateway is not None:
            self.gateway = register_gateway(
                plan.gateway,
                cluster=cluster,
                control_plane=control_plane,
                protect=plan.protect,
                parent=self,
            )

    def connect(self, readers: Mapping[str, Reader]) -> None:
        """Register how the member's istiod reads its peers; `readers` holds every member's."""
        register_remote_secret(
            self._plan,
            cluster=self._cluster,
            namespace=self._namespace,
            readers=readers,
            parent=self,
        )
        self.register_outputs({"gateway": self.gateway})
