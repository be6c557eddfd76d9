"""Broken rules about the networks of EKS clusters."""

from meshtier.spec.rules import aws_networks as rules

from tests.unit.spec.cloud_documents import ROLE, at_web, aws
from tests.unit.spec.examples.clouds import of_aws
from tests.unit.spec.examples.example import PAY, WEB, Example, at

_PRIVATE = {"eu-central-1a": "subnet-0a"}
_OTHER = "arn:aws:iam::111122223333:role/other"

AWS_NETWORKS = {
    "six zones": of_aws(
        rules.zones_have_room,
        "zones: got 6 zones; allowed at most 5 in a VPC that is made here; leave some out",
        zones=[f"eu-central-1{letter}" for letter in "abcdef"],
    ),
    "subnets of one zone": Example(
        rule=rules.given_subnets,
        changes=at_web(
            aws(network={"given": {"vpc": "vpc-0a", "privateSubnets": _PRIVATE}}),
            **{"addresses/egress": ["203.0.113.5/32"]},
        ),
        lines=(
            f"{WEB}.cloud.aws.network.given.privateSubnets: got eu-central-1a; allowed subnets of "
            "at least 2 zones; write one more by its zone",
        ),
    ),
    "more pods than can be added to a VPC": Example(
        rule=rules.pods_range,
        changes=at_web(aws(), **{"addresses/pods": "100.64.0.0/15"}),
        lines=(
            f"{WEB}.addresses.pods: got 100.64.0.0/15; allowed an IPv4 range from /16 to /24, or "
            "one within that of the nodes; choose a range of that size",
        ),
    ),
    "a range of pods in a shared VPC": Example(
        rule=rules.pods_range,
        changes={
            **at_web(aws()),
            f"{at(PAY)}/cloud": aws(network={"sharedWith": "web"}),
            f"{at(PAY)}/addresses": {"pods": "100.65.0.0/16", "services": "10.88.0.0/20"},
        },
        lines=(
            f"{PAY}.addresses.pods: got 100.65.0.0/16; allowed nothing beside a shared network: "
            "pods have addresses of web's; remove it",
        ),
    ),
    "two roles in one account": Example(
        rule=rules.one_role_per_account,
        changes={
            **at_web(aws(assumeRole=ROLE)),
            f"{at(PAY)}/cloud": aws(assumeRole=_OTHER),
            f"{at(PAY)}/addresses": {"nodes": "10.68.0.0/16", "services": "10.88.0.0/20"},
        },
        lines=(
            f"{WEB}.cloud.aws.assumeRole: got '{ROLE}'; allowed '{_OTHER}', as for pay in the "
            "same account; write one role for the account, such as in master.defaults.cloud.aws",
        ),
    ),
}
