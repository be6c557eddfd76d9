"""Broken rules about the ranges of EKS clusters."""

from typing import Any

from meshtier.spec.rules import aws_ranges as rules

from tests.unit.spec.cloud_documents import OFFICE, at_web, aws
from tests.unit.spec.examples.clouds import of_aws
from tests.unit.spec.examples.example import PAY, WEB, Example, at

_SERVICES = (
    "allowed a range from /12 to /24 of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16; choose one "
    "outside the VPC"
)


def _range(rule: Any, kind: str, text: str, said: str, **cloud: Any) -> Example:
    changes = at_web(aws(**cloud), **{f"addresses/{kind}": text})
    return Example(rule=rule, changes=changes, lines=(f"{WEB}.addresses.{kind}: got {said}",))


EKS_RANGES = {
    "a VPC that is too small": _range(
        rules.vpc_size,
        "nodes",
        "10.64.0.0/24",
        "10.64.0.0/24; allowed an IPv4 range from /16 to /22; choose such a range",
    ),
    "a VPC of IPv6": _range(
        rules.vpc_size,
        "nodes",
        "fd00:a::/56",
        "fd00:a::/56; allowed an IPv4 range from /16 to /22; choose such a range",
    ),
    "too few Services": _range(
        rules.services_range, "services", "10.84.0.0/25", f"10.84.0.0/25; {_SERVICES}"
    ),
    "Services of no private range": _range(
        rules.services_range, "services", "198.18.0.0/20", f"198.18.0.0/20; {_SERVICES}"
    ),
    "Services of IPv6": _range(
        rules.services_range, "services", "fd00:a::/108", f"fd00:a::/108; {_SERVICES}"
    ),
    "Services in the VPC that is shared": Example(
        rule=rules.services_range,
        changes={
            **at_web(aws(network={"sharedWith": "hq"})),
            f"{at(WEB)}/addresses": {"services": "10.96.1.0/24"},
            "master/cloud": aws(),
            "master/addresses": {"nodes": "10.96.0.0/16", "services": "10.97.0.0/20"},
        },
        lines=(
            f"{WEB}.addresses.services: got 10.96.1.0/24, which is in the VPC shared with hq; "
            f"{_SERVICES}",
        ),
    ),
    "more pods than can be added to a VPC": _range(
        rules.pods_range,
        "pods",
        "100.64.0.0/15",
        "100.64.0.0/15; allowed a range from /16 to /24, or one within that of the nodes; choose "
        "such a range",
    ),
    "pods around the nodes": _range(
        rules.pods_range,
        "pods",
        "10.64.0.0/15",
        "10.64.0.0/15; allowed a range from /16 to /24, or one within that of the nodes; choose "
        "such a range",
    ),
    "pods of another private block": _range(
        rules.pods_range,
        "pods",
        "172.20.0.0/16",
        "172.20.0.0/16; allowed a range of the same private block as 10.64.0.0/16, or of "
        "100.64.0.0/10; choose such a range",
    ),
    "pods of IPv6": _range(
        rules.pods_range,
        "pods",
        "fd00:a::/56",
        "fd00:a::/56; allowed an IPv4 range; choose such a range",
    ),
    "a range of nodes in a shared VPC": Example(
        rule=rules.vpc_size,
        changes={
            **at_web(aws()),
            f"{at(PAY)}/cloud": aws(network={"sharedWith": "web"}),
            f"{at(PAY)}/addresses": {"nodes": "10.65.0.0/20", "services": "10.88.0.0/20"},
        },
        lines=(
            f"{PAY}.addresses.nodes: got 10.65.0.0/20; allowed nothing beside a shared network: "
            "nodes have addresses of web's; remove it",
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
    "private callers of a public endpoint": of_aws(
        rules.api_callers,
        "endpoint.ranges[1]: got 10.0.0.0/8; allowed a public IPv4 range; write the addresses "
        "that the endpoint sees",
        endpoint={"ranges": [OFFICE, "10.0.0.0/8"]},
    ),
    "callers over IPv6": of_aws(
        rules.api_callers,
        "endpoint.ranges[0]: got 2001:db8::/32; allowed a public IPv4 range; write the addresses "
        "that the endpoint sees",
        endpoint={"ranges": ["2001:db8::/32"]},
    ),
    "a peer that leaves over IPv6": Example(
        rule=rules.peers_egress,
        changes={**at_web(aws()), f"{at(PAY)}/addresses/egress": ["2001:db8::7/128"]},
        lines=(
            f"{PAY}.addresses.egress[0]: got 2001:db8::7/128; allowed a public IPv4 range: web on "
            "AWS lets in nothing else; write the addresses of its NAT, each with /32",
        ),
    ),
}
