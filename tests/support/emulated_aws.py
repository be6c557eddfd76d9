"""Makes planned AWS resources in moto's emulation, in the plan's order and with its answers.

What moto does not emulate is data, with the reason; everything else has to work. Nothing leaves
the process.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

import boto3
from botocore import xform_name
from meshtier.plan.resources import ResourcePlan
from moto import mock_aws
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, iam_backends

from tests.clouds import check_aws
from tests.support import cloud_inputs, sdk_inputs, stand_ins
from tests.support.cloud_calls import Call
from tests.support.cloud_inputs import CloudInput, NoAnswer

_EKS = "moto's EKS has clusters and node groups only"

NOT_EMULATED: Mapping[str, str] = {
    "eks:CreateAddon": _EKS,
    "eks:UpdateAddon": _EKS,
    "eks:DeleteAddon": _EKS,
    "eks:CreateAccessEntry": _EKS,
    "eks:AssociateAccessPolicy": _EKS,
    "eks:CreatePodIdentityAssociation": _EKS,
}
"""Call that moto can't make -> why."""

_OUTPUTS: Mapping[str, Mapping[str, str]] = {
    "ec2:CreateVpc": {"id": "Vpc.VpcId"},
    "ec2:AssociateVpcCidrBlock": {"id": "CidrBlockAssociation.AssociationId"},
    "ec2:CreateSubnetCidrReservation": {"id": "SubnetCidrReservation.SubnetCidrReservationId"},
    "ec2:CreateSubnet": {"id": "Subnet.SubnetId"},
    "ec2:CreateInternetGateway": {"id": "InternetGateway.InternetGatewayId"},
    "ec2:CreateRouteTable": {"id": "RouteTable.RouteTableId"},
    "ec2:AssociateRouteTable": {"id": "AssociationId"},
    "ec2:AllocateAddress": {
        "id": "AllocationId",
        "allocationId": "AllocationId",
        "publicIp": "PublicIp",
    },
    "ec2:CreateNatGateway": {"id": "NatGateway.NatGatewayId"},
    "ec2:CreateVpcEndpoint": {"id": "VpcEndpoint.VpcEndpointId"},
    "ec2:CreateSecurityGroup": {"id": "GroupId"},
    "ec2:CreateVpcPeeringConnection": {"id": "VpcPeeringConnection.VpcPeeringConnectionId"},
    "ec2:AcceptVpcPeeringConnection": {"id": "VpcPeeringConnection.VpcPeeringConnectionId"},
    "ec2:CreateLaunchTemplate": {"id": "LaunchTemplate.LaunchTemplateId"},
    "iam:CreateRole": {"id": "Role.RoleName", "name": "Role.RoleName", "arn": "Role.Arn"},
    "iam:CreateOpenIDConnectProvider": {"arn": "OpenIDConnectProviderArn"},
    "eks:CreateCluster": {"id": "cluster.name", "arn": "cluster.arn"},
    "eks:CreateNodegroup": {"id": "nodegroup.nodegroupName"},
}
"""Call -> the resource's outputs (as on the wire) by where they stand in the response."""

_OWN = "the-id-of-the-resource-itself"
"""Stands for the id in calls after the first, which answers it."""


