"""The images of the lab: built from the lab's own tools, cached by content, loaded into nodes.

They carry the names that Istio's charts ask for, so nothing in an environment knows of the lab.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from ..cluster import Cluster
from ..commands import PAUSE_IMAGE
from ..node.containerd import SOCKET
from ..ports import cache_directory
from ..process import run, write_atomically
from .archive import Image, build
from .closure import libraries

ECHO = "docker.io/meshtier/echo:1"
PILOT = "docker.io/istio/pilot:1.31.0-patched"
PROXY = "docker.io/istio/proxyv2:1.31.0-patched"
_ISTIO_USER = "1337"
_IPTABLES_NAMES = tuple(
    f"{family}{kind}{suffix}"
    for family in ("iptables", "ip6tables")
    for kind in ("", "-nft")
    for suffix in ("", "-save", "-restore")
)
_MULTI = "usr/sbin/xtables-nft-multi"
_PASSWD = f"root:x:0:0::/:\nistio-proxy:x:{_ISTIO_USER}:{_ISTIO_USER}::/:\n"


def all_images(tools: Mapping[str, Path]) -> tuple[Image, ...]:
    """Every image that these tools are enough for; Istio's only beside Istio's tools."""
    echo = {"/echo": tools["echo"]}
    found = [
        Image(name=PAUSE_IMAGE, entrypoint=("/echo", "pause"), files=echo),
        Image(name=ECHO, entrypoint=("/echo",), files=echo),
    ]
    if "pilot-discovery" in tools:
        found.append(_pilot(tools))
    if "pilot-agent" in tools:
        found.append(_proxy(tools))
    return tuple(found)


def _pilot(tools: Mapping[str, Path]) -> Image:
    binary = "/usr/local/bin/pilot-discovery"
    return Image(
        name=PILOT,
        entrypoint=(binary,),
        files={binary: tools["pilot-discovery"]},
        texts={"/etc/passwd": _PASSWD},
        user=_ISTIO_USER,
    )


def _proxy(tools: Mapping[str, Path]) -> Image:
    """The sidecar and gateway image, which also sets up a pod's iptables as istio-init."""
    agent = "/usr/local/bin/pilot-agent"
    tree = tools["iptables-files"]
    filters = tree / _MULTI
    extensions = sorted((tree / "usr/lib").glob("*/xtables/*.so"))
    files = {
        agent: tools["pilot-agent"],
        "/usr/local/bin/envoy": tools["envoy"],
        "/var/lib/istio/envoy/envoy_bootstrap_tmpl.json": (
            tools["istio-files"] / "envoy_bootstrap.json"
        ),
        f"/{_MULTI}": filters,
        **{f"/{path.relative_to(tree)}": path for path in extensions},
        **libraries([tools["envoy"]]),
        **libraries([filters, *extensions], tree),
    }
    return Image(
        name=PROXY,
        entrypoint=(agent,),
        files=files,
        texts={"/etc/passwd": _PASSWD},
        links={f"/usr/sbin/{name}": "xtables-nft-multi" for name in _IPTABLES_NAMES},
    )


def load(cluster: Cluster, progress: Callable[[str], None]) -> None:
    """Import what the cluster's node doesn't hold yet; containerd must be up."""
    for image in all_images(cluster.tools):
        marker = cluster.directory / "images" / image.name.replace("/", "_")
        fingerprint = image.fingerprint()
        if marker.exists() and marker.read_text() == fingerprint:
            continue
        archive = build(image, cache_directory() / "images")
        megabytes = archive.stat().st_size // 1_000_000
        progress(f"{cluster.name}: loading {image.name} ({megabytes} MB)")
        ctr = [str(cluster.tools["ctr"]), "--address", SOCKET, "--namespace", "k8s.io"]
        run(cluster.enter([*ctr, "images", "import", str(archive)]), timeout=300)
        marker.parent.mkdir(exist_ok=True)
        write_atomically(marker, fingerprint)
