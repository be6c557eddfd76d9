"""A project's services, accounts and roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lab.plugins.cloud.model import Kind, Making, Rule

from . import forms

SERVICE: Final = "gcp:projects/service:Service"
ACCOUNT: Final = "gcp:serviceaccount/account:Account"

_MEMBER: Final = ("role", "member")


def enabled(service: str) -> Rule:
    """A project's API refuses everything until it is switched on."""

    def rule(making: Making) -> str:
        for one in making.cloud.all(SERVICE):
            if (one.place, one.outputs["service"]) == (making.project, service):
                return ""
        return (
            f"Error 403: {service} has not been used in project {making.project} before or it is "
            "disabled, accessNotConfigured"
        )

    return rule


def _email(making: Making) -> str:
    return f"{making.inputs['accountId']}@{making.project}.iam.gserviceaccount.com"


def _member_exists(making: Making) -> str:
    kind, _, email = making.inputs["member"].partition(":")
    own = f"@{making.project}.iam.gserviceaccount.com"
    emails = [one.outputs["email"] for one in making.cloud.all(ACCOUNT)]
    if kind == "serviceAccount" and email.endswith(own) and email not in emails:
        return f"Error 400: Service account {email} does not exist., badRequest"
    return ""


KINDS: Final[Mapping[str, Kind]] = {
    SERVICE: Kind(
        id=forms.path("{project}/{service}"),
        replaces=("service", "project"),
    ),
    "gcp:projects/iAMMember:IAMMember": Kind(
        id=forms.path("{project}/{role}/{member}"),
        outputs={"etag": forms.etag},
        replaces=("project", *_MEMBER, "condition"),
        rules=(_member_exists,),
    ),
    ACCOUNT: Kind(
        id=lambda making: f"projects/{making.project}/serviceAccounts/{_email(making)}",
        outputs={
            "email": _email,
            "member": lambda making: f"serviceAccount:{_email(making)}",
            "name": forms.the_id,
            "uniqueId": forms.number,
        },
        replaces=("accountId", "project"),
        named="accountId",
        rules=(enabled("iam.googleapis.com"),),
        taken="Error 409: Service account {id} already exists within project, alreadyExists",
    ),
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": Kind(
        id=forms.joined("cryptoKeyId", *_MEMBER),
        outputs={"etag": forms.etag},
        replaces=("cryptoKeyId", *_MEMBER, "condition"),
    ),
}
