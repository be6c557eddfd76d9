"""Certificates end: none lives longer than its place in the chain allows; chains are short."""

from collections.abc import Iterator
from typing import Final

from .rule import UNKNOWN, Resource, Rule, Settings, line, spell, whole

_SELF_SIGNED: Final = "tls:index/selfSignedCert:SelfSignedCert"
_SIGNED: Final = "tls:index/locallySignedCert:LocallySignedCert"


def _check(resource: Resource, settings: Settings) -> Iterator[str]:
    if resource.type not in (_SELF_SIGNED, _SIGNED):
        return
    is_authority = resource.get("isCaCertificate")
    if is_authority is UNKNOWN:
        return
    place = _place(resource.type, is_authority=is_authority is True)
    hours, longest = resource.get("validityPeriodHours"), settings[f"{place}Hours"]
    if hours is not UNKNOWN and (hours or 0) > longest:
        yield line(
            "validityPeriodHours", spell(hours), f"at most {longest:g} ({place})", "shorten it"
        )
    if is_authority:
        yield from _path_length(resource, int(settings[f"{place}Path"]))
    if place == "intermediate" and resource.get("earlyRenewalHours") in (None, 0):
        path, fix = "earlyRenewalHours", "renew it before it ends"
        yield line(path, spell(resource.get(path)), "1 or more for an intermediate", fix)


def _path_length(resource: Resource, longest: int) -> Iterator[str]:
    path = "maxPathLength"
    length = resource.get(path)
    if length is UNKNOWN or (length is not None and 0 <= length <= longest):
        return
    yield line(path, spell(length), f"0 to {longest}", "limit the authorities below it")


def _place(type_: str, *, is_authority: bool) -> str:
    if not is_authority:
        return "leaf"
    return "root" if type_ == _SELF_SIGNED else "intermediate"


CERTIFICATE_LIFE: Final = Rule(
    name="certificate-life",
    description="Certificates end, and chains are short.",
    check=_check,
    settings={
        "rootHours": whole("Longest life of a root; ten years.", 87_600),
        "intermediateHours": whole("Longest life of an intermediate; five years.", 43_800),
        "leafHours": whole("Longest life of any other certificate; 90 days.", 2_160),
        "rootPath": whole("Most authorities below a root.", 1),
        "intermediatePath": whole("Most authorities below an intermediate.", 0),
    },
)
