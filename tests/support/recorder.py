"""A strict stand-in for the engine that records what a program registers.

It knows exactly the resource types meshtier uses: any other fails the program, and so does a
second resource of one type and name. Of a cloud's types it knows those that the cloud's SDK has.
Deliberately leaves out what only the real engine does: ordering, refusals, aliases, diffs.
"""

import asyncio
import base64
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf.json_format import MessageToDict
from pulumi.runtime import mocks, rpc, stack, sync_await

from tests.support import cloud_outputs

SERVICE_ACCOUNT_TOKEN = "kubernetes.io/service-account-token"


class NotExpected(Exception):
    """The program registered something it never should."""


def pem(what: str, label: str = "CERTIFICATE") -> str:
    """Return a text in the shape of a PEM block, made from `what`."""
    body = base64.b64encode(what.encode()).decode()
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"


def _key(name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {**inputs, "privateKeyPem": pem(name, "PRIVATE KEY")}


def _certificate(name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {**inputs, "certPem": pem(name), "validityEndTime": f"end of {name}"}


def _request(name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {**inputs, "certRequestPem": pem(name, "CERTIFICATE REQUEST")}


def _secret(name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    if inputs.get("type") != SERVICE_ACCOUNT_TOKEN:
        return dict(inputs)
    filled = {"token": f"token of {name}", "ca.crt": f"authority of {name}"}
    return {
        **inputs,
        "data": {key: base64.b64encode(text.encode()).decode() for key, text in filled.items()},
    }


def _service(name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {**inputs, "status": {"loadBalancer": {"ingress": [{"ip": f"address of {name}"}]}}}


def _as_asked(name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    return dict(inputs)


KNOWN: Mapping[str, Callable[[str, Mapping[str, Any]], dict[str, Any]]] = {
    "meshtier:index:Environment": _as_asked,
    "meshtier:index:Master": _as_asked,
    "meshtier:index:Seed": _as_asked,
    "meshtier:index:UserCluster": _as_asked,
    "meshtier:index:Mesh": _as_asked,
    "meshtier:index:MeshMember": _as_asked,
    "meshtier:index:TrustRoot": _as_asked,
    "pulumi:providers:kubernetes": _as_asked,
    "pulumi:providers:tls": _as_asked,
    "tls:index/privateKey:PrivateKey": _key,
    "tls:index/certRequest:CertRequest": _request,
    "tls:index/selfSignedCert:SelfSignedCert": _certificate,
    "tls:index/locallySignedCert:LocallySignedCert": _certificate,
    "kubernetes:core/v1:Namespace": _as_asked,
    "kubernetes:core/v1:ConfigMap": _as_asked,
    "kubernetes:core/v1:Secret": _secret,
    "kubernetes:core/v1:Service": _service,
    "kubernetes:core/v1:ServiceAccount": _as_asked,
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": _as_asked,
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": _as_asked,
    "kubernetes:storage.k8s.io/v1:StorageClass": _as_asked,
    "kubernetes:helm.sh/v3:Release": _as_asked,
    "kubernetes:networking.istio.io/v1:Gateway": _as_asked,
    "kubernetes:security.istio.io/v1:PeerAuthentication": _as_asked,
}
"""Resource type -> what it answers, from its name and inputs."""

_CLOUDS = ("aws:", "gcp:", "pulumi:providers:aws", "pulumi:providers:gcp")
"""What the types of clouds begin with."""


Answer = Callable[[str, str, Mapping[str, Any]], dict[str, Any]]
"""Returns what a cloud answers, from a resource's type, name and inputs."""


@dataclass(frozen=True, kw_only=True)
class Registered:
    """One resource the program registered."""

    type: str
    name: str
    parent: str
    """Name of the parent; the stack's own for top-level resources."""
    provider: str
    """Name of the explicit provider, empty without one."""
    is_custom: bool
    inputs: Mapping[str, Any]
    secrets: frozenset[str]
    """Dotted paths of the inputs that are marked secret."""
    replaced_by: frozenset[str]
    """Paths whose change replaces it, beyond those its provider knows of."""
    depends_on: frozenset[str]
    """Names of what it waits for."""
    protect: bool
    ignore_changes: tuple[str, ...]
    delete_timeout: str
    """Longest deletion, such as `20m`; empty without one."""


class Recorder(mocks.MockMonitor):
    """What a program registered, in order."""

    def __init__(self, clouds: Answer = cloud_outputs.answer) -> None:
        super().__init__(_NoMocks(clouds))
        self.registered: list[Registered] = []
        self.warnings: list[str] = []

    def of(self, kind: str) -> list[Registered]:
        """Return the resources of the type that ends in `:kind`."""
        return [one for one in self.registered if one.type.rpartition(":")[2] == kind]

    def one(self, kind: str, name: str) -> Registered:
        """Return the one resource of a kind and name."""
        (found,) = [one for one in self.of(kind) if one.name == name]
        return found

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Record one registration, then answer as the mock monitor does."""
        if request.type != "pulumi:pulumi:Stack":
            self._record(request)
        return super().RegisterResource(request)

    def _record(self, request: Any) -> None:
        if request.type not in KNOWN and not request.type.startswith(_CLOUDS):
            raise NotExpected(f"a resource of type {request.type}")
        if any((one.type, one.name) == (request.type, request.name) for one in self.registered):
            raise NotExpected(f"a second {request.type} named {request.name}")
        raw = MessageToDict(request.object)
        self.registered.append(
            Registered(
                type=request.type,
                name=request.name,
                parent=_name_in(request.parent),
                provider=_name_in(request.provider.rpartition("::")[0]),
                is_custom=request.custom,
                inputs=_plain(rpc.deserialize_properties(request.object, keep_unknowns=True)),
                secrets=frozenset(_secret_paths(raw, "")),
                replaced_by=frozenset(request.replaceOnChanges),
                depends_on=frozenset(_name_in(urn) for urn in request.dependencies),
                protect=request.protect,
                ignore_changes=tuple(request.ignoreChanges),
                delete_timeout=request.customTimeouts.delete,
            )
        )


class _NoMocks(mocks.Mocks):
    """Answers registrations by the table; there is nothing to call."""

    def __init__(self, clouds: Answer) -> None:
        self._clouds = clouds

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if args.typ.startswith(_CLOUDS):
            state = self._clouds(args.typ, args.name, args.inputs)
        else:
            state = KNOWN[args.typ](args.name, args.inputs)
        known = state.pop("id", f"{args.name}-id")
        return (known if args.custom else None), state

    def call(self, args: mocks.MockCallArgs) -> Any:
        raise NotExpected(f"a call of {args.token}")


class _Warnings(logging.Handler):
    def __init__(self, seen: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._seen = seen

    def emit(self, record: logging.LogRecord) -> None:
        self._seen.append(record.getMessage())


def record(program: Callable[[], object], into: Recorder | None = None) -> Recorder:
    """Run `program` to its end and return what it registered.

    What the program raises comes through; `into` then still holds what was registered before.
    """
    recorder = into if into is not None else Recorder()
    # The SDK takes the thread's loop, which is gone once something else has run and closed one.
    asyncio.set_event_loop(asyncio.new_event_loop())
    logger = logging.Logger("program")
    logger.addHandler(_Warnings(recorder.warnings))
    mocks.set_mocks(
        recorder.mocks,
        project="meshtier",
        stack="test",
        preview=False,
        logger=logger,
        monitor=recorder,
    )

    async def run() -> None:
        program()

    sync_await._sync_await(stack.run_pulumi_func(run))
    return recorder


def _name_in(urn: str) -> str:
    return urn.rpartition("::")[2]


def _secret_paths(value: Any, path: str) -> list[str]:
    if isinstance(value, list):
        return [found for item in value for found in _secret_paths(item, f"{path}[]")]
    if not isinstance(value, dict):
        return []
    if value.get(rpc._special_sig_key) == rpc._special_secret_sig:
        return [path]
    below = [(key, f"{path}.{key}" if path else key) for key in value]
    return [found for key, at in below for found in _secret_paths(value[key], at)]


def _plain(value: Any) -> Any:
    """Return a value without the wrapping that marks secrets."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get(rpc._special_sig_key) == rpc._special_secret_sig:
        return _plain(value["value"])
    return {key: _plain(item) for key, item in value.items()}
