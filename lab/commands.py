"""Which commands make up one cluster, in either mode, and how its namespaces are set up."""

from collections.abc import Sequence

from . import control_plane, dns, loadbalancer, process
from .layout import Layout
from .node import cni, containerd, kubelet, proxy
from .site import BRIDGE
from .spec import Mode
from .supervisor import Command, Plan

NODE_TOOLS = (
    *("kube-scheduler", "kubelet", "kube-proxy", "coredns", "kubectl"),
    *("containerd", "containerd-shim-runc-v2", "ctr", "runc", "nft"),
    *cni.PLUGINS,
)
PAUSE_IMAGE = "docker.io/meshtier/pause:1"
_OUTSIDE = "eth0"
# Worse than any other route, so that it only catches what nothing else wants.
_LAST_METRIC = 4278198272


def plan(of: Layout) -> Plan:
    """Everything that the cluster's supervisor keeps running; writes their configuration."""
    commands = [
        *control_plane.commands(
            of.about,
            of.endpoint,
            of.authority,
            of.directory,
            of.tools,
            of.spec.kubernetes_flags,
        ),
        *(_node_commands(of) if of.about.nodes else ()),
    ]
    if of.about.nodes or of.spec.mode is Mode.CONTROL_PLANE:
        commands.append(_balancer(of))
    return Plan(
        state=of.directory,
        server=of.endpoint.url,
        credentials=of.authority.directory,
        commands=tuple(commands),
        search_path=of.search_path,
    )


def _node_commands(of: Layout) -> Sequence[Command]:
    state, address = of.directory, of.endpoint.address
    plugins, networks = cni.configure(of.about, state, of.tools)
    runtime = containerd.configure(
        state, pause=PAUSE_IMAGE, runc=of.tools["runc"], plugins=plugins, networks=networks
    )
    settings = kubelet.configure(of.about, address, of.authority, state)
    services = proxy.configure(of.about, state / "proxy.kubeconfig", state)
    corefile = dns.configure(address, state / "dns.kubeconfig", state)
    return (
        containerd.command(of.tools["containerd"], runtime),
        kubelet.command(
            of.about, of.tools["kubelet"], settings, state / "kubelet.kubeconfig", address
        ),
        proxy.command(of.tools["kube-proxy"], services),
        dns.command(of.tools["coredns"], corefile),
    )


def _balancer(of: Layout) -> Command:
    return loadbalancer.command(
        process.python_command("lab.loadbalancer"),
        server=of.endpoint.url,
        credentials=of.authority.directory,
        addresses=of.spec.balancers(of.index),
        interface=_OUTSIDE if of.about.nodes else None,
        ip=of.tools.get("ip"),
    )


def launch(of: Layout, site: int) -> dict[str, object]:
    """What `lab.node.launch` needs; `site` is the process whose network holds the bridge."""
    inside = [
        "link set lo up",
        f"addr add {of.endpoint.address}/{of.spec.site.prefixlen} dev {_OUTSIDE}",
        f"link set {_OUTSIDE} up",
        f"route add unreachable default metric {_LAST_METRIC}",
    ]
    if of.about.nodes:
        # Processes of the node call Services too; kube-proxy turns these packets round.
        inside.append(f"route add {of.about.services} dev {_OUTSIDE}")
    return {
        "cgroup": of.cgroup,
        "record": str(of.record),
        "hostname": kubelet.node_name(of.about),
        "state": str(of.directory),
        "node": of.about.nodes,
        "plan": plan(of).to_json(),
        "network": {
            "site": site,
            "bridge": BRIDGE,
            "link": f"cluster{of.index}",
            # The same after each start, so that neighbours who remember it stay right.
            "hardware": f"02:6d:74:00:00:{of.index:02x}",
            "ip": str(of.tools["ip"]),
            "inside": inside,
        },
    }
