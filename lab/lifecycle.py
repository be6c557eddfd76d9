"""How a lab comes up and goes down, from any state a crash may have left it in."""

import dataclasses
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import assembly, images, ports, preflight, process, record
from .cluster import Cluster
from .record import Record
from .site import Site
from .spec import LabSpec, Mode
from .toolchain import Toolchain

Progress = Callable[[str], None]


def up(spec: LabSpec, tools: Mapping[str, Path] | Toolchain, progress: Progress) -> Record:
    """Have the lab running and return its record; LabError says what did not work.

    Where nodes are asked for but can't be had, says so and runs control planes only: see
    the record's mode.
    """
    spec = _possible(spec, progress)
    spec.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with assembly.locked(spec.directory):
        nodes = any(cluster.nodes for cluster in spec.clusters)
        known = record.merge(
            spec, preflight.complete(preflight.paths(tools), spec.mode, nodes=nodes)
        )
        _remove_undescribed(known, progress)
        site = assembly.site(known)
        if site is not None and site.ensure():
            # Whatever still runs of this lab hangs on a network that is gone.
            for cluster in assembly.clusters(known):
                cluster.stop()
        _replace_taken_ports(known, site, progress)
        clusters = assembly.clusters(known)
        known.save()
        with ThreadPoolExecutor(max_workers=len(clusters)) as pool:
            list(pool.map(lambda cluster: _start_missing(cluster, site, progress), clusters))
            if site is not None:
                _connect(site, clusters)
            list(pool.map(lambda cluster: _complete(cluster, progress), clusters))
    return known


def down(directory: Path, progress: Progress = lambda _: None) -> None:
    """Stop the lab in this directory and delete its state; nothing happens when there is none."""
    directory = directory.absolute()
    if not directory.exists():
        return
    with assembly.locked(directory):
        known = record.load(directory)
        clusters = assembly.clusters(known) if known else []
        with ThreadPoolExecutor(max_workers=len(clusters) or 1) as pool:
            list(pool.map(Cluster.remove, clusters))
        site = assembly.site(known) if known else None
        if site is not None:
            site.stop()
        for left in list(process.marked(directory)):
            left.kill()
        for folder in ("clusters", "site", "kubeconfigs"):
            shutil.rmtree(directory / folder, ignore_errors=True)
        (directory / record.FILE).unlink(missing_ok=True)
        ports.release(directory)
        progress(f"{len(clusters)} clusters stopped and removed")
        assembly.unlock_for_good(directory)


def _possible(spec: LabSpec, progress: Progress) -> LabSpec:
    """The description as this machine can run it, said aloud when that is less."""
    spec = dataclasses.replace(spec, directory=spec.directory.absolute())
    if spec.mode is Mode.NODES and (why := preflight.missing_for_nodes()):
        progress(f"{why}; running API servers without nodes instead")
        spec = dataclasses.replace(spec, mode=Mode.CONTROL_PLANE)
    if spec.mode is Mode.NODES and (changed := preflight.allow_watches()):
        progress(changed)
    if spec.mode is Mode.CONTROL_PLANE:
        bare = tuple(dataclasses.replace(cluster, nodes=False) for cluster in spec.clusters)
        spec = dataclasses.replace(spec, clusters=bare)
    return spec


def _remove_undescribed(known: Record, progress: Progress) -> None:
    before = record.load(known.spec.directory)
    wanted = {cluster.name for cluster in known.spec.clusters}
    for cluster in assembly.clusters(before) if before else []:
        if cluster.name not in wanted:
            progress(f"{cluster.name}: removing, no longer described")
            cluster.remove()
            known.forget(cluster.name)


def _replace_taken_ports(known: Record, site: Site | None, progress: Progress) -> None:
    """Leave remembered ports that somebody else took while their user wasn't running."""
    for cluster in assembly.clusters(known):
        if site.is_forwarding if site else cluster.init is not None:
            continue
        for key, port in list(known.ports.items()):
            name, _, use = key.partition("/")
            if name == cluster.name and not ports.is_free(port):
                progress(f"{name}: port {port} is taken by another program; using a new one")
                known.forget_port(name, use)


def _start_missing(cluster: Cluster, site: Site | None, progress: Progress) -> None:
    if cluster.init is not None:
        # The host's port may be a new one.
        cluster.write_files()
        return
    # What a crash left must go first: processes without their init, cgroups.
    cluster.stop()
    progress(f"{cluster.name}: starting")
    cluster.start(site)


def _connect(site: Site, clusters: Sequence[Cluster]) -> None:
    site.forward({c.host_port: f"{c.endpoint.address}:{c.endpoint.port}" for c in clusters})
    machines = {cluster.name: cluster.endpoint.address for cluster in clusters}
    for cluster in clusters:
        init = cluster.init
        if cluster.about.nodes and init is not None:
            site.connect(cluster.about, init.pid, machines)


def _complete(cluster: Cluster, progress: Progress) -> None:
    """Bring a started cluster to where pods can run; does nothing where it is already."""
    if cluster.about.nodes:
        cluster.wait_for_containerd()
        images.load(cluster, progress)
    was_ready = cluster.is_complete
    cluster.wait_for_api()
    if not was_ready:
        cluster.add_objects()
    if cluster.about.nodes:
        cluster.wait_for_node()
    if not was_ready:
        cluster.mark_complete()
        progress(f"{cluster.name}: ready")
