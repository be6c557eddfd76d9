"""One stack, one environment: the document in the stack's config, the secrets beside it."""

import meshtier
import pulumi

environment = meshtier.Environment(
    pulumi.get_stack(), meshtier.stack_args(pulumi.Config("meshtier"))
)
for name in ("clusters", "networks", "gateways", "expiry", "kubeconfigs"):
    pulumi.export(name, getattr(environment, name))
for export, name in (("meshId", "mesh_id"), ("rootFingerprint", "root_fingerprint")):
    pulumi.export(export, getattr(environment, name))
pulumi.export("rootCertificate", environment.root_certificate)
