"""Networks that do not hold together are refused by the emulation, as AWS would."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from meshtier.plan.late import Ref

from tests.clouds import check_aws, documents
from tests.support import cloud_inputs
from tests.support.emulated_aws import NOT_EMULATED, emulation


def test_every_call_that_is_not_emulated_is_one_that_is_made() -> None:
    made = {
        f"{call.service}:{call.operation}"
        for name in documents.ON_AWS
        for one in cloud_inputs.planned(documents.plan(name).cloud)
        if one.type in check_aws.TABLE
        for call in check_aws.calls_of(one, one.name)[0]
    }
    assert set(NOT_EMULATED) - made == set()


def test_roles_have_policies_that_aws_keeps() -> None:
    role = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    arn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolice"
    with emulation() as aws, pytest.raises(LookupError, match="AWS keeps no policy"):
        aws.make(documents.changed("production", role, policy_arn=arn))


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        ("aws:ec2/subnet:Subnet", {"cidr_block": "10.200.0.0/24"}, "InvalidSubnet.Range"),
        ("aws:ec2/subnet:Subnet", {"cidr_block": "10.32.0.0/18"}, "InvalidSubnet.Conflict"),
        ("aws:ec2/subnet:Subnet", {"availability_zone": "us-west-2z"}, "InvalidParameterValue"),
        ("aws:ec2/subnet:Subnet", {"vpc_id": "vpc-0123456789abcdef0"}, "InvalidVpcID.NotFound"),
        (
            "aws:ec2/route:Route",
            {"gateway_id": "igw-0123456789abcdef0"},
            "InvalidInternetGatewayID.NotFound",
        ),
        (
            "aws:ec2/natGateway:NatGateway",
            {"allocation_id": "eipalloc-0123456789abcdef0"},
            "InvalidAllocationID.NotFound",
        ),
        (
            "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
            {"peer_vpc_id": "vpc-0123456789abcdef0"},
            "InvalidVpcID.NotFound",
        ),
        (
            "aws:ec2/routeTableAssociation:RouteTableAssociation",
            {"route_table_id": Ref(resource="production-us-vpc", output="id")},
            "InvalidRouteTableID.NotFound",
        ),
    ],
)
def test_a_network_that_does_not_hold_together_is_refused(
    kind: str, changes: dict[str, Any], code: str
) -> None:
    with emulation() as aws, pytest.raises(ClientError, match=code):
        aws.make(documents.changed("production", kind, **changes))
