"""The tools, each pinned by exact version. To change a version, change it here and in its go.mod,
then run `go mod tidy` there; test_toolchain checks that the two agree.
"""

from collections.abc import Mapping

from .browser import chromium
from .model import Download, Extra, GoModule, Probe, Tool
from .node import cni, containerd, coredns, debian, iptables
from .releases import ARCH, GITHUB, release
from .search import ENVOY, envoy_wheel

PULUMI = "3.259.0"
KUBERNETES = "1.36.3"
ETCD = "3.7.3"
ISTIO = "1.31.0-patched"
HELM = "4.3.1"

_KUBERNETES_BINARIES = (
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kube-proxy",
    "kubelet",
    "kubectl",
)


def _pulumi() -> Tool:
    base = f"{GITHUB}/pulumi/pulumi/releases/download/v{PULUMI}"
    machine = {"amd64": "x64"}.get(ARCH, ARCH)
    names = ("pulumi", "pulumi-language-python", "pulumi-language-python-exec")
    version = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
    return Tool(
        name="pulumi",
        version=PULUMI,
        provides=names,
        usual_seconds=200,
        probes={"pulumi": Probe(arguments=("version",), contains=f"v{PULUMI}")},
        downloads=release(
            base,
            f"pulumi-v{PULUMI}-linux-{machine}.tar.gz",
            f"pulumi-{PULUMI}-checksums.txt",
            {f"pulumi/{name}": name for name in names},
        ),
        modules=(
            GoModule(folder="lab/tools/pulumi", link={version: f"v{PULUMI}"}),
            GoModule(folder="lab/tools/pulumi-language-python"),
        ),
        extras=(
            Extra(
                folder="lab/tools/pulumi",
                module="github.com/pulumi/pulumi/sdk/v3",
                files={"python/cmd/pulumi-language-python-exec": "bin/pulumi-language-python-exec"},
            ),
        ),
    )


def _kubernetes() -> Tool:
    major, minor, _ = KUBERNETES.split(".")
    facts = {"gitVersion": f"v{KUBERNETES}", "gitMajor": major, "gitMinor": minor}
    packages = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
    base = f"https://dl.k8s.io/release/v{KUBERNETES}/bin/linux/{ARCH}"
    probes = {
        name: Probe(arguments=("--version",), contains=f"Kubernetes v{KUBERNETES}")
        for name in _KUBERNETES_BINARIES
    }
    probes["kubectl"] = Probe(arguments=("version", "--client"), contains=f"v{KUBERNETES}\n")
    return Tool(
        name="kubernetes",
        version=KUBERNETES,
        provides=_KUBERNETES_BINARIES,
        usual_seconds=270,
        probes=probes,
        downloads=tuple(
            Download(url=f"{base}/{name}", checksum_url=f"{base}/{name}.sha256", members={"": name})
            for name in _KUBERNETES_BINARIES
        ),
        modules=(
            GoModule(
                folder="lab/tools/kubernetes",
                link={
                    f"{package}.{name}": value
                    for package in packages
                    for name, value in facts.items()
                },
            ),
        ),
    )


def _etcd() -> Tool:
    base = f"{GITHUB}/etcd-io/etcd/releases/download/v{ETCD}"
    stem = f"etcd-v{ETCD}-linux-{ARCH}"
    return Tool(
        name="etcd",
        version=ETCD,
        provides=("etcd",),
        usual_seconds=25,
        probes={"etcd": Probe(arguments=("--version",), contains=f"etcd Version: {ETCD}\n")},
        downloads=release(base, f"{stem}.tar.gz", "SHA256SUMS", {f"{stem}/etcd": "etcd"}),
        modules=(GoModule(folder="lab/tools/etcd", rename={"server": "etcd"}),),
    )


# istiod 1.31.0 crashes on its first remote Secret when it is told not to read its peers' Secrets:
# the controller it then leaves out (istio/istio#59874) is still asked whether it has synced.
_HAS_SYNCED = "func (s *CredentialsController) HasSynced() bool {\n"
_CLOSE = "func (s *CredentialsController) Close() {\n"
_NIL_CONTROLLER = {
    _HAS_SYNCED: _HAS_SYNCED + "\tif s == nil {\n\t\treturn true\n\t}\n",
    _CLOSE: _CLOSE + "\tif s == nil {\n\t\treturn\n\t}\n",
}


