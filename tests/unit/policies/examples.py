"""For each rule what it refuses, with every line it then says, and what it lets through."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from policies.rules.api_endpoint import EKS, GKE
from policies.rules.rule import UNKNOWN

Props = Mapping[str, Any]

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
RELEASE = "kubernetes:helm.sh/v3:Release"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
SECRET = "kubernetes:core/v1:Secret"
PEERS = "kubernetes:security.istio.io/v1:PeerAuthentication"
ROOT = "tls:index/selfSignedCert:SelfSignedCert"
SIGNED = "tls:index/locallySignedCert:LocallySignedCert"
VPC = "aws:ec2/vpc:Vpc"

NARROW = "name the ranges that need it, or make the endpoint private"
OWN_KEY = "set encryptionKey in the cluster's cloud block"
IMAGES = "docker.io/istio, registry.istio.io, registry.k8s.io, public.ecr.aws/eks"
CHARTS = (
    "https://blob.istio.io/istio-release/charts, oci://registry.istio.io, "
    "https://aws.github.io/eks-charts"
)
MARKED = {"meshtier-environment": "e", "meshtier-cluster": "c"}
OWNED = {"meshtier.io/environment": "e", "meshtier.io/cluster": "c"}
LAX = '{"clusters": [{"cluster": {"insecure-skip-tls-verify": true}}]}'


@dataclass(frozen=True, kw_only=True)
class Example:
    """What one rule says of a resource; nothing, where `lines` is empty."""

    rule: str
    type: str
    props: Props
    lines: tuple[str, ...] = ()
    settings: Props = field(default_factory=dict)


def encoded(text: str) -> str:
    """Return a text as a Secret's `data` holds it."""
    return base64.b64encode(text.encode()).decode()


def pods(*images: str) -> Props:
    """Return a workload's properties with a container per image."""
    return {"spec": {"template": {"spec": {"containers": [{"image": one} for one in images]}}}}


def peers(mode: str | None, namespace: str = "istio-system", **more: Any) -> Props:
    """Return a PeerAuthentication's properties."""
    mtls = {"mtls": {"mode": mode}} if mode else {}
    return {"metadata": {"namespace": namespace}, "spec": {**mtls, **more}}


def authority(hours: float, path: float | None, **more: Any) -> Props:
    """Return the properties of a certificate that signs others."""
    given = {} if path is None else {"maxPathLength": path}
    return {"isCaCertificate": True, "validityPeriodHours": hours, **given, **more}


def ranges(*given: Any, **more: Any) -> Props:
    """Return an EKS cluster's properties with ranges of its public endpoint."""
    return {"vpcConfig": {"publicAccessCidrs": list(given), **more}}


def blocks(*given: str) -> Props:
    """Return a GKE cluster's properties with authorised ranges."""
    return {"masterAuthorizedNetworksConfig": {"cidrBlocks": [{"cidrBlock": one} for one in given]}}


ENDPOINT = (
    Example(
        rule="ranges-of-public-endpoints",
        type=EKS,
        props={"vpcConfig": {"endpointPrivateAccess": True}},
        lines=(
            f"vpcConfig.publicAccessCidrs: got nothing, so everybody; allowed ranges; {NARROW}",
        ),
    ),
    Example(
        rule="ranges-of-public-endpoints",
        type=EKS,
        props=ranges("0.0.0.0/0", "203.0.113.0/24", "::/0", "10.0.0.0/8", UNKNOWN),
        lines=(
            "vpcConfig.publicAccessCidrs[0]: got '0.0.0.0/0'; allowed prefixes of /16 and longer; "
            "narrow it",
            "vpcConfig.publicAccessCidrs[2]: got '::/0'; allowed prefixes of /32 and longer; "
            "narrow it",
        ),
    ),
    Example(
        rule="ranges-of-public-endpoints",
        type=EKS,
        props=ranges("203.0.113.0/24", "everywhere"),
        settings={"shortestPrefix4": 28.0},
        lines=(
            "vpcConfig.publicAccessCidrs[0]: got '203.0.113.0/24'; allowed prefixes of /28 and "
            "longer; narrow it",
            "vpcConfig.publicAccessCidrs[1]: got 'everywhere'; allowed a range such as "
            "203.0.113.0/24; correct it",
        ),
    ),
    Example(
        rule="ranges-of-public-endpoints",
        type=GKE,
        props={
            "controlPlaneEndpointsConfig": {"dnsEndpointConfig": {"allowExternalTraffic": True}}
        },
        lines=(
            "controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic: got true; allowed "
            "false: ranges don't hold for this endpoint; use the IP endpoint",
            f"masterAuthorizedNetworksConfig: got nothing, so everybody; allowed ranges; {NARROW}",
        ),
    ),
    Example(
        rule="ranges-of-public-endpoints",
        type=GKE,
        props={
            "masterAuthorizedNetworksConfig": {
                "cidrBlocks": [{"cidrBlock": "0.0.0.0/0"}],
                "gcpPublicCidrsAccessEnabled": True,
            }
        },
        lines=(
            "masterAuthorizedNetworksConfig.gcpPublicCidrsAccessEnabled: got true; allowed false: "
            "it lets in every customer of Google; take it out",
            "masterAuthorizedNetworksConfig.cidrBlocks[0]: got '0.0.0.0/0'; allowed prefixes of "
            "/16 and longer; narrow it",
        ),
    ),
    *(
        Example(rule="ranges-of-public-endpoints", type=type_, props=props)
        for type_, props in (
            (EKS, ranges("203.0.113.0/24")),
            (EKS, {"vpcConfig": {"endpointPublicAccess": False}}),
            (EKS, {"vpcConfig": {"publicAccessCidrs": UNKNOWN}}),
            (GKE, blocks("203.0.113.0/24", "2001:db8::/48")),
            (GKE, {"masterAuthorizedNetworksConfig": {}}),
            (GKE, {"privateClusterConfig": {"enablePrivateEndpoint": True}}),
            (GKE, {"controlPlaneEndpointsConfig": {"ipEndpointsConfig": {"enabled": False}}}),
            (VPC, {}),
        )
    ),
)

