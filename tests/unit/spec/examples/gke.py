"""Broken rules about GKE clusters."""

from meshtier.spec.rules import gcp as rules
from meshtier.spec.rules import made

from tests.unit.spec.examples.clouds import of_gcp
from tests.unit.spec.examples.gcp_networks import GCP_NETWORKS
from tests.unit.spec.examples.gke_nodes import GKE_NODES

GKE = {
    **GCP_NETWORKS,
    **GKE_NODES,
    "no project": of_gcp(
        rules.project_and_region,
        "project: got nothing; allowed a project id: 6 to 30 lower-case letters, digits and '-'; "
        "write it, here or in the defaults above",
        project="",
    ),
    "a zone for a region": of_gcp(
        rules.project_and_region,
        "region: got 'europe-west3-a'; allowed a region such as 'europe-west3'; write it, here or "
        "in the defaults above; a zone goes into zone",
        region="europe-west3-a",
    ),
    "a zone of another GCP region": of_gcp(
        rules.zones_of_region,
        "zone: got 'europe-west4-a'; allowed a zone of europe-west3; write such as "
        "'europe-west3-a'",
        zone="europe-west4-a",
    ),
    "a control plane range of another size": of_gcp(
        rules.control_plane_range,
        "controlPlaneRange: got '172.16.0.0/24'; allowed a /28 such as 172.16.0.0/28; write one "
        "that nothing else uses, or remove it",
        controlPlaneRange="172.16.0.0/24",
    ),
    "a key elsewhere": of_gcp(
        rules.encryption_key,
        "encryptionKey: got 'projects/acme-eu/locations/us/keyRings/r/cryptoKeys/k'; allowed "
        "projects/…/locations/europe-west3/keyRings/…/cryptoKeys/…; name a key in the cluster's "
        "region",
        encryptionKey="projects/acme-eu/locations/us/keyRings/r/cryptoKeys/k",
        projectNumber="12345",
    ),
    "a key without its project's number": of_gcp(
        rules.encryption_key,
        "projectNumber: got nothing; allowed the project's number, which names GKE's own "
        "account; write what `gcloud projects describe` prints, in quotes",
        encryptionKey="projects/acme-eu/locations/europe-west3/keyRings/r/cryptoKeys/k",
    ),
    "a version of nobody's": of_gcp(
        made.kubernetes_version,
        "version: got '1.35.x'; allowed 1.34, 1.35 or 1.36, or a full GKE version of one; write "
        "one of them in quotes",
        version="1.35.x",
    ),
    "a pool with a capital": of_gcp(
        rules.node_pools,
        "nodes.General: got the name 'General'; allowed lower-case letters, digits and '-' "
        "inside, at most 25; rename the pool",
        nodes={"General": {}},
    ),
    "a label with a capital": of_gcp(
        rules.labels,
        "labels.team: got 'Shop'; allowed keys and values of at most 63 lower-case letters, "
        "digits, '-' and '_', keys not beginning with meshtier-; choose another",
        labels={"team": "Shop"},
    ),
}
