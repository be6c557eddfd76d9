"""The proof of a running environment: two tables, and every cell that is not as planned."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from meshtier.plan.model import ClusterPlan, EnvironmentPlan, MeshPlan
from meshtier.review.paths import Route, Way, predict_members
from rich.console import Console
from rich.table import Table

from . import istiod, matrix, probe
from .istiod import ControlPlane
from .kubectl import Kubectl, KubectlError
from .matrix import Call
from .running import RunningLab

GATEWAY_PORT = 15443


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """What was measured, and what of it is wrong."""

    calls: tuple[Call, ...]
    control_planes: Mapping[str, ControlPlane | None]
    gateways: Mapping[str, str]
    """Address of the east-west gateway by member."""
    faults: tuple[str, ...]
    """One sentence per wrong cell; empty when the environment is as planned."""
    unmeasured: str = ""
    """Why no requests were sent; empty when they were."""


def prove(plan: EnvironmentPlan, kubectls: Mapping[str, Kubectl]) -> Proof:
    """Install the echo workloads, call every member from every member, compare with the plan."""
    mesh = _mesh(plan)
    members = [member.cluster for member in mesh.members]
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda name: probe.install(kubectls[name], name, members), members))
        list(pool.map(lambda name: probe.wait(kubectls[name], name), members))
    gateways = {name: gateway_address(kubectls[name]) for name in members}
    calls = matrix.measure({name: kubectls[name] for name in members})
    planes = {name: istiod.read(kubectls[name]) for name in members}
    faults = (*plane_faults(mesh, planes), *call_faults(mesh, calls, gateways))
    return Proof(calls=calls, control_planes=planes, gateways=gateways, faults=faults)


def prove_control_planes(
    plan: EnvironmentPlan, lab: RunningLab, kubectls: Mapping[str, Kubectl], why: str
) -> Proof:
    """Start the members' istiods as processes and compare what they say with the plan.

    For clusters without nodes: no workload can send a request there, `why` says so.
    """
    mesh = _mesh(plan)
    processes = {member.cluster: lab.istiod(member.cluster) for member in mesh.members}
    for process in processes.values():
        process.start()
    planes = {
        name: istiod.await_sync(process, [peer.cluster for peer in mesh.member(name).peers])
        for name, process in processes.items()
    }
    return Proof(
        calls=(),
        control_planes=planes,
        gateways={name: gateway_address(kubectls[name]) for name in processes},
        faults=tuple(plane_faults(mesh, planes)),
        unmeasured=why,
    )


def remove(plan: EnvironmentPlan, kubectls: Mapping[str, Kubectl]) -> None:
    """Remove the echo workloads from every member."""
    names = [member.cluster for member in _mesh(plan).members]
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda name: probe.remove(kubectls[name]), names))


def path_of(mesh: MeshPlan, call: Call, gateways: Mapping[str, str]) -> str:
    """Return `direct`, `gateway of <member>`, or `?` for an endpoint nobody planned.

    Only a gateway of the destination's network counts as one.
    """
    if call.endpoint.count(":") != 1:
        return "?"
    address, _, port = call.endpoint.partition(":")
    network = mesh.member(call.destination).network
    owners = [
        name
        for name, gateway in gateways.items()
        if gateway == address and mesh.member(name).network == network
    ]
    if int(port) == GATEWAY_PORT:
        return f"gateway of {owners[0]}" if owners else "?"
    return "direct"


def ways(route: Route) -> tuple[str, ...]:
    """Return every way, in the words of `path_of`, that a call of this route may have taken."""
    if route.way is Way.DIRECT:
        return ("direct",)
    return tuple(f"gateway of {name}" for name in route.gateways)


def show(plan: EnvironmentPlan, proof: Proof, console: Console) -> None:
    """Print the table of clusters, the table of requests, and what is wrong."""
    console.print(clusters_table(plan, proof.control_planes, proof.gateways))
    if proof.unmeasured:
        console.print(f"requests were not measured: {proof.unmeasured}")
    else:
        console.print(_calls_table(_mesh(plan), proof))
    for fault in proof.faults:
        console.print(f"wrong: {fault}", style="red", highlight=False)


def clusters_table(
    plan: EnvironmentPlan,
    planes: Mapping[str, ControlPlane | None],
    gateways: Mapping[str, str],
) -> Table:
    """Return the clusters, with what each member's istiod says of its peers."""
    columns = ("cluster", "level", "parent", "provider", "network", "mesh role", "istiod",
               "peers synced", "gateway")  # fmt: skip
    table = Table(*columns, title="Clusters")
    mesh = plan.mesh
    for cluster in plan.clusters:
        cells = _member_cells(mesh, cluster, planes, gateways)
        table.add_row(
            cluster.name, cluster.level, cluster.parent or "-", cluster.cloud.provider, *cells
        )
    return table


