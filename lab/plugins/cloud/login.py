"""The clouds' own commands that log kubeconfigs in, as far as kubeconfigs call them.

`install` writes an `aws` and a `gke-gcloud-auth-plugin` into a folder for the engine's PATH. Each
answers with the credentials of the lab's API server that stands behind the cluster asked for.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from lab.plugins.contract import PluginError

from .clusters import api_server
from .store import FOLDER, Cloud

LOGIN: Final = "login"
"""How the cloud's log calls a command's answer."""
COMMANDS: Final = ("aws", "gke-gcloud-auth-plugin")
_CHECKOUT: Final = Path(__file__).resolve().parents[3]
_BETA: Final = "client.authentication.k8s.io/v1beta1"
_INFO: Final = "KUBERNETES_EXEC_INFO"
_CLUSTER: Final = "--cluster-name"
_DEFAULT_CREDENTIALS: Final = "--use_application_default_credentials"
_OPTIONS: Final = (_CLUSTER, "--region", "--output", "--role-arn")


def install(folder: Path) -> None:
    """Write the commands into `folder`; put it first on the engine's PATH."""
    folder.mkdir(parents=True, exist_ok=True)
    python, root = shlex.quote(sys.executable), shlex.quote(str(_CHECKOUT))
    for command in COMMANDS:
        path = folder / command
        path.write_text(
            "#!/bin/sh\n"
            f'PYTHONPATH={root} exec {python} -m lab.plugins.cloud.login {command} "$@"\n'
        )
        path.chmod(0o755)


def main() -> None:
    """Answer one call with an ExecCredential; exit 1 with the reason where that can't be."""
    try:
        print(json.dumps(answer(sys.argv[1], sys.argv[2:])))
    except PluginError as error:
        raise SystemExit(f"{sys.argv[1]} (the lab's stand-in): {error}") from None


def answer(command: str, arguments: Sequence[str]) -> dict[str, Any]:
    """The ExecCredential that a command prints; raises PluginError."""
    if not os.environ.get(FOLDER):
        raise PluginError(f"{FOLDER} names no folder")
    cloud = Cloud(Path(os.environ[FOLDER]))
    info: dict[str, Any] = json.loads(os.environ.get(_INFO) or "{}")
    name = _eks(arguments) if command == "aws" else _gke(cloud, info, arguments)
    cloud.log("done", LOGIN, type=command, name=name)
    return api_server(cloud, name).credential(info.get("apiVersion", _BETA))


def _eks(arguments: Sequence[str]) -> str:
    words, options = list(arguments), dict[str, str]()
    for option in (word for word in arguments if word in _OPTIONS):
        at = words.index(option)
        options[option] = "".join(words[at + 1 : at + 2])
        del words[at : at + 2]
    if words != ["eks", "get-token"] or not options.get(_CLUSTER):
        raise PluginError(f"got {' '.join(arguments)!r}; allowed eks get-token {_CLUSTER} NAME")
    return options[_CLUSTER]


def _gke(cloud: Cloud, info: dict[str, Any], arguments: Sequence[str]) -> str:
    """The cluster whose server the caller names, as `provideClusterInfo: true` makes it do."""
    if list(arguments) != [_DEFAULT_CREDENTIALS]:
        got = " ".join(arguments)
        raise PluginError(f"got {got!r}; allowed {_DEFAULT_CREDENTIALS}: gcloud isn't logged in")
    server = info.get("spec", {}).get("cluster", {}).get("server")
    if not server:
        raise PluginError(f"{_INFO} names no cluster; the kubeconfig needs provideClusterInfo")
    for name in cloud.served():
        if api_server(cloud, name).server == server:
            return name
    raise PluginError(f"no cluster of the lab is served at {server}")


if __name__ == "__main__":
    main()
