"""What runs on a node beside Kubernetes: containers, networks, names, packet filters."""

from collections.abc import Mapping

from .model import DebianPackages, GoModule, Probe, Tool
from .releases import ARCH, GITHUB, release

COREDNS = "1.13.1"
CONTAINERD = "2.2.1"
CNI = "1.9.0"


def coredns() -> Tool:
    """Cluster DNS."""
    name = f"coredns_{COREDNS}_linux_{ARCH}.tgz"
    return Tool(
        name="coredns",
        version=COREDNS,
        provides=("coredns",),
        usual_seconds=100,
        probes={"coredns": Probe(arguments=("-version",), contains=f"CoreDNS-{COREDNS}\n")},
        downloads=release(
            f"{GITHUB}/coredns/coredns/releases/download/v{COREDNS}",
            name,
            f"{name}.sha256",
            {"coredns": "coredns"},
        ),
        modules=(GoModule(folder="lab/tools/coredns"),),
    )


def containerd() -> Tool:
    """containerd with its shim and its ctr; the three have to be of one version."""
    names = ("containerd", "containerd-shim-runc-v2", "ctr")
    archive = f"containerd-static-{CONTAINERD}-linux-{ARCH}.tar.gz"
    variable = "github.com/containerd/containerd/v2/version.Version"
    return Tool(
        name="containerd",
        version=CONTAINERD,
        provides=names,
        usual_seconds=60,
        probes={
            name: Probe(arguments=("--version",), contains=f"v{CONTAINERD}")
            for name in ("containerd", "ctr")
        },
        downloads=release(
            f"{GITHUB}/containerd/containerd/releases/download/v{CONTAINERD}",
            archive,
            f"{archive}.sha256sum",
            {f"bin/{name}": name for name in names},
        ),
        modules=(
            GoModule(
                folder="lab/tools/containerd",
                tags=("no_btrfs", "no_zfs", "no_devmapper", "no_aufs"),
                link={variable: f"v{CONTAINERD}"},
            ),
        ),
    )


def cni() -> Tool:
    """The network plugins of a node with one bridge."""
    names = ("bridge", "host-local", "loopback", "portmap")
    archive = f"cni-plugins-linux-{ARCH}-v{CNI}.tgz"
    return Tool(
        name="cni",
        version=CNI,
        provides=names,
        usual_seconds=10,
        downloads=release(
            f"{GITHUB}/containernetworking/plugins/releases/download/v{CNI}",
            archive,
            f"{archive}.sha256",
            {name: name for name in names},
        ),
        modules=(GoModule(folder="lab/tools/cni"),),
    )


def debian(package: str, programs: Mapping[str, str], asks: str = "--version") -> Tool:
    """Commands of one Debian package; any version on PATH that runs will do.

    `programs` gives, per command, the name of the program in the package.
    """
    places = ("usr/sbin", "sbin", "usr/bin", "bin")
    commands = {
        name: tuple(f"{place}/{program}" for place in places) for name, program in programs.items()
    }
    return Tool(
        name=package,
        version="of this Debian",
        provides=tuple(commands),
        usual_seconds=15,
        probes={name: Probe(arguments=(asks,), contains="") for name in commands},
        debian=DebianPackages(packages=(package,), commands=commands),
    )


def iptables() -> Tool:
    """iptables over nf_tables, under the names that kubelet, kube-proxy and CNI call.

    Unpacked packages lack the plain names: those are alternatives, made on installing.
    """
    programs = {
        f"{family}{suffix}": f"{family}-nft{suffix}"
        for family in ("iptables", "ip6tables")
        for suffix in ("", "-save", "-restore")
    }
    return debian("iptables", programs)