def _member_cells(
    mesh: MeshPlan | None,
    cluster: ClusterPlan,
    planes: Mapping[str, ControlPlane | None],
    gateways: Mapping[str, str],
) -> Sequence[str]:
    if mesh is None or cluster.name not in {member.cluster for member in mesh.members}:
        return ("-",) * 5
    member = mesh.member(cluster.name)
    plane = planes.get(cluster.name)
    done = [name for name, status in plane.synced.items() if status == "synced"] if plane else []
    return (
        member.network,
        member.role,
        plane.version if plane else "not running",
        f"{len(done)}/{len(member.peers)}",
        gateways.get(cluster.name) or "-",
    )


def _calls_table(mesh: MeshPlan, proof: Proof) -> Table:
    table = Table("from", "to", "status", "identity the server saw", "way", title="Requests")
    for call in proof.calls:
        way = path_of(mesh, call, proof.gateways)
        table.add_row(call.source, call.destination, str(call.status), call.peer or "none", way)
    return table


def plane_faults(mesh: MeshPlan, planes: Mapping[str, ControlPlane | None]) -> list[str]:
    """Return one sentence per member whose istiod is not as planned."""
    faults: list[str] = []
    for member in mesh.members:
        plane = planes[member.cluster]
        wanted = {peer.cluster: "synced" for peer in member.peers}
        if plane is None:
            faults.append(f"{member.cluster}: its istiod does not answer")
        elif dict(plane.synced) != wanted:
            faults.append(f"{member.cluster}: istiod is synced with {dict(plane.synced)}")
        elif plane.version != mesh.istio_version:
            faults.append(f"{member.cluster}: istiod is {plane.version}, not {mesh.istio_version}")
    return faults


def call_faults(mesh: MeshPlan, calls: Sequence[Call], gateways: Mapping[str, str]) -> list[str]:
    """Return one sentence per thing about a request that is not as planned."""
    faults: list[str] = []
    routes = predict_members(mesh)
    for call in calls:
        name = f"{call.source} -> {call.destination}"
        account = probe.service_name(call.source)
        identity = f"spiffe://{mesh.trust_domain}/ns/{probe.NAMESPACE}/sa/{account}"
        way = path_of(mesh, call, gateways)
        if call.status != 200:
            faults.append(f"{name}: status {call.status} {call.error}".rstrip())
            continue
        if call.answered_by != call.destination:
            faults.append(f"{name}: {call.answered_by or 'nobody'} answered")
        if call.peer != identity:
            faults.append(f"{name}: the server saw {call.peer or 'no identity'}")
        if way not in ways(routes[call.source, call.destination]):
            faults.append(f"{name}: went {way} by {call.endpoint or 'no counted endpoint'}")
    return faults


def gateway_address(kubectl: Kubectl) -> str:
    """Return the address of a cluster's east-west gateway, empty while it has none."""
    try:
        service = kubectl.get("service", "-n", "istio-system", "istio-eastwestgateway")
    except KubectlError:
        return ""
    ingress = service["status"].get("loadBalancer", {}).get("ingress", [])
    return str(ingress[0].get("ip", "")) if ingress else ""


def _mesh(plan: EnvironmentPlan) -> MeshPlan:
    if plan.mesh is None:
        raise ValueError("an environment without a mesh has no requests to prove")
    return plan.mesh
