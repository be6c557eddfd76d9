"""The same for the rules about owners, certificates, connections and ConfigMaps."""

from textwrap import wrap

from .examples import (
    CONFIG_MAP,
    EKS,
    GKE,
    LAX,
    MARKED,
    OWNED,
    RELEASE,
    ROOT,
    SECRET,
    SIGNED,
    UNKNOWN,
    VPC,
    Example,
    authority,
    encoded,
)
from .image_examples import SOURCES

OBJECT_LABELS = "all of meshtier.io/environment, meshtier.io/cluster; say whose it is"
CLUSTER = "pulumi:providers:kubernetes"
LAX_YAML = "insecure-skip-tls-verify: true"


def in_lines(text: str) -> str:
    """Return a text over several lines, as Kubernetes takes base64 too."""
    return "\n".join(wrap(text, 8))


OWNERS = (
    Example(
        rule="owner-labels",
        type=CONFIG_MAP,
        props={"metadata": {"labels": {"meshtier.io/environment": "e"}}},
        lines=(f"metadata.labels: got none of meshtier.io/cluster; allowed {OBJECT_LABELS}",),
    ),
    Example(
        rule="owner-labels",
        type=VPC,
        props={"cidrBlock": "10.0.0.0/16"},
        lines=(
            "tags: got none of meshtier-environment, meshtier-cluster; allowed all of "
            "meshtier-environment, meshtier-cluster; say whose it is",
        ),
    ),
    Example(
        rule="owner-labels",
        type=GKE,
        props={"resourceLabels": {"owner": "somebody"}},
        settings={"gcpLabels": ["owner", "team"]},
        lines=("resourceLabels: got none of team; allowed all of owner, team; say whose it is",),
    ),
    *(
        Example(rule="owner-labels", type=type_, props=props)
        for type_, props in (
            (CONFIG_MAP, {"metadata": {"labels": OWNED}}),
            (VPC, {"tags": MARKED}),
            (EKS, {"tags": UNKNOWN}),
            (GKE, {"resourceLabels": MARKED}),
            ("aws:ec2/route:Route", {}),
            ("gcp:compute/firewall:Firewall", {}),
            (RELEASE, {}),
        )
    ),
)

CERTIFICATES = (
    Example(
        rule="certificate-life",
        type=ROOT,
        props=authority(87_601.0, None),
        lines=(
            "validityPeriodHours: got 87601; allowed at most 87600 (root); shorten it",
            "maxPathLength: got nothing; allowed 0 to 1; limit the authorities below it",
        ),
    ),
    Example(
        rule="certificate-life",
        type=SIGNED,
        props=authority(50_000.0, 1.0),
        lines=(
            "validityPeriodHours: got 50000; allowed at most 43800 (intermediate); shorten it",
            "maxPathLength: got 1; allowed 0 to 0; limit the authorities below it",
            "earlyRenewalHours: got nothing; allowed 1 or more for an intermediate; renew it "
            "before it ends",
        ),
    ),
    Example(
        rule="certificate-life",
        type=SIGNED,
        props={"validityPeriodHours": 100.0},
        settings={"leafHours": 24.0},
        lines=("validityPeriodHours: got 100; allowed at most 24 (leaf); shorten it",),
    ),
    *(
        Example(rule="certificate-life", type=type_, props=props)
        for type_, props in (
            (ROOT, authority(87_600.0, 1.0)),
            (SIGNED, authority(43_800.0, 0.0, earlyRenewalHours=720.0)),
            (
                SIGNED,
                {**authority(1.0, 0.0, earlyRenewalHours=1.0), "validityPeriodHours": UNKNOWN},
            ),
            (ROOT, {"validityPeriodHours": 24.0}),
        )
    ),
)

