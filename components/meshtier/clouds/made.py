"""Clusters that a cloud makes, reached by a command that gets credentials when they are needed.

Their resources are registered from the plan (see `resources`); this is what follows from them: the
kubeconfig, the provider, and what the cloud needs inside the cluster.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from typing import Any, cast

import pulumi

from ..errors import Problem
from ..plan.kubeconfig import stack_kubeconfig
from ..plan.model import ClusterPlan
from ..plan.resources import AccessPlan
from .handle import ClusterHandle
from .late import Made, resolve, text_output
from .provider import register_provider
from .registration import register_object, register_release


def problems(
    clusters: Mapping[str, ClusterPlan], kubeconfigs: Mapping[str, pulumi.Input[str]]
) -> Sequence[Problem]:
    """Return why clusters of one cloud, by their place in the document, can't be made."""
    (provider,) = {cluster.cloud.provider for cluster in clusters.values()}
    return _without_sdk(provider, clusters)


def block_problems(provider: str, blocks: Mapping[str, Any]) -> Sequence[Problem]:
    """Return the same of a document that is wrong in other ways."""
    return _without_sdk(provider, blocks)


def provision(
    plan: ClusterPlan,
    kubeconfigs: Mapping[str, pulumi.Input[str]],
    made: Made,
    parent: pulumi.Resource,
) -> ClusterHandle:
    """Register the provider of a made cluster and what its cloud needs inside."""
    if plan.access is None:
        raise TypeError(f"{plan.name} is made by no cloud")
    kubeconfig = _kubeconfig(plan.name, plan.access, made)
    handle = ClusterHandle(
        name=plan.name,
        provider=register_provider(
            plan,
            kubeconfig,
            parent=parent,
            depends_on=[made[name] for name in plan.access.way_in],
        ),
        kubeconfig=kubeconfig,
        api_server=text_output(plan.access.peers_server, made),
        adopt=plan.adopt,
        control_plane=made[plan.access.control_plane],
        made=made,
        ready=tuple(made[name] for name in plan.access.ready),
    )
    return _with_inside(plan, handle, parent)


def _kubeconfig(name: str, access: AccessPlan, made: Made) -> pulumi.Output[str]:
    def kubeconfig(late: Mapping[str, str | None]) -> str:
        server, authority = cast(str, late["server"]), late["authority"]
        return stack_kubeconfig(
            cluster=name, server=server, authority=authority, login=access.login
        )

    late = pulumi.Output.all(
        server=resolve(access.server, made), authority=resolve(access.authority, made)
    )
    # Nothing in it is secret; it is handled like those that are, so that no reader has to ask.
    return pulumi.Output.secret(late.apply(kubeconfig))


def _with_inside(
    plan: ClusterPlan, handle: ClusterHandle, parent: pulumi.Resource
) -> ClusterHandle:
    objects = [
        register_object(wanted, cluster=handle, parent=parent) for wanted in plan.inside.objects
    ]
    releases = [
        register_release(wanted, cluster=handle, parent=parent, depends_on=objects)
        for wanted in plan.inside.releases
    ]
    return replace(handle, load_balancing=tuple(releases))


def _without_sdk(provider: str, places: Mapping[str, Any]) -> Sequence[Problem]:
    """Return, once, that the cloud's SDK is missing."""
    if find_spec(f"pulumi_{provider}") is not None:
        return ()
    return [
        Problem(
            path=f"{next(iter(places))}.{provider}",
            got=f"a cloud whose SDK, pulumi-{provider}, is not installed",
            allowed="a cloud whose extra of meshtier is installed",
            fix=f'run `pip install "meshtier[{provider}]"`',
        )
    ]
