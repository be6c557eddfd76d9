"""The cluster's subnet, the VPC around it, and its ways out with fixed addresses."""

from collections.abc import Iterator
from typing import Final

from ...spec.gcp import GcpCloud
from ..late import LateText, Ref, text
from ..resources import ResourcePlan
from . import names
from .gateway import gateway_address
from .ground import (
    PODS_RANGE,
    SERVICES_RANGE,
    nat_count,
    network_link,
    node_range,
    required,
)
from .names import GcpCluster, api_name, compute_name, provider_name
from .provider import COMPUTE

_DELETE_MINUTES: Final = 40
"""What load balancers leave behind (endpoint groups, firewall rules) goes some time after them."""
_MIN_PORTS: Final = 256
"""Ports a node has at least: an address has 64,512, enough for 252 nodes."""


def network(cluster: GcpCluster) -> tuple[ResourcePlan, ...]:
    """Return the network made for the cluster, its ways out, and its gateway's address."""
    return tuple(_network(cluster))


def egress(cluster: GcpCluster) -> tuple[LateText, ...]:
    """Return the public ranges the cluster's traffic leaves from; empty without a NAT of ours."""
    addresses = (Ref(resource=name, output="address") for name in _nat_addresses(cluster))
    return tuple(text(address, "/32") for address in addresses)


def ways_out(cluster: GcpCluster) -> tuple[str, ...]:
    """Return the logical names of what lets nodes out to the internet."""
    return (cluster.name(names.NAT),) if nat_count(cluster) else ()


def _network(cluster: GcpCluster) -> Iterator[ResourcePlan]:
    if cluster.owns_network:
        yield _vpc(cluster)
    if cluster.cloud.network.given is None:
        yield _subnet(cluster)
    if nat_count(cluster):
        if _router_name(cluster) == cluster.name(names.ROUTER):
            yield _router(cluster)
        yield from (_nat_address(cluster, name) for name in _nat_addresses(cluster))
        yield _nat(cluster)
    if cluster.gateway:
        yield gateway_address(cluster)


def _vpc(cluster: GcpCluster) -> ResourcePlan:
    return ResourcePlan(
        type="gcp:compute/network:Network",
        name=cluster.name(names.NETWORK),
        args={
            "name": compute_name(cluster, "network"),
            "auto_create_subnetworks": False,
            "routing_mode": "GLOBAL",
        },
        parent=cluster.component,
        provider=provider_name(cluster),
        depends_on=(api_name(cluster, COMPUTE),),
        protect=cluster.protect,
        delete_minutes=_DELETE_MINUTES,
    )


def _subnet(cluster: GcpCluster) -> ResourcePlan:
    addresses = cluster.spec.addresses
    secondary = {
        PODS_RANGE: required(cluster, "pods", addresses.pods),
        SERVICES_RANGE: required(cluster, "services", addresses.services),
    }
    return ResourcePlan(
        type="gcp:compute/subnetwork:Subnetwork",
        name=cluster.name(names.SUBNET),
        args={
            "name": compute_name(cluster, "subnet"),
            "network": network_link(cluster),
            "region": cluster.cloud.region,
            "ip_cidr_range": node_range(cluster),
            "secondary_ip_ranges": [
                {"range_name": name, "ip_cidr_range": block} for name, block in secondary.items()
            ],
            "private_ip_google_access": True,
        },
        parent=cluster.component,
        provider=provider_name(cluster),
        depends_on=(api_name(cluster, COMPUTE),),
        protect=cluster.protect,
        # Google moves no range that a cluster is in, and the provider would ask for it.
        replace_on_changes=("secondary_ip_ranges[*].ip_cidr_range",),
        delete_before_replace=True,
        delete_minutes=_DELETE_MINUTES,
    )


def _router_name(cluster: GcpCluster) -> str:
    """Return the router that the cluster's NAT is on: the owner's, where that is near.

    Google takes five in a network and region, and no more for money ("Cloud Router quotas").
    """
    owner = cluster.owner.cloud
    is_near = isinstance(owner, GcpCloud) and owner.region == cluster.cloud.region
    return cluster.of_network(names.ROUTER) if is_near else cluster.name(names.ROUTER)


def _router(cluster: GcpCluster) -> ResourcePlan:
    return ResourcePlan(
        type="gcp:compute/router:Router",
        name=cluster.name(names.ROUTER),
        args={
            "name": compute_name(cluster, "router"),
            "network": network_link(cluster),
            "region": cluster.cloud.region,
        },
        parent=cluster.component,
        provider=provider_name(cluster),
        depends_on=(api_name(cluster, COMPUTE),),
        protect=cluster.protect,
    )


def _nat_addresses(cluster: GcpCluster) -> tuple[str, ...]:
    numbers = range(1, nat_count(cluster) + 1)
    return tuple(cluster.keyed(names.NAT_ADDRESS, str(number)) for number in numbers)


def _nat_address(cluster: GcpCluster, name: str) -> ResourcePlan:
    number = name.rpartition(".")[2]
    return ResourcePlan(
        type="gcp:compute/address:Address",
        name=name,
        args={
            "name": compute_name(cluster, f"nat-{number}"),
            "region": cluster.cloud.region,
            "address_type": "EXTERNAL",
            "network_tier": "PREMIUM",
            "labels": names.labels(cluster),
        },
        parent=cluster.component,
        provider=provider_name(cluster),
        depends_on=(api_name(cluster, COMPUTE),),
        # It stands in the firewalls of the peers, and in those of others.
        protect=cluster.protect,
    )


def _nat(cluster: GcpCluster) -> ResourcePlan:
    # A NAT per cluster, of its subnet only: clusters that share a VPC leave from addresses of
    # their own, and one that comes or goes touches nobody else's NAT.
    return ResourcePlan(
        type="gcp:compute/routerNat:RouterNat",
        name=cluster.name(names.NAT),
        args={
            "name": compute_name(cluster, "nat"),
            "router": Ref(resource=_router_name(cluster), output="name"),
            # Google deletes no subnet that a NAT lists, so the NAT is replaced with its subnet; no
            # other input that both have would replace it (terraform-provider-google#26776).
            "region": Ref(resource=cluster.name(names.SUBNET), output="region"),
            "nat_ip_allocate_option": "MANUAL_ONLY",
            "nat_ips": [Ref(resource=name, output="self_link") for name in _nat_addresses(cluster)],
            "source_subnetwork_ip_ranges_to_nat": "LIST_OF_SUBNETWORKS",
            "subnetworks": [
                {
                    "name": Ref(resource=cluster.name(names.SUBNET), output="self_link"),
                    "source_ip_ranges_to_nats": ["PRIMARY_IP_RANGE", "LIST_OF_SECONDARY_IP_RANGES"],
                    "secondary_ip_range_names": [PODS_RANGE],
                }
            ],
            "enable_dynamic_port_allocation": True,
            # Google refuses the two together.
            "enable_endpoint_independent_mapping": False,
            "min_ports_per_vm": _MIN_PORTS,
            "log_config": {"enable": True, "filter": "ERRORS_ONLY"},
        },
        parent=cluster.component,
        provider=provider_name(cluster),
        protect=cluster.protect,
    )