CONNECTIONS = (
    *(
        Example(
            rule="verified-connections",
            type=type_,
            props=props,
            lines=(
                f"{path}: got a kubeconfig that skips verification; allowed one that verifies; "
                "put the authority's certificate into it",
            ),
        )
        for type_, props, path in (
            (CLUSTER, {"kubeconfig": LAX}, "kubeconfig"),
            (CLUSTER, {"kubeconfig": LAX_YAML}, "kubeconfig"),
            *(
                (CLUSTER, {"kubeconfig": LAX_YAML.replace("true", word)}, "kubeconfig")
                for word in ("True", "TRUE", "yes", "On", "y")
            ),
            (SECRET, {"data": {"eu": encoded(LAX)}}, "data.eu"),
            (SECRET, {"data": {"eu": in_lines(encoded(LAX))}}, "data.eu"),
            (CONFIG_MAP, {"binaryData": {"eu": encoded(LAX)}}, "binaryData.eu"),
            (SECRET, {"stringData": {"eu": LAX}}, "stringData.eu"),
        )
    ),
    *(
        Example(
            rule="verified-connections",
            type=CLUSTER,
            props={"kubeconfig": f"clusters: [{{cluster: {{server: '{scheme}://127.0.0.1'}}}}]"},
            lines=(
                "kubeconfig: got a kubeconfig with an http:// server; allowed https://; use TLS",
            ),
        )
        for scheme in ("http", "HTTP")
    ),
    *(
        Example(
            rule="verified-connections",
            type=type_,
            props=props,
            lines=(f"{path}: got true; allowed false; give the server's authority instead",),
        )
        for type_, props, path in (
            (
                "kubernetes:networking.istio.io/v1:DestinationRule",
                {"spec": {"trafficPolicy": {"tls": {"insecureSkipVerify": True}}}},
                "spec.trafficPolicy.tls.insecureSkipVerify",
            ),
            (
                RELEASE,
                {"values": {"tls_config": {"insecure_skip_verify": True}}},
                "values.tls_config.insecure_skip_verify",
            ),
            ("pulumi:providers:aws", {"insecure": "true"}, "insecure"),
            ("pulumi:providers:aws", {"insecure": "True"}, "insecure"),
        )
    ),
    Example(
        rule="verified-connections",
        type=RELEASE,
        props={"chart": "a", "repositoryOpts": {"repo": "http://charts.example"}},
        lines=("repositoryOpts.repo: got an http:// address; allowed https:// or oci://; use TLS",),
    ),
    *(
        Example(rule="verified-connections", type=type_, props=props)
        for type_, props in (
            (CLUSTER, {"kubeconfig": '{"server": "https://a", "x": 1}'}),
            (CLUSTER, {"kubeconfig": LAX_YAML.replace("true", "only\nyes: 1")}),
            (CLUSTER, {"kubeconfig": UNKNOWN, "insecure": "false"}),
            (
                SECRET,
                {"data": {"a": "not base64!", "b": encoded(LAX_YAML.replace("true", "false"))}},
            ),
        )
    ),
)

CONFIG_MAPS = (
    *(
        Example(
            rule="no-secrets-in-config-maps",
            type=CONFIG_MAP,
            props=props,
            lines=tuple(
                f"{path}: got {what}; allowed what everybody may read; put it into a Secret"
                for path in (f"{held}.{key}" for held in props)
            ),
        )
        for key, value, what in (
            ("a", "-----BEGIN EC PRIVATE KEY-----\nMHc", "a private key"),
            ("a", "users: [{user: {token: abcdefghijklmnop}}]", "a kubeconfig with credentials"),
            ("a", f"x eyJ{'a' * 9}.eyJ{'b' * 9}.c", "a signed token"),
            ("a", f"key=AKIA{'A' * 16}", "an AWS access key"),
            ("db-password", "hunter2", "a value under a secret's name"),
        )
        for props in (
            {"data": {key: value}},
            {"data": {key: value}, "binaryData": {key: in_lines(encoded(value))}},
        )
    ),
    *(
        Example(rule="no-secrets-in-config-maps", type=type_, props=props)
        for type_, props in (
            (CONFIG_MAP, {"data": {"root-cert.pem": "-----BEGIN CERTIFICATE-----"}}),
            (CONFIG_MAP, {"data": {"secretName": "cacerts", "token": ""}}),
            (CONFIG_MAP, {}),
            (CONFIG_MAP, {"binaryData": {"a": encoded("text"), "b": "not base64!", "c": UNKNOWN}}),
            (SECRET, {"stringData": {"password": "hunter2"}}),
        )
    ),
)

MORE_EXAMPLES = (*SOURCES, *OWNERS, *CERTIFICATES, *CONNECTIONS, *CONFIG_MAPS)
