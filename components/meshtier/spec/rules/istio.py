"""Rules about Istio: which version, from where, and whose values."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, cast

from ...errors import Problem
from ..owned_values import OWNED, OWNED_ARGUMENTS, OwnedValue
from ..show import Location, looks_secret, show, spell
from .subject import Subject

SUPPORTED: Final = (1, 31)
"""The minor version whose charts, definitions and permissions the package knows.

Older istiods read the Secrets of every peer (the switch
`PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER` came with 1.31.0); the peers' reader accounts refuse
that, so they would never be in sync.
"""

FIRST_WITHOUT_LEAKS: Final = (1, 31, 1)
"""The first patch that no longer leaks when the content of a remote Secret changes."""

CRASHING: Final = frozenset({"1.31.0"})
"""Versions whose istiod needs to read its peers' Secrets though the switch says it does not."""

MANY_MEMBERS: Final = 10
"""Members from which the growth of a full mesh is worth a word."""

_HUB: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*")


def supported_version(subject: Subject) -> Iterable[Problem]:
    """Charts of other minors have other values; nothing here was tried with them."""
    mesh = subject.document.mesh
    if mesh is None:
        return
    minor = _version(mesh.istio.version)[:2]
    if minor != SUPPORTED:
        is_older = minor < SUPPORTED
        yield Problem(
            path="mesh.istio.version",
            got=show(mesh.istio.version),
            allowed=f"versions of {SUPPORTED[0]}.{SUPPORTED[1]}",
            fix="raise it; an older istiod needs to read its peers' Secrets"
            if is_older
            else "lower it, or take a newer meshtier",
        )


def version_without_crash(subject: Subject) -> Iterable[Problem]:
    """One istiod crashes when it is told to leave its peers' Secrets unread.

    1.31.0 asks the credentials controller that it left out whether it has synced, as soon as it
    finds a remote Secret (`make local` runs a build in which that is corrected).
    """
    mesh = subject.document.mesh
    if mesh is None or mesh.peers_read_secrets or mesh.istio.version not in CRASHING:
        return
    if len(subject.environment.members()) > 1:
        yield Problem(
            path="mesh.istio.version",
            got=f"{show(mesh.istio.version)}, whose istiod crashes when it may not read its peers' "
            "Secrets",
            allowed="another version, or a build with the correction",
            fix="raise it, or set mesh.peersReadSecrets: true",
        )


def chart_source(subject: Subject) -> Iterable[Problem]:
    """Charts come from a Helm repository, a registry or a directory, and carry no credentials."""
    mesh = subject.document.mesh
    if mesh is None:
        return
    charts = mesh.istio.charts
    scheme, separator, rest = charts.partition("://")
    is_url = bool(separator) and scheme in {"https", "oci"} and rest and "@" not in rest
    is_directory = bool(charts) and not separator
    if looks_secret(charts) or not (is_url or is_directory):
        yield Problem(
            path="mesh.istio.charts",
            got=show(charts),
            allowed="https://…, oci://… or a directory, without credentials",
            fix="write it so; credentials belong into Helm's own registry configuration",
        )


def image_hub(subject: Subject) -> Iterable[Problem]:
    """An image hub is a registry and a path, as it stands in front of `/pilot`."""
    mesh = subject.document.mesh
    if mesh is not None and not _HUB.fullmatch(mesh.istio.hub):
        yield Problem(
            path="mesh.istio.hub",
            got=show(mesh.istio.hub),
            allowed="a registry and a path such as docker.io/istio",
            fix="write it without scheme, tag or trailing slash",
        )


def owned_values(subject: Subject) -> Iterable[Problem]:
    """Values that make a cluster this cluster of this mesh can't be laid over."""
    mesh = subject.document.mesh
    if mesh is None:
        return
    for chart, owned in OWNED.items():
        given = cast(Mapping[str, Any], getattr(mesh.istio.values, chart))
        at = ("mesh", "istio", "values", chart)
        yield from (_replaced(at, path) for path in _replaced_blocks(owned, given))
        for path, fix in (*_touched(owned, given), *_listed(owned, given)):
            yield Problem(
                path=spell((*at, *path)),
                got="a value that meshtier sets itself",
                allowed="all other values of the chart",
                fix=fix,
            )


