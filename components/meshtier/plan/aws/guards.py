"""Rules of security groups: one source, one direction and one stretch of ports each."""

from typing import Any

from ..late import LateText, Ref, refs
from ..resources import ResourcePlan
from .resource import AwsCluster, regional, tags


def ingress(
    cluster: AwsCluster,
    role: str,
    group: Ref,
    source: LateText,
    ports: tuple[int, int],
) -> ResourcePlan:
    """Return the rule that lets `source` in."""
    token = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
    name = cluster.keyed(role, source_key(source))
    return regional(cluster, token, name, _rule(cluster, role, group, source, ports))


def egress(
    cluster: AwsCluster, role: str, group: Ref, target: str, ports: tuple[int, int]
) -> ResourcePlan:
    """Return the rule that lets traffic out to `target`."""
    token = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
    key = f"{target}.{ports[0]}"
    return regional(
        cluster, token, cluster.keyed(role, key), _rule(cluster, role, group, target, ports)
    )


def source_key(source: LateText) -> str:
    """Return what names a source in a logical name: the range, or the resource it comes from."""
    if isinstance(source, str):
        return source
    return ",".join(ref.resource for ref in refs(source))


def _rule(
    cluster: AwsCluster, role: str, group: Ref, other: LateText, ports: tuple[int, int]
) -> dict[str, Any]:
    return {
        "security_group_id": group,
        "cidr_ipv4": other,
        "ip_protocol": "tcp",
        "from_port": ports[0],
        "to_port": ports[1],
        "tags": tags(cluster, role),
    }
