"""Broken rules about the mesh, its networks and its trust."""

from meshtier.spec.rules import mesh

from tests.unit.spec.documents import MISSING
from tests.unit.spec.examples.example import PAY, SHOP, WEB, Example, at

DNS = (
    "allowed a DNS name in lower case such as acme.example; write a name without scheme, port or "
    "path"
)
NETWORK_LABEL = "allowed lower-case letters, digits and '-' inside, at most 63; rename the network"


MESH = {
    "member without a mesh": Example(
        rule=mesh.mesh_exists,
        changes={"mesh": MISSING, f"{at(SHOP)}/mesh/member": True},
        lines=(
            f"{SHOP}.mesh.member: got true in an environment without a mesh; allowed members "
            "where there is a mesh; write `mesh` at the top, or remove it here",
        ),
    ),
    "mesh id": Example(
        rule=mesh.mesh_names,
        changes={"mesh/id": "Acme Mesh"},
        lines=(
            "mesh.id: got 'Acme Mesh'; allowed lower-case letters, digits and '-' inside, at most "
            "63; choose such an id",
        ),
    ),
    "trust domain": Example(
        rule=mesh.mesh_names,
        changes={"mesh/trustDomain": "spiffe://acme.example"},
        lines=(f"mesh.trustDomain: got 'spiffe://acme.example'; {DNS}",),
    ),
    "cluster domain": Example(
        rule=mesh.mesh_names,
        changes={"mesh/clusterDomain": "cluster.local."},
        lines=(f"mesh.clusterDomain: got 'cluster.local.'; {DNS}",),
    ),
    "network name": Example(
        rule=mesh.network_names,
        changes={"seeds/us/defaults/mesh/network": "US East"},
        lines=(f"seeds.us.defaults.mesh.network: got the name 'US East'; {NETWORK_LABEL}",),
    ),
    "declared network name": Example(
        rule=mesh.network_names,
        changes={
            "mesh/networks": {"eu": {}, "us_1": {}},
            "seeds/us/defaults/mesh/network": "us_1",
        },
        lines=(f"mesh.networks.us_1: got the name 'us_1'; {NETWORK_LABEL}",),
    ),
    "undeclared network": Example(
        rule=mesh.networks_declared,
        changes={"mesh/networks": {"eu": {}, "us": {}}, f"{at(SHOP)}/mesh/network": "su"},
        lines=(
            f"{SHOP}.mesh.network: got 'su'; allowed eu or us; write one of them, or declare it "
            "under mesh.networks",
        ),
    ),
    "member without a network": Example(
        rule=mesh.members_have_networks,
        changes={"seeds/us/defaults": MISSING},
        lines=(
            f"{WEB}.mesh.network: got nothing; allowed the name of the network the cluster's pods "
            "are on; write it here or in the defaults above, or set mesh.member to false",
        ),
    ),
    "network without a gateway": Example(
        rule=mesh.networks_have_gateways,
        changes={"seeds/eu/defaults/mesh/gateway": {"enabled": False}},
        lines=(
            f"{PAY}.mesh.gateway.enabled: got network eu without a gateway in a mesh of 2 "
            "networks; allowed at least one gateway on each network; enable it on one member of eu",
        ),
    ),
    "intermediate as long as the root": Example(
        rule=mesh.intermediate_within_root,
        changes={"mesh/trust": {"rootValidityHours": 100, "intermediateValidityHours": 100}},
        lines=(
            "mesh.trust.intermediateValidityHours: got 100; allowed less than the root's 100; "
            "shorten it, or raise mesh.trust.rootValidityHours",
        ),
    ),
}
