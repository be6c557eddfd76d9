"""What a stack's own configuration holds: the document, and the secrets beside it."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import pulumi

from .args import EnvironmentArgs
from .errors import Problem

_DOCUMENT = "environment"


def stack_args(config: pulumi.Config) -> EnvironmentArgs:
    """Return the arguments of the stack's environment.

    Args:
        config: The configuration below `meshtier:`. The document is under `environment`,
            a provided trust under `trust`, kubeconfigs under the keys that the document names.

    Raises `pulumi.RunError` for a document with encrypted values in it: all of it would come out
    in clear, and be seen in plan and state.
    """
    if pulumi.runtime.is_config_secret(config.full_key(_DOCUMENT)):
        raise pulumi.RunError(str(_encrypted(config.full_key(_DOCUMENT))))
    document = cast("Mapping[str, Any]", config.require_object(_DOCUMENT))
    given = {key: config.get_secret(key) for key in _kubeconfig_keys(document)}
    args = EnvironmentArgs(
        environment=document,
        kubeconfigs={key: value for key, value in given.items() if value is not None},
    )
    trust = _trust(config)
    if trust is not None:
        args["trust"] = trust
    return args


def _encrypted(key: str) -> Problem:
    return Problem(
        path=key,
        got="encrypted values",
        allowed="a document in clear, for plan and state show it",
        fix="keep secrets in config keys of their own or in Secrets of the clusters, and name "
        "those in the document",
    )


def _kubeconfig_keys(block: Any) -> Iterator[str]:
    if not isinstance(block, Mapping):
        return
    for key, value in cast("Mapping[str, Any]", block).items():
        if key == "kubeconfigKey" and isinstance(value, str):
            yield value
        yield from _kubeconfig_keys(value)


def _trust(config: pulumi.Config) -> Any:
    """Return what is under `trust`, in our own spelling; what it has to be, the rules know."""
    try:
        trust = config.get_object("trust")
    except pulumi.ConfigTypeError:  # whose message shows the value
        trust = config.get("trust")
    if not isinstance(trust, Mapping):
        return trust
    content = cast("Mapping[str, Any]", trust)
    return {"root_certificate": content.get("rootCertificate"), "members": content.get("members")}