class EmulatedAws:
    """The accounts and regions of one emulation."""

    def __init__(self) -> None:
        self._clients: dict[tuple[str, str, str], Any] = {}
        self._inputs: dict[str, CloudInput] = {}
        self._answers: dict[str, dict[str, Any]] = {}
        self.given: dict[str, str] = {}
        """Ids that a document gives -> those that the emulation has made for them."""
        self.refused: set[str] = set()
        """Calls of `NOT_EMULATED` that moto has indeed not made."""
        self.taken: set[str] = set()
        """Calls of `NOT_EMULATED` that moto has made after all."""

    def make(self, resources: Iterable[ResourcePlan]) -> None:
        """Make every AWS resource, stand in for the others; moto's own errors come through."""
        for plan in resources:
            self._make(plan)

    def client(self, service: str, region: str, account: str = stand_ins.ACCOUNT) -> Any:
        """Return a client for a region of an account."""
        at = (service, region, account)
        if at not in self._clients:
            role = f"arn:aws:iam::{account}:role/tests"
            token = boto3.client("sts", region_name=region).assume_role(
                RoleArn=role, RoleSessionName="tests"
            )["Credentials"]
            self._clients[at] = boto3.client(
                service,
                region_name=region,
                aws_access_key_id=token["AccessKeyId"],
                aws_secret_access_key=token["SecretAccessKey"],
                aws_session_token=token["SessionToken"],
            )
        return self._clients[at]

    def clients(self, service: str) -> list[Any]:
        """Return the clients of a service that were used."""
        return [client for (used, _, _), client in self._clients.items() if used == service]

    def of(self, kind: str) -> list[Mapping[str, Any]]:
        """Return what is known of the resources of a type: inputs, and the emulation's answers."""
        return [self._answers[name] for name, one in self._inputs.items() if one.type == kind]

    def _make(self, plan: ResourcePlan) -> None:
        args = cloud_inputs.resolved(plan.args, self._answer)
        inputs, _ = sdk_inputs.wire(plan.type, args)
        around = self._inputs[plan.provider].inputs if plan.provider else {}
        one = CloudInput(type=plan.type, name=plan.name, inputs=inputs, around=around)
        self._inputs[plan.name] = one
        self._answers[plan.name] = stand_ins.answer(plan.type, plan.name, inputs)
        if plan.type not in check_aws.TABLE:
            return
        calls, _ = check_aws.calls_of(one, _OWN)
        for call in calls:
            self._answers[plan.name].update(self._call(one, call))

    def _call(self, one: CloudInput, call: Call) -> dict[str, Any]:
        token = f"{call.service}:{call.operation}"
        (account,) = one.around["allowedAccountIds"]
        region = one.inputs.get("region", one.around["region"])
        known = {**self.given, _OWN: self._answers[one.name]["id"]}
        method = getattr(self.client(call.service, region, account), xform_name(call.operation))
        params = _replaced(call.params, known)
        if token in self.refused:
            return {}
        if token in NOT_EMULATED:
            (self.refused if _is_refused(method, params) else self.taken).add(token)
            return {}
        if token == "iam:AttachRolePolicy":
            _keep(params["PolicyArn"], account)
        response = method(**params)
        if token == "eks:CreateCluster":
            self._add_cluster_group(one, params, region, account)
        places = _OUTPUTS.get(token, {}) if not call.key else {}
        return {output: _at(response, place) for output, place in places.items()}

    def _add_cluster_group(
        self, one: CloudInput, params: Mapping[str, Any], region: str, account: str
    ) -> None:
        """Make the security group that EKS makes for a cluster, and moto's EKS does not."""
        ec2 = self.client("ec2", region, account)
        subnets = ec2.describe_subnets(SubnetIds=params["resourcesVpcConfig"]["subnetIds"])
        (vpc,) = {subnet["VpcId"] for subnet in subnets["Subnets"]}
        group = ec2.create_security_group(
            GroupName=f"eks-cluster-sg-{params['name']}", Description="EKS", VpcId=vpc
        )
        self._answers[one.name]["vpcConfig"]["clusterSecurityGroupId"] = group["GroupId"]

    def _answer(self, name: str, steps: tuple[str | int, ...]) -> Any:
        if name not in self._answers:
            raise NoAnswer(f"{name} is named before it is made")
        return cloud_inputs.output(self._answers[name], steps)


@contextmanager
def emulation() -> Iterator[EmulatedAws]:
    """Emulate AWS for the time of a test."""
    # For every cluster and node group moto reads all of AWS' endpoints anew: most of the time.
    with mock_aws(), patch("moto.eks.utils.Session", cache(boto3.Session)):
        yield EmulatedAws()


@cache
def policies_of_aws() -> Mapping[str, Any]:
    """Return the policies that AWS keeps, by the end of their ARN."""
    found = json.loads(aws_managed_policies_data)
    return {f"{policy['Path']}{name}": (name, policy) for name, policy in found.items()}


def _keep(arn: str, account: str) -> None:
    """Let a policy of AWS be in an account; LookupError for one that AWS does not keep.

    moto itself has all of them or none, and takes seconds for all.
    """
    prefix, is_of_aws, name = arn.partition(":iam::aws:policy")
    if not is_of_aws:
        return
    if name not in policies_of_aws():
        raise LookupError(f"AWS keeps no policy {arn}")
    backend = iam_backends[account][prefix.removeprefix("arn:")]
    backend.managed_policies[arn] = AWSManagedPolicy.from_data(
        policies_of_aws()[name][0], account, backend.region_name, policies_of_aws()[name][1]
    )


def _is_refused(method: Any, params: Mapping[str, Any]) -> bool:
    try:
        method(**params)
    except Exception as error:
        return "not yet implemented" in str(error).lower() or "not been implemented" in str(error)
    return False


def _replaced(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _replaced(item, known) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, known) for item in value]
    return known.get(value, value) if isinstance(value, str) else value


def _at(response: Mapping[str, Any], place: str) -> Any:
    here: Any = response
    for step in place.split("."):
        here = here[step]
    return here
