"""IAM, KMS and CloudWatch, as far as clusters need them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lab.plugins.cloud.model import Kind, Link
from lab.plugins.cloud.store import Cloud

from . import forms

ROLE: Final = "aws:iam/role:Role"
POLICY: Final = "aws:iam/policy:Policy"
ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
KEY: Final = "aws:kms/key:Key"

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
        links=(_ROLE, Link(path="policyArn", to=POLICY, by=("arn",), foreign=_AWS_MANAGED)),
    ),
    POLICY: Kind(
        id=lambda making: forms.arn("iam", "policy{path}{name}", regional=False)(making),
        outputs={
            "arn": forms.the_id,
            "policyId": lambda making: f"ANPA{making.hex(17).upper()}",
            "attachmentCount": lambda _: 0,
        },
        defaults={"path": "/"},
        replaces=("name", "namePrefix", "path", "description"),
        named="name",
        taken="EntityAlreadyExists: A policy called {id} already exists",
        in_use="DeleteConflict: Cannot delete a policy attached to entities",
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
    KEY: Kind(
        id=forms.key_id,
        outputs={"keyId": forms.the_id, "arn": forms.arn("kms", "key/{id}")},
        defaults={"isEnabled": True, "keyUsage": "ENCRYPT_DECRYPT"},
        replaces=("keyUsage", "customerMasterKeySpec", "multiRegion"),
    ),
    "aws:kms/alias:Alias": Kind(
        id=forms.given("name"),
        outputs={"arn": forms.arn("kms", "{id}")},
        replaces=("name", "namePrefix"),
        links=(Link(path="targetKeyId", to=KEY, by=("id", "arn"), holds=False),),
        named="name",
        taken="AlreadyExistsException: An alias with the name {id} already exists",
    ),
    "aws:cloudwatch/logGroup:LogGroup": Kind(
        id=forms.given("name"),
        outputs={"arn": forms.arn("logs", "log-group:{id}")},
        defaults={"retentionInDays": 0, "skipDestroy": False},
        replaces=("name", "namePrefix"),
        named="name",
        taken="ResourceAlreadyExistsException: The specified log group already exists",
    ),
}
