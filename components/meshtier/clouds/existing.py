"""Clusters that are already there, reached by a kubeconfig from a file or from a secret.

Deliberately leaves out making clusters, and any look at the cluster itself: a preview works
while it is down.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

import pulumi
import pulumi_kubernetes as k8s
import yaml

from ..errors import Problem, SpecError
from ..plan.model import ClusterPlan
from ..spec.existing import ExistingCloud
from ..spec.show import spell
from .handle import ClusterHandle

_KEY: Final = ".kubeconfig"


def problems(
    plan: ClusterPlan, path: str, kubeconfigs: Mapping[str, pulumi.Input[str]]
) -> tuple[Problem, ...]:
    """Return why the cluster's kubeconfig can't be used; empty when it can."""
    try:
        _kubeconfig(plan, path, kubeconfigs)
    except SpecError as error:
        return error.problems
    return ()


def file_problems(document: Any, at: tuple[str, ...] = ()) -> Iterator[Problem]:
    """Yield why kubeconfig files that a document names can't be used.

    Works on the document as it was written, so that they can be told beside whatever else is wrong
    with it, however wrong that is.
    """
    if not isinstance(document, Mapping):
        return
    block = cast("Mapping[str, Any]", document)
    file, context = block.get("kubeconfig"), block.get("context")
    if at[-2:] == ("cloud", "existing") and isinstance(file, str):
        try:
            _from_file(Path(file), context if isinstance(context, str) else None, spell(at) + _KEY)
        except SpecError as error:
            yield from error.problems
    for key, value in block.items():
        yield from file_problems(value, (*at, str(key)))


def provision(
    plan: ClusterPlan, kubeconfigs: Mapping[str, pulumi.Input[str]], parent: pulumi.Resource
) -> ClusterHandle:
    """Register the provider of a given cluster; `SpecError` when it has no usable kubeconfig."""
    kubeconfig = pulumi.Output.secret(_kubeconfig(plan, plan.name, kubeconfigs))
    provider = k8s.Provider(
        plan.provider_name,
        kubeconfig=kubeconfig,
        context=_cloud(plan).context,
        # Without it, a kubeconfig that changes or is unknown in a preview would plan the
        # replacement of the provider, and with it of everything in the cluster.
        cluster_identifier=plan.identifier,
        upsert_existing_objects=plan.adopt,
        # A replaced cacerts or remote Secret is gone for a moment, and with it the mesh's trust.
        enable_secret_mutable=True,
        enable_config_map_mutable=True,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return ClusterHandle(
        name=plan.name,
        provider=provider,
        kubeconfig=kubeconfig,
        api_server=_api_server(plan, kubeconfig),
    )


def _api_server(plan: ClusterPlan, kubeconfig: pulumi.Output[str]) -> pulumi.Output[str]:
    cloud = _cloud(plan)
    if cloud.api_server_for_peers is not None:
        return pulumi.Output.from_input(cloud.api_server_for_peers)
    context = cloud.context
    # The address alone is no secret, the kubeconfig it stands in is.
    return pulumi.Output.unsecret(kubeconfig.apply(lambda text: server_of(text, context)))


def _cloud(plan: ClusterPlan) -> ExistingCloud:
    if not isinstance(plan.cloud, ExistingCloud):
        raise TypeError(f"{plan.name} is no existing cluster")
    return plan.cloud


def server_of(kubeconfig: str, context: str | None) -> str:
    """Return the API server address of a kubeconfig's context; default its current context.

    Raises `ValueError`, without any of the content, when there is none.
    """
    config = _parsed(kubeconfig)
    name = context or config.get("current-context")
    cluster = _named(config, "contexts", name, "context").get("cluster")
    server = _named(config, "clusters", cluster, "cluster").get("server")
    if not isinstance(server, str):
        raise ValueError("no server in the context's cluster")
    return server


def _kubeconfig(
    plan: ClusterPlan, path: str, kubeconfigs: Mapping[str, pulumi.Input[str]]
) -> pulumi.Input[str]:
    cloud = _cloud(plan)
    if cloud.kubeconfig_key is not None:
        return _from_key(cloud.kubeconfig_key, f"{path}.existing.kubeconfigKey", kubeconfigs)
    at = f"{path}.existing{_KEY}"
    if cloud.kubeconfig is None:
        raise SpecError(
            [_problem(at, "nothing", "a kubeconfig file, or kubeconfigKey", "give one of the two")]
        )
    return _from_file(Path(cloud.kubeconfig), cloud.context, at)


def _from_key(key: str, at: str, kubeconfigs: Mapping[str, pulumi.Input[str]]) -> pulumi.Input[str]:
    if key not in kubeconfigs:
        given = ", ".join(sorted(kubeconfigs)) or "there is none"
        raise SpecError(
            [
                _problem(
                    at,
                    f"'{key}', under which no kubeconfig is given",
                    f"the name of a given one ({given})",
                    f"set the secret with `pulumi config set --secret meshtier:{key}`",
                )
            ]
        )
    return kubeconfigs[key]


def _from_file(file: Path, context: str | None, at: str) -> str:
    allowed = "a readable kubeconfig file, relative to the program"
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not text"
        got = f"'{file}' ({(why or 'not readable').lower()})"
        raise SpecError([_problem(at, got, allowed, "create the file or correct it")]) from None
    try:
        server_of(text, context)
    except ValueError as error:
        got = f"'{file}' ({error})"
        raise SpecError([_problem(at, got, allowed, "write a kubeconfig there")]) from None
    return text


def _problem(path: str, got: str, allowed: str, fix: str) -> Problem:
    return Problem(path=path, got=got, allowed=allowed, fix=fix)


def _parsed(kubeconfig: str) -> Mapping[str, Any]:
    try:
        config: object = yaml.safe_load(kubeconfig)
    except yaml.YAMLError:
        # The parser's own message quotes the content.
        raise ValueError("not YAML") from None
    if not isinstance(config, dict):
        raise ValueError("not a kubeconfig")
    return cast("dict[str, Any]", config)


def _named(config: Mapping[str, Any], section: str, name: Any, kind: str) -> Mapping[str, Any]:
    """Return the entry `name` of a kubeconfig's list `section`."""
    entries: Any = config.get(section)
    for entry in cast("list[Any]", entries) if isinstance(entries, list) else []:
        if isinstance(entry, dict) and cast("dict[str, Any]", entry).get("name") == name:
            content: Any = cast("dict[str, Any]", entry).get(kind)
            if isinstance(content, dict):
                return cast("dict[str, Any]", content)
    raise ValueError(f"no {kind} named {name!r}" if isinstance(name, str) else f"no {kind} set")
