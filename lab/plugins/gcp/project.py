"""A project's services, accounts, roles and keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lab.plugins.cloud.model import Kind, Link, Making, Rule

from . import forms

SERVICE: Final = "gcp:projects/service:Service"
ACCOUNT: Final = "gcp:serviceaccount/account:Account"
RING: Final = "gcp:kms/keyRing:KeyRing"
KEY: Final = "gcp:kms/cryptoKey:CryptoKey"

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
    "gcp:projects/serviceIdentity:ServiceIdentity": Kind(
        id=forms.path("projects/{project}/services/{service}"),
        outputs={
            "email": lambda making: (
                f"service-{making.hex(11)}@{making.inputs['service']}.iam.gserviceaccount.com"
            ),
            "member": lambda making: f"serviceAccount:{making.outputs['email']}",
        },
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
    "gcp:serviceaccount/iAMMember:IAMMember": Kind(
        id=forms.joined("serviceAccountId", *_MEMBER),
        outputs={"etag": forms.etag},
        replaces=("serviceAccountId", *_MEMBER, "condition"),
        links=(Link(path="serviceAccountId", to=ACCOUNT, by=("id",), holds=False),),
    ),
    RING: Kind(
        id=forms.path("projects/{project}/locations/{location}/keyRings/{name}"),
        replaces=("name", "project", "location"),
        named="name",
        rules=(enabled("cloudkms.googleapis.com"),),
        stays=True,
        taken="Error 409: KeyRing {id} already exists., alreadyExists",
    ),
    KEY: Kind(
        id=lambda making: f"{making.inputs['keyRing']}/cryptoKeys/{making.inputs['name']}",
        replaces=("name", "keyRing", "purpose"),
        links=(Link(path="keyRing", to=RING),),
        named="name",
        stays=True,
        taken="Error 409: CryptoKey {id} already exists., alreadyExists",
    ),
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": Kind(
        id=forms.joined("cryptoKeyId", *_MEMBER),
        outputs={"etag": forms.etag},
        replaces=("cryptoKeyId", *_MEMBER, "condition"),
    ),
}
