"""Documents that are taken with a warning."""

from meshtier.spec.rules import addresses, guards, istio, mesh

from tests.unit.spec.documents import cluster
from tests.unit.spec.examples.example import WEB, Example, at

MANY = {
    f"seeds/eu/userClusters/more{number}": cluster(f"more{number}", 20 + number)
    for number in range(7)
}


WARNED = {
    "mesh without members": Example(
        rule=mesh.mesh_has_members,
        changes={"master/defaults": {"mesh": {"member": False}}},
        lines=(
            "mesh: got a mesh without members, which makes nothing; allowed a mesh that clusters "
            "join; add user clusters, or set mesh.member where clusters are to join",
        ),
    ),
    "unused network": Example(
        rule=mesh.networks_are_used,
        changes={"mesh/networks": {"eu": {}, "us": {}, "asia": {}}},
        lines=(
            "mesh.networks.asia: got a network that no cluster is on; allowed networks that "
            "clusters are on; remove it, or name it as some cluster's mesh.network",
        ),
    ),
    "a root after the first": Example(
        rule=mesh.new_root_needs_restarts,
        changes={"mesh/trust": {"rootGeneration": 2}},
        lines=(
            "mesh.trust.rootGeneration: got 2, and an istiod takes a new root only when it "
            "restarts; allowed any number, though calls between workloads under different roots "
            "fail; after raising it restart all istiods at once, then all gateways and workloads",
        ),
    ),
    "overlap across networks": Example(
        rule=addresses.overlap_across_networks,
        changes={f"{at(WEB)}/addresses/pods": "10.4.0.0/23"},
        lines=(
            f"{WEB}.addresses.pods: got 10.4.0.0/23, which overlaps pods 10.4.0.0/24 of pay on "
            "network eu and 1 more; allowed such an overlap only while the networks stay apart; "
            "choose another range if the networks may ever be joined",
        ),
    ),
    "a build of 1.31.0": Example(
        rule=istio.version_without_leaks,
        changes={"mesh/istio/version": "1.31.0-patched"},
        lines=(
            "mesh.istio.version: got '1.31.0-patched', where istiod leaks memory when remote "
            "Secrets are rotated (istio/istio#57269, #60033); allowed 1.31.1 or later without that "
            "risk; write '1.31.1'",
        ),
    ),
    "ten members": Example(
        rule=istio.watches_of_a_full_mesh,
        changes=MANY,
        lines=(
            "mesh: got 10 members, hence 90 remote watches by each set of istiod replicas; "
            "allowed any number, at that price; plan memory and API load for it, or split the "
            "environment",
        ),
    ),
    "a guard lifted from nothing": Example(
        rule=guards.allowed_names,
        changes={"guards": {"allow": ["shop", "trust", "gone"]}},
        lines=(
            "guards.allow[2]: got 'gone'; allowed the name of a cluster, or trust; remove it once "
            "the cluster is gone",
        ),
    ),
}
