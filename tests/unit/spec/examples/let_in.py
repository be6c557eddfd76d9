"""Broken rules about ranges outside the clusters that are let in."""

from typing import Any

from meshtier.spec.rules import let_in as rules

from tests.unit.spec.cloud_documents import OFFICE, gcp
from tests.unit.spec.examples.clouds import of_aws, of_gcp
from tests.unit.spec.examples.example import SHOP, Example, at

_NARROW = "allowed public ranges no wider than /8 (IPv6: /16)"


def _too_wide(of: Any, index: int, *ranges: str) -> Example:
    return of(
        rules.public_ranges_are_narrow,
        f"endpoint.ranges[{index}]: got {ranges[index]}; {_NARROW}; write those from which people "
        "and pipelines come, or set endpoint.public to false",
        endpoint={"ranges": list(ranges)},
    )


def _egress(text: str) -> Example:
    return Example(
        rule=rules.public_ranges_are_narrow,
        changes={f"{at(SHOP)}/addresses/egress": ["203.0.113.3/32", text]},
        lines=(
            f"{SHOP}.addresses.egress[1]: got {text}; {_NARROW}; write the addresses of its NAT, "
            "each with /32",
        ),
    )


LET_IN = {
    "an endpoint for all": _too_wide(of_gcp, 0, "0.0.0.0/0"),
    "an endpoint for all over IPv6": _too_wide(of_aws, 1, OFFICE, "::/0"),
    "an endpoint of GKE for all over IPv6": _too_wide(of_gcp, 0, "::/0"),
    "an endpoint for half of all": _too_wide(of_aws, 0, "128.0.0.0/1"),
    "an endpoint for all, with host bits": _too_wide(of_gcp, 0, "198.51.100.7/0"),
    "an endpoint without ranges": of_aws(
        rules.public_endpoint_has_ranges,
        "endpoint.ranges: got nothing; allowed the ranges from which people and pipelines come; "
        "write them, or set endpoint.public to false",
        endpoint={},
    ),
    "an endpoint's range with host bits": of_gcp(
        rules.range_forms,
        "endpoint.ranges[0]: got '198.51.100.7/24'; allowed a range without host bits, in its "
        "short form; write 198.51.100.0/24",
        endpoint={"ranges": ["198.51.100.7/24"]},
    ),
    "a private endpoint's range with host bits": Example(
        rule=rules.range_forms,
        changes={
            "master/cloud": gcp(endpoint={"public": False, "ranges": ["10.0.0.7/8"]}),
            "master/addresses/nodes": "10.96.0.0/20",
            "master/addresses/pods": "10.97.0.0/16",
        },
        lines=(
            "master.cloud.gcp.endpoint.ranges[0]: got '10.0.0.7/8'; allowed a range without host "
            "bits, in its short form; write 10.0.0.0/8",
        ),
    ),
    "an address for a range": Example(
        rule=rules.range_forms,
        changes={f"{at(SHOP)}/addresses/egress": ["203.0.113.3"]},
        lines=(
            f"{SHOP}.addresses.egress[0]: got '203.0.113.3'; allowed a range in CIDR form such as "
            "10.32.0.0/16; write address, slash and prefix length",
        ),
    ),
    "a cluster that leaves from everywhere": _egress("0.0.0.0/0"),
    "a cluster that leaves from half of everywhere": _egress("0.0.0.0/1"),
    "a cluster that leaves from all of IPv6": _egress("2000::/3"),
}
