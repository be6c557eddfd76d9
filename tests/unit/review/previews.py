"""What `pulumi preview --json` prints, built step by step; the engine's own is in tests/engine."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

ENVIRONMENT = "meshtier:index:Environment"
TIER = "meshtier:index:UserCluster"
MEMBER = "meshtier:index:MeshMember"
TRUST_ROOT = "meshtier:index:TrustRoot"
SECRET = "kubernetes:core/v1:Secret"
RELEASE = "kubernetes:helm.sh/v3:Release"
PROVIDER = "pulumi:providers:kubernetes"
KEY = "tls:index/privateKey:PrivateKey"
CERTIFICATE = "tls:index/locallySignedCert:LocallySignedCert"
ROOT = "tls:index/selfSignedCert:SelfSignedCert"
HIDDEN = "a-token-that-nobody-may-see"


def urn(kind: str, name: str, stack: str = "local") -> str:
    """Return a resource's URN."""
    return f"urn:pulumi:{stack}::meshtier::{ENVIRONMENT}${kind}::{name}"


MESH_EU_PAY = urn(MEMBER, "local-mesh-eu-pay")
MESH_EU_SHOP = urn(MEMBER, "local-mesh-eu-shop")
TIER_EU_PAY = urn(TIER, "local-eu-pay")
TRUST = urn(TRUST_ROOT, "local-mesh-trust")


def step(
    op: str,
    kind: str,
    name: str,
    parent: str = "",
    *,
    diff: Sequence[str] = (),
    reasons: Sequence[str] = (),
) -> dict[str, Any]:
    """Return one step, with a secret in its state."""
    address = urn(kind, name)
    state = {
        "urn": address,
        "type": kind,
        "parent": parent or urn("pulumi:pulumi:Stack", "meshtier-local"),
        "inputs": {"token": HIDDEN, "data": {"plaintext": HIDDEN}},
    }
    states = {} if op == "create" else {"oldState": state}
    states |= {} if op in ("delete", "delete-replaced") else {"newState": state}
    return {
        "op": op,
        "urn": address,
        **states,
        "diffReasons": [path.partition(".")[0] for path in diff],
        "replaceReasons": list(reasons),
        "detailedDiff": {path: {"kind": "update", "inputDiff": True} for path in diff} or None,
    }


def printed(*steps: Mapping[str, Any], same: int = 0, errors: Sequence[str] = ()) -> str:
    """Return the whole output."""
    diagnostics = [{"message": error, "severity": "error"} for error in errors]
    diagnostics.append({"message": f"warning: {HIDDEN}", "severity": "warning"})
    return json.dumps(
        {
            "config": {"meshtier:token": HIDDEN},
            "steps": list(steps),
            "diagnostics": diagnostics,
            "changeSummary": {"same": same} if same else {},
        }
    )


def replaced(kind: str, name: str, parent: str, reason: str) -> list[dict[str, Any]]:
    """Return the three steps of a replacement."""
    ops = ("create-replacement", "replace", "delete-replaced")
    return [step(op, kind, name, parent, diff=[reason], reasons=[reason]) for op in ops]


LEAVING = (
    step("delete", RELEASE, "local-mesh-eu-pay-istiod", MESH_EU_PAY),
    step("delete", RELEASE, "local-mesh-eu-pay-istio-base", MESH_EU_PAY),
    step("delete", KEY, "local-mesh-trust-eu-pay-ca-key-g1", TRUST),
    step("delete", MEMBER, "local-mesh-eu-pay", urn("meshtier:index:Mesh", "local-mesh")),
    step("delete", PROVIDER, "local-eu-pay-provider", TIER_EU_PAY),
    step("delete", TIER, "local-eu-pay", urn(ENVIRONMENT, "local")),
)
"""A member that leaves with its cluster."""
RAISED = (
    step("create", KEY, "local-mesh-trust-eu-shop-ca-key-g2", TRUST),
    step("delete", KEY, "local-mesh-trust-eu-shop-ca-key-g1", TRUST),
    step("update", SECRET, "local-mesh-eu-shop-cacerts", MESH_EU_SHOP, diff=["data"]),
)
"""A new generation of a member that stays."""
