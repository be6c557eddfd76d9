"""How every resource of AWS is asked for: by which account, in which region, with which tags."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from ...spec.aws import AwsCloud
from .. import names
from ..cloud_cluster import CloudCluster
from ..late import Json, Ref, refs
from ..resources import ResourcePlan
from . import roles

AwsCluster: TypeAlias = CloudCluster[AwsCloud]
"""A cluster on AWS, as the plans of this package see it."""


def regional(
    cluster: AwsCluster,
    token: str,
    name: str,
    args: Mapping[str, Any],
    *,
    depends_on: Iterable[str] = (),
    protect: bool = False,
) -> ResourcePlan:
    """Return a resource in the cluster's region."""
    placed = {"region": cluster.cloud.region, **args}
    return global_(cluster, token, name, placed, depends_on=depends_on, protect=protect)


def global_(
    cluster: AwsCluster,
    token: str,
    name: str,
    args: Mapping[str, Any],
    *,
    depends_on: Iterable[str] = (),
    protect: bool = False,
) -> ResourcePlan:
    """Return a resource of the account as a whole, such as a role."""
    return ResourcePlan(
        type=token,
        name=name,
        args=args,
        parent=cluster.component,
        provider=provider_name(cluster),
        depends_on=tuple(depends_on),
        protect=protect,
    )


def provider_name(cluster: AwsCluster) -> str:
    """Return the logical name of the provider of the cluster's account."""
    return names.cloud_provider(cluster.environment, "aws", cluster.cloud.account)


def cluster_name(cluster: AwsCluster) -> Ref:
    """Return the cluster's name in AWS, to be had only once the cluster is there."""
    return Ref(resource=cluster.name(roles.CONTROL_PLANE), output="name")


def tags(cluster: AwsCluster, label: str) -> dict[str, str]:
    """Return the tags of one resource; `label` is what it is called behind the cluster's name."""
    own = {**cluster.cloud.tags, **cluster.marks, "Name": f"{cluster.physical_name}-{label}"}
    return dict(sorted(own.items()))


def document(content: Any) -> str | Json:
    """Return JSON for an argument that takes it as text: plain unless a part of it is late."""
    if any(refs(content)):
        return Json(content)
    return json.dumps(content, sort_keys=True)
