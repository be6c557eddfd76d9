"""Rules about Istio: which version, from where, and whose values."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

from ...errors import Problem
from ..owned_values import OWNED, OwnedValue
from ..show import looks_secret, show, spell
from .subject import Subject

SUPPORTED_MINORS: Final = ((1, 30), (1, 31))
"""Minor versions whose charts hold what the package sets (`global.enableReaderRBAC` came with
1.30) and whose definitions it ships."""

MANY_MEMBERS: Final = 10
"""Members from which the growth of a full mesh is worth a word."""

_Version: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class _RotationFix:
    """What goes wrong before a patch release when the content of a remote Secret changes."""

    before: _Version
    safe: str
    """The patch release to use: the first without any of the known troubles."""
    symptom: str
    source: str

    def concerns(self, version: _Version) -> bool:
        return self.before[:2] == version[:2] and version < self.before


_LOSES: Final = ("can lose endpoints", "istio/istio#60612, #60920, #61043")
_LEAKS: Final = ("leaks memory", "istio/istio#57269, #60033")
_ROTATION_FIXES: Final = (
    _RotationFix(before=(1, 30, 4), safe="1.30.5", symptom=_LOSES[0], source=_LOSES[1]),
    _RotationFix(before=(1, 30, 5), safe="1.30.5", symptom=_LEAKS[0], source=_LEAKS[1]),
    _RotationFix(before=(1, 31, 1), safe="1.31.1", symptom=_LEAKS[0], source=_LEAKS[1]),
)
"""Nearest first."""

_HUB: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*")


def supported_version(subject: Subject) -> Iterable[Problem]:
    """Charts of other minors have other values; nothing here was tried with them."""
    mesh = subject.document.mesh
    if mesh is None or _version(mesh.istio.version)[:2] in SUPPORTED_MINORS:
        return
    minors = " and ".join(f"{major}.{minor}" for major, minor in SUPPORTED_MINORS)
    yield Problem(
        path="mesh.istio.version",
        got=show(mesh.istio.version),
        allowed=f"versions of {minors}",
        fix="write one of them",
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
        for value, path in _touched(owned, given):
            yield Problem(
                path=spell(("mesh", "istio", "values", chart, *path)),
                got="a value that meshtier sets itself",
                allowed="all other values of the chart",
                fix=value.fix,
            )


def version_with_safe_rotation(subject: Subject) -> Iterable[Problem]:
    """Early patches lose endpoints, or leak, when a remote Secret changes."""
    mesh = subject.document.mesh
    if mesh is None:
        return
    version = _version(mesh.istio.version)
    fixed = next((fix for fix in _ROTATION_FIXES if fix.concerns(version)), None)
    if fixed is not None:
        yield Problem(
            path="mesh.istio.version",
            got=f"{show(mesh.istio.version)}, where rotating remote Secrets {fixed.symptom} "
            f"({fixed.source})",
            allowed=f"{fixed.safe} or later without that risk",
            fix=f"write '{fixed.safe}'",
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


def _version(text: str) -> _Version:
    major, minor, patch = (int(part) for part in text.split("."))
    return major, minor, patch


def _touched(
    owned: Iterable[OwnedValue], given: Mapping[str, Any]
) -> Iterator[tuple[OwnedValue, tuple[str, ...]]]:
    """Yield owned values that `given` sets, with the path at which it does.

    A parent that is replaced as a whole (by nothing, a text, a list) takes what is below with it.
    """
    for value in owned:
        path = _reach(value.path, given)
        if path is not None:
            yield value, path


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
