"""The bare program: the resources of a registrations file, one after the other, and nothing else.

It is what one would write by hand without components: the SDK's classes, providers passed along,
dependencies named. It imports nothing of this checkout.
"""

import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pulumi
import pulumi_kubernetes as k8s
import pulumi_tls as tls

CLASSES = {
    "pulumi:providers:kubernetes": k8s.Provider,
    "pulumi:providers:tls": tls.Provider,
    "kubernetes:core/v1:ConfigMap": k8s.core.v1.ConfigMap,
    "kubernetes:core/v1:Namespace": k8s.core.v1.Namespace,
    "kubernetes:core/v1:Secret": k8s.core.v1.Secret,
    "kubernetes:core/v1:Service": k8s.core.v1.Service,
    "kubernetes:core/v1:ServiceAccount": k8s.core.v1.ServiceAccount,
    "kubernetes:helm.sh/v3:Release": k8s.helm.v3.Release,
    "kubernetes:helm.sh/v4:Chart": k8s.helm.v4.Chart,
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": k8s.rbac.v1.ClusterRole,
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": k8s.rbac.v1.ClusterRoleBinding,
    "kubernetes:storage.k8s.io/v1:StorageClass": k8s.storage.v1.StorageClass,
    "tls:index/certRequest:CertRequest": tls.CertRequest,
    "tls:index/locallySignedCert:LocallySignedCert": tls.LocallySignedCert,
    "tls:index/privateKey:PrivateKey": tls.PrivateKey,
    "tls:index/selfSignedCert:SelfSignedCert": tls.SelfSignedCert,
}


def snake_case(name: str) -> str:
    """The SDK's spelling of a top-level field."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


MARKS = ("04da6b54-80e4-46f7-96ec-b56ff0331ba9", "[secret]")
"""What a preview shows in place of a value that is unknown, or secret."""


def class_of(token: str) -> Any:
    """The SDK's class of a type token; kinds without one are custom resources."""
    if token in CLASSES:
        return CLASSES[token]
    package, module, name = token.split(":")
    if package == "kubernetes":
        return k8s.apiextensions.CustomResource
    if package == "pulumi":
        return import_module(f"pulumi_{name}").Provider
    return getattr(import_module(f"pulumi_{package}.{module.partition('/')[0]}"), name)


def revealed(value: Any, late: pulumi.Output[Any] | None = None) -> Any:
    """The value as it was passed: secrets are outputs again, and so is what was unknown."""
    if isinstance(value, list):
        return [revealed(one, late) for one in value]
    if late is not None and value in MARKS:
        return pulumi.Output.secret(late) if value == "[secret]" else late
    if not isinstance(value, dict):
        return value
    if set(value) == {"$secret"}:
        return pulumi.Output.secret(value["$secret"])
    return {key: revealed(one, late) for key, one in value.items()}


def is_marked(value: Any) -> bool:
    """Whether a preview left something open in a value."""
    if isinstance(value, dict):
        return any(is_marked(one) for one in value.values())
    if isinstance(value, list):
        return any(is_marked(one) for one in value)
    return value in MARKS


def given(one: dict[str, Any], made: dict[str, pulumi.CustomResource]) -> dict[str, Any]:
    """A resource's arguments; those that came from other resources wait for these."""
    arguments: dict[str, Any] = {}
    for key, value in one["inputs"].items():
        content = revealed(value)
        if sources := one["late"].get(key):
            ids = pulumi.Output.all(*(made[name].id for name in sources))
            if is_marked(value):
                content = revealed(value, ids.apply(lambda _: ""))
            else:
                content = ids.apply(lambda _, late=content: pulumi.Output.from_input(late))
        arguments[snake_case(key)] = content
    return arguments


resources: dict[str, pulumi.CustomResource] = {}
for entry in json.loads(Path(pulumi.Config().require("registrations")).read_text()):
    options = pulumi.ResourceOptions(
        provider=resources.get(entry["provider"]),  # type: ignore[arg-type]
        depends_on=[resources[name] for name in entry["depends_on"]],
    )
    resources[entry["name"]] = class_of(entry["type"])(
        entry["name"], opts=options, **given(entry, resources)
    )
