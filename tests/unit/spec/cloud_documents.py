"""Cloud blocks to put into the example document, whole enough to break no rule."""

from typing import Any

ROLE = "arn:aws:iam::111122223333:role/platform"
OFFICE = "198.51.100.0/24"


def aws(**more: Any) -> dict[str, Any]:
    """Return a cloud block of an EKS cluster."""
    names = ("aws-ebs-csi-driver", "coredns", "eks-pod-identity-agent", "kube-proxy", "vpc-cni")
    block = {
        "account": "111122223333",
        "region": "eu-central-1",
        "admin": ROLE,
        "endpoint": {"ranges": [OFFICE]},
        "addons": {name: {"version": "v1.2.3-eksbuild.1"} for name in names},
        "nodes": {"general": {}},
    }
    return {"aws": {**block, **more}}


def gcp(**more: Any) -> dict[str, Any]:
    """Return a cloud block of a GKE cluster."""
    block = {
        "project": "acme-eu",
        "region": "europe-west3",
        "endpoint": {"ranges": [OFFICE]},
        "nodes": {"general": {}},
    }
    return {"gcp": {**block, **more}}


def at_web(cloud: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return changes that put `web`, alone on its network, on a cloud; its peers say their NAT."""
    web = "seeds/us/userClusters/web"
    return {
        "seeds/eu/userClusters/shop/addresses/egress": ["203.0.113.3/32"],
        "seeds/eu/userClusters/pay/addresses/egress": ["203.0.113.4/32"],
        f"{web}/cloud": cloud,
        f"{web}/addresses": {
            "nodes": "10.64.0.0/16",
            "pods": "10.80.0.0/16",
            "services": "10.84.0.0/20",
        },
        **{f"{web}/{key}": value for key, value in more.items()},
    }
