"""One stack, one environment: the document in the stack's config, the secrets beside it."""

from collections.abc import Iterator, Mapping
from typing import Any

import meshtier
import pulumi
from meshtier.errors import Problem


def kubeconfig_keys(block: Any) -> Iterator[str]:
    """Yield the config keys that the document takes kubeconfigs from."""
    for key, value in block.items() if isinstance(block, Mapping) else ():
        if key == "kubeconfigKey" and isinstance(value, str):
            yield value
        yield from kubeconfig_keys(value)


config = pulumi.Config("meshtier")
if pulumi.runtime.is_config_secret("meshtier:environment"):
    # One encrypted value anywhere in it, which would come out in clear.
    encrypted = Problem(
        path="meshtier:environment",
        got="encrypted values",
        allowed="a document in clear, for plan and state show it",
        fix="keep secrets in config keys of their own or in Secrets of the clusters, and name "
        "those in the document",
    )
    raise pulumi.RunError(str(encrypted))
document: Mapping[str, Any] = config.require_object("environment")
given = {key: config.get_secret(key) for key in kubeconfig_keys(document)}
args: meshtier.EnvironmentArgs = {
    "environment": document,
    "kubeconfigs": {key: value for key, value in given.items() if value is not None},
}
try:
    trust: Any = config.get_object("trust")
except pulumi.ConfigTypeError:  # whose message shows the value
    trust = config.get("trust")
if isinstance(trust, Mapping):
    trust = {"root_certificate": trust.get("rootCertificate"), "members": trust.get("members")}
if trust is not None:
    args["trust"] = trust
environment = meshtier.Environment(pulumi.get_stack(), args)
for name in ("clusters", "networks", "gateways", "expiry", "kubeconfigs"):
    pulumi.export(name, getattr(environment, name))
for export, name in (("meshId", "mesh_id"), ("rootFingerprint", "root_fingerprint")):
    pulumi.export(export, getattr(environment, name))
pulumi.export("rootCertificate", environment.root_certificate)
