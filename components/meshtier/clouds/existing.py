"""Clusters that are already there, reached by a kubeconfig from a file or from a secret.

Deliberately leaves out making clusters, and any look at the cluster itself: a preview works
while it is down.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pulumi
import yaml

from ..errors import Problem, SpecError
from ..plan.model import ClusterPlan
from ..spec.existing import ExistingCloud
from .handle import ClusterHandle
from .late import Made
from .provider import register_provider


def problems(
    clusters: Mapping[str, ClusterPlan], kubeconfigs: Mapping[str, pulumi.Input[str]]
) -> Iterator[Problem]:
    """Yield why kubeconfigs of clusters, by their place in the document, can't be used."""
    for path, plan in clusters.items():
        try:
            _kubeconfig(plan, path, kubeconfigs)
        except SpecError as error:
            yield from error.problems


def block_problems(provider: str, blocks: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield why kubeconfig files that a document names can't be used.

    Works on the blocks as they were written, so that it can be told beside whatever else is wrong
    with the document, however wrong that is.
    """
    for path, block in blocks.items():
        content = cast("Mapping[str, Any]", block if isinstance(block, Mapping) else {})
        file, context = content.get("kubeconfig"), content.get("context")
        if not isinstance(file, str):
            continue
        try:
            _from_file(Path(file), context if isinstance(context, str) else None, _at(path))
        except SpecError as error:
            yield from error.problems


def provision(
    plan: ClusterPlan,
    kubeconfigs: Mapping[str, pulumi.Input[str]],
    made: Made,
    parent: pulumi.Resource,
) -> ClusterHandle:
    """Register the provider of a given cluster; `SpecError` when it has no usable kubeconfig."""
    kubeconfig = pulumi.Output.secret(_kubeconfig(plan, plan.name, kubeconfigs))
    context = _cloud(plan).context
    return ClusterHandle(
        name=plan.name,
        provider=register_provider(plan, kubeconfig, parent=parent, context=context),
        kubeconfig=kubeconfig,
        api_server=_api_server(plan, kubeconfig),
        context=context,
        adopt=plan.adopt,
        made=made,
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
    at = _at(path)
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


def _at(path: str) -> str:
    return f"{path}.existing.kubeconfig"


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