ENCRYPTION = (
    Example(
        rule="encrypted-secrets",
        type=EKS,
        props={},
        lines=(f"encryptionConfig: got nothing; allowed a KMS key for Secrets; {OWN_KEY}",),
    ),
    Example(
        rule="encrypted-secrets",
        type=EKS,
        props={"encryptionConfig": {"provider": {}, "resources": []}},
        lines=(
            f"encryptionConfig.provider.keyArn: got nothing; allowed the ARN of a KMS key; "
            f"{OWN_KEY}",
            "encryptionConfig.resources: got []; allowed ['secrets']; name secrets there",
        ),
    ),
    Example(
        rule="encrypted-secrets",
        type=GKE,
        props={"databaseEncryption": {"state": "DECRYPTED"}},
        lines=(f"databaseEncryption.state: got 'DECRYPTED'; allowed 'ENCRYPTED'; {OWN_KEY}",),
    ),
    Example(
        rule="encrypted-secrets",
        type=GKE,
        props={"databaseEncryption": {"state": "ENCRYPTED"}},
        lines=(
            "databaseEncryption.keyName: got nothing; allowed the name of a Cloud KMS key; "
            f"{OWN_KEY}",
        ),
    ),
    *(
        Example(rule="encrypted-secrets", type=type_, props=props, settings=settings)
        for type_, props, settings in (
            (
                EKS,
                {"encryptionConfig": {"provider": {"keyArn": UNKNOWN}, "resources": ["secrets"]}},
                {},
            ),
            (EKS, {"encryptionConfig": UNKNOWN}, {}),
            (GKE, {"databaseEncryption": {"state": "ENCRYPTED", "keyName": "k"}}, {}),
            (GKE, {}, {"types": [EKS]}),
        )
    ),
)

MTLS = (
    Example(
        rule="strict-mtls",
        type=PEERS,
        props=peers(None),
        lines=("spec.mtls.mode: got nothing; allowed 'STRICT'; say STRICT: the mesh inherits it",),
    ),
    Example(
        rule="strict-mtls",
        type=PEERS,
        props=peers("PERMISSIVE", "shop", portLevelMtls={"8080": {"mode": "DISABLE"}}),
        lines=(
            "spec.mtls.mode: got 'PERMISSIVE'; allowed 'STRICT'; take plain text away",
            "spec.portLevelMtls.8080.mode: got 'DISABLE'; allowed 'STRICT'; take plain text away",
        ),
    ),
    Example(
        rule="strict-mtls",
        type=PEERS,
        props=peers("UNSET", "mesh-root"),
        settings={"rootNamespace": "mesh-root"},
        lines=("spec.mtls.mode: got 'UNSET'; allowed 'STRICT'; say STRICT: the mesh inherits it",),
    ),
    *(
        Example(rule="strict-mtls", type=PEERS, props=props)
        for props in (
            peers("STRICT"),
            peers("UNSET", "shop"),
            peers("UNSET", selector={"matchLabels": {"app": "a"}}),
            peers("STRICT", portLevelMtls={"8080": {"mode": "STRICT"}}),
        )
    ),
)

EXAMPLES = (*ENDPOINT, *ENCRYPTION, *MTLS)
