"""Broken rules about the networks of EKS clusters."""

from typing import Any

from meshtier.spec.rules import aws_networks as rules

from tests.unit.spec.cloud_documents import ROLE, at_web, aws
from tests.unit.spec.examples.clouds import of_aws
from tests.unit.spec.examples.example import PAY, WEB, Example, at

_PRIVATE = {"eu-central-1a": "subnet-0a"}
_GIVEN = {"vpc": "vpc-0a", "privateSubnets": {**_PRIVATE, "eu-central-1b": "subnet-0b"}}
_OTHER = "arn:aws:iam::111122223333:role/other"


def _endpoints(line: str, **create: Any) -> Example:
    name = f"network.create.endpoints{line}"
    return of_aws(rules.endpoints, name, network={"create": create})


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
    "public subnets in fewer zones than nodes": Example(
        rule=rules.given_public_subnets,
        changes=at_web(
            aws(network={"given": {**_GIVEN, "publicSubnets": _PRIVATE}}),
            **{"addresses/egress": ["203.0.113.5/32"]},
        ),
        lines=(
            f"{WEB}.cloud.aws.network.given.publicSubnets: got none in eu-central-1b, where nodes "
            "are; allowed a public subnet in every zone of the nodes; write those of the other "
            "zones",
        ),
    ),
    "no route back from a given network": Example(
        rule=rules.given_route_tables,
        changes={
            **at_web(aws(network={"given": _GIVEN}), **{"addresses/egress": ["203.0.113.5/32"]}),
            f"{at(PAY)}/cloud": aws(),
            f"{at(PAY)}/addresses": {"nodes": "10.68.0.0/16", "services": "10.88.0.0/20"},
            "mesh/networks": {"eu": {"peeredWith": ["us"]}, "us": {}},
        },
        lines=(
            f"{WEB}.cloud.aws.network.given.routeTables: got nothing; allowed the private "
            "subnets' route tables: a peering leads to pay; write their ids",
        ),
    ),
    "an endpoint twice": _endpoints(
        "[1]: got 's3' again; allowed services such as 's3' or 'ecr.api', without com.amazonaws "
        "and region; re-spell or remove it",
        endpoints=["s3", "s3"],
    ),
    "an endpoint by its whole name": _endpoints(
        "[0]: got 'com.amazonaws.eu-central-1.s3'; allowed services such as 's3' or 'ecr.api', "
        "without com.amazonaws and region; re-spell or remove it",
        endpoints=["com.amazonaws.eu-central-1.s3"],
    ),
    "nodes that reach nothing": Example(
        rule=rules.nodes_reach_aws,
        changes=at_web(
            aws(network={"create": {"nat": "none"}}), **{"addresses/egress": ["203.0.113.5/32"]}
        ),
        lines=(
            f"{WEB}.cloud.aws.network.create.endpoints: got nothing for ec2, ecr.api, ecr.dkr, "
            "eks-auth, elasticloadbalancing, sts, without NAT; allowed endpoints of all that nodes "
            "call, or a NAT gateway; add them, or set network.create.nat to single or perZone",
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
