"""No API server on the internet without the ranges that may reach it."""

import ipaddress
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

from .rule import UNKNOWN, Resource, Rule, Settings, get, items, line, spell, whole

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

EKS: Final = "aws:eks/cluster:Cluster"
GKE: Final = "gcp:container/cluster:Cluster"

_PRIVATE: Final = tuple(
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)
_FIX: Final = "name the ranges that need it, or make the endpoint private"


def _check(resource: Resource, settings: Settings) -> Iterable[str]:
    if resource.type == EKS:
        return _eks(resource, settings)
    return _gke(resource, settings) if resource.type == GKE else ()


def _eks(resource: Resource, settings: Settings) -> Iterator[str]:
    # EKS opens the endpoint to everybody unless it is told otherwise.
    if resource.get("vpcConfig.endpointPublicAccess") in (False, UNKNOWN):
        return
    path = "vpcConfig.publicAccessCidrs"
    yield from _ranges(path, resource.get(path), settings)


def _gke(resource: Resource, settings: Settings) -> Iterator[str]:
    endpoints = "controlPlaneEndpointsConfig"
    dns = f"{endpoints}.dnsEndpointConfig.allowExternalTraffic"
    if resource.get(dns) is True:
        yield line(dns, "true", "false: ranges don't hold for this endpoint", "use the IP endpoint")
    if resource.get("privateClusterConfig.enablePrivateEndpoint") in (
        True,
        UNKNOWN,
    ) or resource.get(f"{endpoints}.ipEndpointsConfig.enabled") in (False, UNKNOWN):
        return
    path = "masterAuthorizedNetworksConfig"
    networks = resource.get(path)
    if networks is None:
        yield line(path, "nothing, so everybody", "ranges", _FIX)
    shared = f"{path}.gcpPublicCidrsAccessEnabled"
    if resource.get(shared) is True:
        yield line(shared, "true", "false: it lets in every customer of Google", "take it out")
    blocks = resource.get(f"{path}.cidrBlocks")
    # The block without ranges lets nobody in from outside.
    ranges = [get(one, "cidrBlock") for one in items(blocks)]
    if ranges:
        yield from _ranges(f"{path}.cidrBlocks", ranges, settings)


def _ranges(path: str, ranges: Any, settings: Settings) -> Iterator[str]:
    if ranges is UNKNOWN:
        return
    if not ranges:
        yield line(path, "nothing, so everybody", "ranges", _FIX)
    for at, text in enumerate(ranges or ()):
        if text is UNKNOWN:
            continue
        yield from _range(f"{path}[{at}]", text, settings)


def _range(path: str, text: str, settings: Settings) -> Iterator[str]:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        yield line(path, spell(text), "a range such as 203.0.113.0/24", "correct it")
        return
    shortest = int(settings[f"shortestPrefix{network.version}"])
    if network.prefixlen < shortest and not any(_inside(network, one) for one in _PRIVATE):
        yield line(path, spell(text), f"prefixes of /{shortest} and longer", "narrow it")


def _inside(network: Network, outer: Network) -> bool:
    return network.network_address in outer and network.broadcast_address in outer


RANGES_OF_PUBLIC_ENDPOINTS: Final = Rule(
    name="ranges-of-public-endpoints",
    description="A public API endpoint names the ranges that reach it.",
    check=_check,
    settings={
        "shortestPrefix4": whole("Widest public IPv4 range let in, as a prefix length.", 16),
        "shortestPrefix6": whole("Widest public IPv6 range let in, as a prefix length.", 32),
    },
    severity="critical",
)