def _istio() -> Tool:
    # No download: the release holds istioctl only, the pilots are published as images.
    variable = "istio.io/istio/pkg/version"
    return Tool(
        name="istio",
        version=ISTIO,
        provides=("pilot-discovery", "pilot-agent", "istioctl"),
        usual_seconds=270,
        probes={
            "pilot-discovery": Probe(arguments=("version", "--short"), contains=f" {ISTIO}\n"),
            "pilot-agent": Probe(arguments=("version", "--short"), contains=f" {ISTIO}\n"),
            "istioctl": Probe(arguments=("version", "--remote=false"), contains=f" {ISTIO}\n"),
        },
        modules=(
            GoModule(
                folder="lab/tools/istio",
                patches={
                    "istio.io/istio": {"pilot/pkg/credentials/kube/secrets.go": _NIL_CONTROLLER}
                },
                link={f"{variable}.buildVersion": ISTIO, f"{variable}.buildStatus": "Clean"},
            ),
        ),
    )


def _istio_files() -> Tool:
    # The release stamps these two lines into every chart, and its images into istiod's.
    stamp = {
        "\nversion: 1.0.0\n": f"\nversion: {ISTIO}\n",
        "appVersion: 1.0.0": f"appVersion: {ISTIO}",
    }
    images = {
        "hub: registry.istio.io/testing": "hub: docker.io/istio",
        "tag: latest": f"tag: {ISTIO}",
    }
    charts = "manifests/charts"
    return Tool(
        name="istio-files",
        version=ISTIO,
        provides=(),
        usual_seconds=10,
        extras=(
            Extra(
                folder="lab/tools/istio",
                module="istio.io/istio",
                files={
                    f"{charts}/base": "charts/base",
                    f"{charts}/istio-control/istio-discovery": "charts/istiod",
                    f"{charts}/gateway": "charts/gateway",
                    f"{charts}/base/files/crd-all.gen.yaml": "crd-all.gen.yaml",
                    "tools/packaging/common/envoy_bootstrap.json": "envoy_bootstrap.json",
                },
                replace={
                    "charts/base/Chart.yaml": stamp,
                    "charts/istiod/Chart.yaml": stamp,
                    "charts/gateway/Chart.yaml": stamp,
                    "charts/istiod/values.yaml": images,
                },
            ),
        ),
    )


def _helm() -> Tool:
    name = f"helm-v{HELM}-linux-{ARCH}.tar.gz"
    return Tool(
        name="helm",
        version=HELM,
        provides=("helm",),
        usual_seconds=90,
        probes={"helm": Probe(arguments=("version", "--short"), contains=f"v{HELM}")},
        downloads=release(
            "https://get.helm.sh", name, f"{name}.sha256sum", {f"linux-{ARCH}/helm": "helm"}
        ),
        modules=(
            GoModule(
                folder="lab/tools/helm",
                link={"helm.sh/helm/v4/internal/version.version": f"v{HELM}"},
            ),
        ),
    )


TOOLS: tuple[Tool, ...] = (
    _kubernetes(),
    _istio(),
    _pulumi(),
    _helm(),
    coredns(),
    containerd(),
    _etcd(),
    cni(),
    Tool(
        name="echo",
        version="of this checkout",
        provides=("echo",),
        usual_seconds=10,
        modules=(GoModule(folder="lab/images/echo", targets=(".",)),),
    ),
    _istio_files(),
    debian("runc", {"runc": "runc"}),
    debian("nftables", {"nft": "nft"}),
    iptables(),
    debian("conntrack", {"conntrack": "conntrack"}),
    debian("iproute2", {"ip": "ip"}, "-V"),
    chromium(),
    Tool(name="envoy", version=ENVOY, provides=("envoy",), usual_seconds=0, wheel=envoy_wheel),
)

GROUPS: Mapping[str, tuple[str, ...]] = {
    "engine": ("pulumi", "helm"),
    "control-plane": ("etcd", "kubernetes"),
    "node": (
        *("etcd", "kubernetes", "containerd", "cni", "coredns", "echo"),
        *("runc", "nftables", "iptables", "conntrack", "iproute2"),
    ),
    "mesh": ("istio", "istio-files", "envoy"),
}
