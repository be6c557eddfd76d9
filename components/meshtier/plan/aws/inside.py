"""What a cluster on AWS needs inside before anything of ours: disks, and load balancers."""

from typing import Any, Final

from ..labels import chart_labels, object_labels
from ..model import InsidePlan, ObjectPlan, ReleasePlan
from ..values import overlay
from . import roles
from .ground import vpc
from .identity import CONTROLLER, NAMESPACE, controller_annotations
from .resource import AwsCluster, cluster_name, tags

STORAGE_CLASS: Final = "gp3"


def inside(cluster: AwsCluster) -> InsidePlan:
    """Return the default storage class and, where there is a gateway, what makes its address."""
    return InsidePlan(
        objects=(_storage_class(cluster),),
        releases=(_controller(cluster),) if cluster.gateway else (),
    )


def _storage_class(cluster: AwsCluster) -> ObjectPlan:
    # EKS marks none as default since 1.30.
    note = {"storageclass.kubernetes.io/is-default-class": "true"}
    return ObjectPlan(
        logical_name=cluster.name(roles.STORAGE_CLASS),
        manifest={
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "metadata": {
                "name": STORAGE_CLASS,
                "annotations": note,
                "labels": dict(sorted(object_labels(cluster.environment, cluster.spec).items())),
            },
            "provisioner": "ebs.csi.aws.com",
            "parameters": {"type": "gp3", "encrypted": "true"},
            "volumeBindingMode": "WaitForFirstConsumer",
            "allowVolumeExpansion": True,
        },
    )


def _controller(cluster: AwsCluster) -> ReleasePlan:
    asked = cluster.cloud.load_balancer_controller
    location = asked.charts.rstrip("/")
    is_repository = location.startswith(("https://", "http://"))
    return ReleasePlan(
        logical_name=cluster.name(roles.LOAD_BALANCER_CONTROLLER),
        name=CONTROLLER,
        namespace=NAMESPACE,
        chart=CONTROLLER if is_repository else f"{location}/{CONTROLLER}",
        repository=location if is_repository else None,
        version=asked.version if is_repository or location.startswith("oci://") else None,
        values=overlay(_values(cluster), asked.values),
        labels=chart_labels(object_labels(cluster.environment, cluster.spec)),
        wait=True,
        # Load balancers go by it alone.
        keeper_of=cluster_name(cluster),
    )


def _values(cluster: AwsCluster) -> dict[str, Any]:
    return {
        "clusterName": cluster.physical_name,
        "region": cluster.cloud.region,
        # Named, since the metadata service doesn't answer pods.
        "vpcId": vpc(cluster),
        "replicaCount": 2,
        "additionalLabels": chart_labels(object_labels(cluster.environment, cluster.spec)),
        "serviceAccount": {
            "create": True,
            "name": CONTROLLER,
            "annotations": controller_annotations(cluster),
        },
        # With it no Service at all can be made while the controller is away.
        "enableServiceMutatorWebhook": False,
        "defaultTags": {
            key: value for key, value in tags(cluster, CONTROLLER).items() if key != "Name"
        },
    }
