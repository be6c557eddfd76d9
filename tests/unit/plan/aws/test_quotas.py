"""What AWS takes only so many of: fixed limits are refused, default quotas warned of."""

from typing import Any

import pytest
from meshtier.errors import SpecError

from tests.support import clouds as aws

SHOP = "seeds.eu.userClusters.shop.cloud.aws"


def told(document: dict[str, Any]) -> list[str]:
    return [str(warning) for warning in aws.planned(document).quotas]


def callers(count: int, *, public: bool) -> dict[str, Any]:
    ranges = [f"198.51.100.{number}/32" for number in range(count)]
    return aws.alone_aws_document(endpoint={"public": public, "ranges": ranges})


def test_a_public_endpoint_takes_forty_ranges_and_no_more() -> None:
    assert told(callers(40, public=True)) == []
    with pytest.raises(SpecError) as refused:
        aws.planned(callers(41, public=True))
    assert str(refused.value) == (
        f"{SHOP}.endpoint.ranges: got 41 ranges with the addresses that peers leave from; allowed "
        "at most 40; write fewer, give peers fewer NAT gateways, or set endpoint.public to false "
        "where all have a private route"
    )


def test_addresses_of_peers_count_among_the_ranges() -> None:
    ranges = [f"198.51.100.{number}/32" for number in range(38)]
    shop = aws.aws_cluster("eu", 32, endpoint={"ranges": ranges})
    with pytest.raises(SpecError, match="got 41 ranges"):
        aws.planned(aws.aws_document({"shop": shop, "till": aws.aws_cluster("us", 35)}))


def test_a_group_with_more_rules_than_the_default_quota_is_warned_of() -> None:
    assert told(callers(55, public=False)) == []
    assert told(callers(56, public=False)) == [
        f"{SHOP}: got 56 rules in of one security group; allowed 60 by AWS' default quota, of "
        "which 5 are for EKS and the load balancer controller; have it raised before the run, or "
        "give peers fewer NAT gateways"
    ]


def test_more_addresses_than_an_account_has_by_default_are_warned_of_region_by_region() -> None:
    clusters = {name: aws.aws_cluster("eu", number) for name, number in (("shop", 32), ("pay", 33))}
    assert told(aws.aws_document(clusters)) == [
        "seeds.eu.userClusters.pay.cloud.aws.region: got 6 Elastic IPs in eu-central-1 of account "
        "111122223333; allowed 5 by AWS' default quota; have it raised before the run, or share "
        "networks and NAT gateways"
    ]
    apart = {**clusters, "pay": aws.aws_cluster("eu", 33, region="eu-west-1")}
    assert told(aws.aws_document(apart)) == []
    other = {**clusters, "pay": aws.aws_cluster("eu", 33, account=aws.OTHER_ACCOUNT)}
    assert told(aws.aws_document(other)) == []


def test_more_vpcs_than_an_account_has_by_default_are_warned_of() -> None:
    network = {"create": {"nat": "single"}}
    clusters = {
        f"c{number}": aws.aws_cluster("eu", 30 + number, network=network) for number in range(6)
    }
    assert [line.partition("; ")[0] for line in told(aws.aws_document(clusters))] == [
        "seeds.eu.userClusters.c0.cloud.aws.region: got 6 VPCs in eu-central-1 of account "
        "111122223333",
        "seeds.eu.userClusters.c0.cloud.aws.region: got 6 Elastic IPs in eu-central-1 of account "
        "111122223333",
    ]
