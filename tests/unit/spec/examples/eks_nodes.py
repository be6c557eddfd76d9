"""Broken rules about node groups of EKS clusters."""

from typing import Any

from meshtier.spec.rules import aws_nodes as rules

from tests.unit.spec.examples.clouds import of_aws
from tests.unit.spec.examples.example import Example


def _label(at: str, got: str, **group: Any) -> Example:
    return of_aws(
        rules.node_labels,
        f"nodes.general.{at}: got {got}; allowed keys and values of 1 to 63 characters as "
        "Kubernetes has them, without kubernetes.io, k8s.io and eks.amazonaws.com; choose a key "
        "under a domain of your own, and a short value",
        nodes={"general": group},
    )


EKS_NODES = {
    "fewer nodes wanted than allowed": of_aws(
        rules.node_group_sizes,
        "nodes.general.desired: got 1; allowed from min 2 to max 6; choose one between",
        nodes={"general": {"desired": 1}},
    ),
    "a group with a long name": of_aws(
        rules.node_group_names,
        f"nodes.{'g' * 26}: got the name '{'g' * 26}'; allowed lower-case letters, digits and "
        "'-' inside, at most 25; rename the group",
        nodes={"g" * 26: {}},
    ),
    "nodes of no type": of_aws(
        rules.instance_types,
        "nodes.general.types: got nothing; allowed from 1 to 20 instance types; write such as "
        "`[m7i.large]`",
        nodes={"general": {"types": []}},
    ),
    "a size without a family": of_aws(
        rules.instance_types,
        "nodes.general.types: got 'large'; allowed from 1 to 20 instance types; write such as "
        "`[m7i.large]`",
        nodes={"general": {"types": ["m7i.large", "large"]}},
    ),
    "more types than a group takes": of_aws(
        rules.instance_types,
        "nodes.general.types: got 21 types; allowed from 1 to 20 instance types; write such as "
        "`[m7i.large]`",
        nodes={"general": {"types": ["m7i.large"] * 21}},
    ),
    "an image that has ended": of_aws(
        rules.images,
        "nodes.general.ami: got 'AL2_x86_64'; allowed an image of AL2023 or BOTTLEROCKET such as "
        "'AL2023_ARM_64_STANDARD'; write EKS' name of one",
        nodes={"general": {"ami": "AL2_x86_64"}},
    ),
    "Arm machines with another image": of_aws(
        rules.images,
        "nodes.general.ami: got 'AL2023_x86_64_STANDARD' for m7gd.large; allowed an image for "
        "ARM_64 with that type; change one of them, or make a group for each processor",
        nodes={"general": {"types": ["m7i.large", "m7gd.large"]}},
    ),
    "an Arm image for other machines": of_aws(
        rules.images,
        "nodes.general.ami: got 'BOTTLEROCKET_ARM_64_FIPS' for g4dn.xlarge; allowed an image for "
        "x86_64 with that type; change one of them, or make a group for each processor",
        nodes={
            "general": {"types": ["g5g.xlarge", "g4dn.xlarge"], "ami": "BOTTLEROCKET_ARM_64_FIPS"}
        },
    ),
    "a label that Kubernetes keeps": _label(
        "labels.node-role.kubernetes.io/mesh",
        "a key that Kubernetes or EKS keeps",
        labels={"node-role.kubernetes.io/mesh": "yes"},
    ),
    "a label of nothing": _label("labels.mesh", "'mesh='", labels={"mesh": ""}),
    "a taint without a key": _label(
        "taints[0]", "'=yes'", taints=[{"key": "", "value": "yes", "effect": "NoSchedule"}]
    ),
}