def version_without_leaks(subject: Subject) -> Iterable[Problem]:
    """The first patches leak memory whenever the content of a remote Secret changes.

    Sources: istio/istio#57269 and #60033, whose last fix came with 1.31.1.
    """
    mesh = subject.document.mesh
    if mesh is None:
        return
    version = _version(mesh.istio.version)
    if version[:2] == SUPPORTED and version < FIRST_WITHOUT_LEAKS:
        safe = ".".join(str(part) for part in FIRST_WITHOUT_LEAKS)
        yield Problem(
            path="mesh.istio.version",
            got=f"{show(mesh.istio.version)}, where istiod leaks memory when remote Secrets are "
            "rotated (istio/istio#57269, #60033)",
            allowed=f"{safe} or later without that risk",
            fix=f"write '{safe}'",
        )


def watches_of_a_full_mesh(subject: Subject) -> Iterable[Problem]:
    """Every istiod watches every other member: members times members."""
    count = len(subject.environment.members())
    if count >= MANY_MEMBERS:
        yield Problem(
            path="mesh",
            got=f"{count} members, hence {count * (count - 1)} remote watches by each set of "
            "istiod replicas",
            allowed="any number, at that price",
            fix="plan memory and API load for it, or split the environment",
        )


def _version(text: str) -> tuple[int, int, int]:
    major, minor, patch = (int(part) for part in text.partition("-")[0].split("."))
    return major, minor, patch


def _replaced(at: Location, path: Location) -> Problem:
    return Problem(
        path=spell((*at, *path)),
        got="something else than a block, which takes what meshtier sets in it away",
        allowed="a block of other values",
        fix="write them below it, or remove it",
    )


def _replaced_blocks(
    owned: Iterable[OwnedValue], given: Mapping[str, Any]
) -> Iterator[tuple[str, ...]]:
    """Yield paths above owned values at which `given` has no block."""
    for value in owned:
        path = _reach(value.path, given)
        if path is not None and path != value.path:
            yield path


def _touched(
    owned: Iterable[OwnedValue], given: Mapping[str, Any]
) -> Iterator[tuple[Location, str]]:
    """Yield the paths of owned values that `given` sets, each with its fix."""
    for value in owned:
        if _reach(value.path, given) == value.path:
            yield value.path, value.fix


def _listed(
    owned: Iterable[OwnedValue], given: Mapping[str, Any]
) -> Iterator[tuple[Location, str]]:
    """Yield the places in lists where `given` says once more what owned values say.

    The charts print these lists after their own variables and arguments: the last one wins.
    """
    variables = {value.path[1]: value.fix for value in owned if value.path[0] == "env"}
    for index, entry in _entries(given, "envVarFrom"):
        if isinstance(entry, Mapping):
            name = cast(Mapping[str, object], entry).get("name")
            if isinstance(name, str) and name in variables:
                yield ("envVarFrom", index), variables[name]
    for index, entry in _entries(given, "extraContainerArgs"):
        fix = OWNED_ARGUMENTS.get(_argument(entry)) if isinstance(entry, str) else None
        if fix is not None:
            yield ("extraContainerArgs", index), fix


def _entries(given: Mapping[str, Any], key: str) -> Iterator[tuple[int, object]]:
    entries = given.get(key)
    if isinstance(entries, list):
        yield from enumerate(cast(list[object], entries))


def _argument(written: str) -> str:
    """Return the name in `--name=value`, `--name` or `-nvalue`."""
    return written.partition("=")[0] if written.startswith("--") else written[:2]


def _reach(path: tuple[str, ...], given: Mapping[str, Any]) -> tuple[str, ...] | None:
    here: object = given
    for depth, key in enumerate(path):
        if not isinstance(here, Mapping):
            return path[:depth]
        block = cast(Mapping[str, object], here)
        if key not in block:
            return None
        here = block[key]
    return path
