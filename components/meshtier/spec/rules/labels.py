"""Rules about labels and annotations that are put on objects of the clusters."""

import re
from collections.abc import Iterable
from typing import Final

from ...errors import Problem
from ..show import show, spell
from .subject import Subject

MAX_LABEL: Final = 63
"""Characters in a label's value and in a key's name part (Kubernetes)."""
MAX_PREFIX: Final = 253
"""Characters in the DNS name before a key's slash (Kubernetes)."""

_NAME: Final = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")
_PREFIX: Final = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_KEY_ALLOWED: Final = "[prefix/]name as Kubernetes has it, the name at most 63"

_RESERVED_DOMAINS: Final = ("meshtier.io", "istio.io", "istio")
_RESERVED_KEYS: Final = frozenset({"istio", "istio-injection", "app.kubernetes.io/managed-by"})


def label_keys(subject: Subject) -> Iterable[Problem]:
    """A label's key is one that Kubernetes takes."""
    for path, key, _ in _labels(subject):
        if not _is_key(key):
            yield Problem(
                path=path, got=f"the key {show(key)}", allowed=_KEY_ALLOWED, fix="rename the label"
            )


def label_values(subject: Subject) -> Iterable[Problem]:
    """A label's value is one that Kubernetes takes."""
    for path, key, value in _labels(subject):
        if value and (len(value) > MAX_LABEL or not _NAME.fullmatch(value)):
            yield Problem(
                path=path,
                got=show(value, (key,)),
                allowed="letters, digits, '-', '_' and '.' inside, at most 63",
                fix="shorten or re-spell it",
            )


def labels_not_reserved(subject: Subject) -> Iterable[Problem]:
    """Labels by which objects are found again, or which steer Istio, are not the user's."""
    for path, key, _ in _labels(subject):
        if _is_reserved(key):
            yield Problem(
                path=path,
                got=f"the key {show(key)}",
                allowed="keys outside meshtier.io, istio.io and Istio's own",
                fix="choose a key under a domain of your own",
            )


def annotation_keys(subject: Subject) -> Iterable[Problem]:
    """An annotation's key is one that Kubernetes takes."""
    for path, settings in subject.written_settings():
        gateway = settings.mesh.gateway
        for key in (gateway.annotations or {}) if gateway else {}:
            if not _is_key(key):
                yield Problem(
                    path=f"{path}.mesh.gateway.annotations{_below(key)}",
                    got=f"the key {show(key)}",
                    allowed=_KEY_ALLOWED,
                    fix="rename the annotation",
                )


def _labels(subject: Subject) -> Iterable[tuple[str, str, str]]:
    for path, settings in subject.written_settings():
        for key, value in (settings.labels or {}).items():
            yield f"{path}.labels{_below(key)}", key, value


def _below(key: str) -> str:
    return spell(("x", key))[1:]


def _is_key(key: str) -> bool:
    prefix, slash, name = key.rpartition("/")
    if slash and (len(prefix) > MAX_PREFIX or not _PREFIX.fullmatch(prefix)):
        return False
    return len(name) <= MAX_LABEL and _NAME.fullmatch(name) is not None


def _is_reserved(key: str) -> bool:
    domain, slash, _ = key.rpartition("/")
    if key in _RESERVED_KEYS:
        return True
    return bool(slash) and any(
        domain == reserved or domain.endswith(f".{reserved}") for reserved in _RESERVED_DOMAINS
    )
