"""Documents near a broken rule that break none."""

from tests.unit.spec.cloud_documents import at_web, aws, gcp
from tests.unit.spec.documents import MISSING, cluster
from tests.unit.spec.examples.example import SHOP, at

TAKEN = {
    "a name of 36": {f"seeds/eu/userClusters/{'c' * 36}": cluster("other", 9)},
    "overlaps of clusters whose network is unknown": {
        "master/addresses/pods": "10.2.0.0/24",
    },
    "ranges of different families": {f"{at(SHOP)}/addresses/pods": "fd00:a::/56"},
    "one kubeconfig with two contexts": {
        f"{at(SHOP)}/cloud/existing/kubeconfig": "pay.yaml",
        f"{at(SHOP)}/cloud/existing/context": "shop",
    },
    "a loopback address where that is allowed": {
        "mesh/allowLoopbackPeers": True,
        f"{at(SHOP)}/cloud/existing/apiServerForPeers": "https://127.0.0.1:6443",
    },
    "a loopback address of a cluster outside the mesh": {
        "master/cloud/existing/apiServerForPeers": "https://127.0.0.1:6443",
    },
    "no address of a cluster outside the mesh": {
        "master/cloud/existing": {"kubeconfig": "hq.yaml"},
    },
    "one gateway for two members": {f"{at(SHOP)}/mesh": {"gateway": {"enabled": False}}},
    "one address of the gateway that some of a network have": {
        f"{at(SHOP)}/mesh": {"gateway": {"enabled": False}},
        "seeds/eu/defaults/mesh/gateway": {"addresses": ["203.0.113.9"]},
    },
    "a gateway on loopback where that is allowed": {
        "mesh/allowLoopbackPeers": True,
        f"{at(SHOP)}/mesh": {"gateway": {"addresses": ["127.0.0.2"]}},
    },
    "ranges as wide as anybody has": {
        **at_web(aws(endpoint={"ranges": ["53.0.0.0/8"]})),
        f"{at(SHOP)}/addresses/egress": ["12.0.0.0/8"],
    },
    **{
        f"a cluster in {region}": at_web(aws(region=region))
        for region in ("cn-northwest-1", "us-gov-west-1", "ap-southeast-7", "mx-central-1")
    },
    "a private endpoint for a whole private network": {
        "master/cloud": gcp(endpoint={"public": False, "ranges": ["10.0.0.0/8"]}),
        "master/addresses/nodes": "10.96.0.0/20",
        "master/addresses/pods": "10.97.0.0/16",
    },
    "no gateways on a single network": {
        "master/defaults": {"mesh": {"gateway": {"enabled": False}}},
        "seeds/us/defaults/mesh/network": "eu",
    },
    "values beside the owned ones": {
        "mesh/istio/values": {
            "istiod": {"env": {"PILOT_TRACE_SAMPLING": "1"}, "global": {"proxy": {}}},
            "gateway": {"labels": {"acme.example/tier": "edge"}},
        }
    },
    "charts of a directory": {"mesh/istio/charts": ".lab/local/charts"},
    "charts of a registry": {"mesh/istio/charts": "oci://ghcr.io/istio/release/charts"},
    "a mirror with a port": {"mesh/istio/hub": "mirror.example:5000/istio_1/release"},
    "an environment without a mesh": {"mesh": MISSING},
    "an empty label value": {"master/labels": {"acme.example/canary": ""}},
}
