"""IAM, as far as clusters need it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lab.plugins.cloud.model import Kind, Link, Making
from lab.plugins.cloud.store import Cloud

from . import forms

ROLE: Final = "aws:iam/role:Role"
ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"

_AWS_MANAGED: Final = "arn:aws:iam::aws:policy/"
_ROLE: Final = Link(path="role", to=ROLE, by=("id", "name", "arn"))


def attached(cloud: Cloud, role_arn: str) -> bool:
    """Whether a role may do anything: a policy is attached to it. Given roles may."""
    role = next((one for one in cloud.all(ROLE) if one.outputs.get("arn") == role_arn), None)
    return role is None or any(one.outputs["role"] == role.id for one in cloud.all(ATTACHMENT))


def is_known(cloud: Cloud, role_arn: str, place: str) -> bool:
    """Whether a role exists; what other accounts have nobody can see."""
    roles = [one.outputs.get("arn") for one in cloud.all(ROLE)]
    return role_arn in roles or f"::{place}:" not in role_arn


def _managed_by_aws(making: Making) -> str:
    policy = making.inputs["policyArn"]
    return "" if policy.startswith(_AWS_MANAGED) else f"NoSuchEntity: Policy {policy} not found"


KINDS: Final[Mapping[str, Kind]] = {
    ROLE: Kind(
        id=forms.given("name"),
        outputs={
            "arn": forms.arn("iam", "role{path}{name}", regional=False),
            "uniqueId": lambda making: f"AROA{making.hex(17).upper()}",
            "createDate": forms.created,
        },
        defaults={"path": "/", "maxSessionDuration": 3600, "forceDetachPolicies": False},
        replaces=("name", "namePrefix", "path"),
        named="name",
        taken="EntityAlreadyExists: Role with name {id} already exists",
        in_use="DeleteConflict: Cannot delete entity, must detach all policies first",
    ),
    ATTACHMENT: Kind(
        id=lambda making: f"{making.inputs['role']}/{making.inputs['policyArn']}",
        replaces=("role", "policyArn"),
        links=(_ROLE,),
        rules=(_managed_by_aws,),
    ),
    "aws:iam/rolePolicy:RolePolicy": Kind(
        id=forms.joined(":", "role", "name"),
        replaces=("role", "name", "namePrefix"),
        links=(_ROLE,),
        named="name",
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": Kind(
        id=lambda making: (
            forms.arn("iam", "", regional=False)(making)
            + f"oidc-provider/{making.inputs['url'].removeprefix('https://')}"
        ),
        outputs={"arn": forms.the_id},
        replaces=("url",),
        taken="EntityAlreadyExists: Provider with url {id} already exists",
    ),
}
