"""Broken rules about node pools of GKE clusters."""

from typing import Any

from meshtier.spec.rules import gcp_nodes as rules

from tests.unit.spec.examples.clouds import of_gcp
from tests.unit.spec.examples.example import Example

_TAINT = {"key": "spare", "value": "yes"}


def _pool(rule: Any, line: str, **pool: Any) -> Example:
    return of_gcp(rule, f"nodes.general.{line}", nodes={"general": pool, "plain": {}})


def _label(at: str, got: str, **pool: Any) -> Example:
    return _pool(
        rules.labels_and_taints,
        f"{at}: got {got}; allowed keys and values as Kubernetes has them, labels without "
        "kubernetes.io and k8s.io; choose a key under a domain of your own, and a short value",
        **pool,
    )


def _disk(got: str, allowed: str, **pool: Any) -> Example:
    return _pool(
        rules.machines_and_disks,
        f"diskType: got {got}; allowed {allowed}; write one of them, or choose another machine "
        "type",
        **pool,
    )


GKE_NODES = {
    "a machine of no family": _pool(
        rules.machines_and_disks,
        "type: got 'large'; allowed a machine type; write such as 'e2-standard-4'",
        type="large",
    ),
    "a new family with the built-in disk": _disk(
        "'pd-balanced' for 'c4-standard-8'", "hyperdisk-balanced", type="c4-standard-8"
    ),
    "an old family with a new disk": _disk(
        "'hyperdisk-balanced' for 'e2-standard-4'",
        "pd-balanced, pd-ssd or pd-standard",
        diskType="hyperdisk-balanced",
    ),
    "a disk of AWS": _disk(
        "'gp3' for 'c3-standard-4'",
        "pd-balanced, pd-ssd, pd-standard or hyperdisk-balanced",
        type="c3-standard-4",
        diskType="gp3",
    ),
    "a node's label that Kubernetes keeps": _label(
        "labels.node-role.kubernetes.io/mesh",
        "a key that Kubernetes keeps",
        labels={"node-role.kubernetes.io/mesh": "yes"},
    ),
    "a node's label with a space": _label(
        "labels.team", "'team=the shop'", labels={"team": "the shop"}
    ),
    "a pool's taint without a key": _label(
        "taints[0]", "'=yes'", taints=[{"key": "", "value": "yes", "effect": "NoSchedule"}]
    ),
    "taints everywhere": of_gcp(
        rules.a_pool_for_any_pod,
        "nodes: got taints on every node pool; allowed at least one pool that takes any pod; add "
        "one, or remove the taints of one",
        nodes={
            "one": {"taints": [{**_TAINT, "effect": "NoSchedule"}]},
            "two": {"taints": [{**_TAINT, "effect": "NoExecute"}]},
        },
    ),
    "more nodes than a NAT has ports for": of_gcp(
        rules.nat_has_ports,
        "nodes: got up to 505 nodes behind 2 NAT addresses; allowed at most 252 for each address; "
        "raise network.create.natAddresses of the VPC's cluster, or lower max",
        nodes={"general": {"max": 504}, "more": {"min": 1, "max": 1}},
        network={"create": {"natAddresses": 2}},
        maxPodsPerNode=32,
    ),
}
