"""Kubernetes Secrets are encrypted with a key of one's own, which can be taken away and audited."""

from collections.abc import Iterator
from typing import Final

from .api_endpoint import EKS, GKE
from .rule import UNKNOWN, Resource, Rule, Settings, items, line, spell, texts

_FIX: Final = "set encryptionKey in the cluster's cloud block"


def _check(resource: Resource, settings: Settings) -> Iterator[str]:
    if resource.type not in settings["types"]:
        return
    if resource.type == EKS:
        yield from _eks(resource)
    elif resource.type == GKE:
        yield from _gke(resource)


def _eks(resource: Resource) -> Iterator[str]:
    path = "encryptionConfig"
    if resource.get(path) is UNKNOWN:
        return
    if resource.get(path) is None:
        yield line(path, "nothing", "a KMS key for Secrets", _FIX)
        return
    if resource.get(f"{path}.provider.keyArn") is None:
        yield line(f"{path}.provider.keyArn", "nothing", "the ARN of a KMS key", _FIX)
    what = resource.get(f"{path}.resources")
    if what is not UNKNOWN and not {"secrets", UNKNOWN} & set(items(what)):
        yield line(f"{path}.resources", spell(what), "['secrets']", "name secrets there")


def _gke(resource: Resource) -> Iterator[str]:
    path = "databaseEncryption"
    state, key = resource.get(f"{path}.state"), resource.get(f"{path}.keyName")
    if state is UNKNOWN:
        return
    if state != "ENCRYPTED":
        yield line(f"{path}.state", spell(state), "'ENCRYPTED'", _FIX)
    elif key is None:
        yield line(f"{path}.keyName", "nothing", "the name of a Cloud KMS key", _FIX)


ENCRYPTED_SECRETS: Final = Rule(
    name="encrypted-secrets",
    description="Secrets are encrypted with a key of one's own.",
    check=_check,
    settings={"types": texts("Kinds of cluster that need a key of one's own.", EKS, GKE)},
)
