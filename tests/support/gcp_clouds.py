"""Environments on Google Cloud: documents, and what is planned for them."""

import copy
from collections.abc import Mapping
from typing import Any

from meshtier.plan.clouds import CloudsPlan, plan_clouds
from meshtier.plan.resources import ResourcePlan
from meshtier.spec.load import load

ENVIRONMENT = "test"
OFFICE = "198.51.100.0/24"
KEY = "projects/acme-keys/locations/europe-west3/keyRings/gke/cryptoKeys/secrets"

CREATED: Mapping[str, Any] = {"create": {}}
GIVEN: Mapping[str, Any] = {
    "given": {
        "network": "projects/acme-host/global/networks/core",
        "subnetwork": "projects/acme-host/regions/us-west1/subnetworks/core-web",
        "podsRange": "web-pods",
        "servicesRange": "web-services",
    }
}

HQ = "master"
EU = "seeds/eu"
SHOP = "seeds/eu/userClusters/shop"
PAY = "seeds/eu/userClusters/pay"
WEB = "seeds/us/userClusters/web"


def cluster(number: int, **cloud: Any) -> dict[str, Any]:
    """Return a cluster block with ranges of its own; `cloud` is laid over the built-in choice."""
    block = {
        "project": "acme-eu",
        "region": "europe-west3",
        "endpoint": {"ranges": [OFFICE]},
        "nodes": {"general": {}},
    }
    return {
        "cloud": {"gcp": {**block, **cloud}},
        "addresses": {
            "nodes": f"10.{number}.0.0/20",
            "pods": f"10.{number}.64.0/18",
            "services": f"10.{number}.32.0/20",
        },
    }


def document() -> dict[str, Any]:
    """Return hq; eu with shop in its VPC and pay in one of its own, peered; us with web, given.

    Mesh networks: shop is on eu, pay on pay, web on us. Only eu and pay are peered.
    """
    network = {"mesh": {"network": "eu"}}
    return {
        "mesh": {
            "id": "acme",
            "istio": {"version": "1.31.1"},
            "networks": {"eu": {"peeredWith": ["pay"]}, "pay": {}, "us": {}},
        },
        "master": {"name": "hq", **cluster(1, project="acme-hq")},
        "seeds": {
            "eu": {
                **cluster(2),
                "userClusters": {
                    "shop": {**cluster(3, network={"sharedWith": "eu"}), **network},
                    "pay": {**cluster(4), "mesh": {"network": "pay"}},
                },
            },
            "us": {
                **cluster(5, region="us-west1", project="acme-us"),
                "userClusters": {
                    "web": {
                        **cluster(6, region="us-west1", project="acme-us", network=GIVEN),
                        "mesh": {"network": "us"},
                    }
                },
            },
        },
    }


def rich() -> dict[str, Any]:
    """Return the document with a bit of everything in `pay`, and a zonal `shop`."""
    return changed(
        {
            f"{WEB}/addresses/egress": ["203.0.113.6/32"],
            f"{PAY}/cloud/gcp": {
                **cluster(4)["cloud"]["gcp"],
                "zones": ["europe-west3-a", "europe-west3-b"],
                "network": {"create": {"natAddresses": 2}},
                "channel": "stable",
                "version": "1.35",
                "controlPlaneRange": "172.16.0.0/28",
                "dataplaneV2": False,
                "maxPodsPerNode": 32,
                "encryptionKey": KEY,
                "projectNumber": "123456789012",
                "nodes": {
                    "general": {"type": "n2d-standard-4", "min": 3, "max": 9},
                    "spare": {
                        "spot": True,
                        "labels": {"tier": "spare"},
                        "taints": [{"key": "spare", "value": "yes", "effect": "NoSchedule"}],
                    },
                },
                "labels": {"team": "payments"},
            },
            f"{SHOP}/cloud/gcp/zone": "europe-west3-a",
        }
    )


def peered_only() -> dict[str, Any]:
    """Return the document without web: every caller of a gateway is in a peered network."""
    without = document()
    del without["seeds"]["us"]["userClusters"]
    del without["mesh"]["networks"]["us"]
    return without


def changed(changes: Mapping[str, Any], base: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a document with values set by path, `{"seeds/eu/labels": {…}}`."""
    result: dict[str, Any] = copy.deepcopy(dict(document() if base is None else base))
    if base is None:
        # What is given has ways out that only its owner knows.
        changes = {f"{WEB}/addresses/egress": ["203.0.113.6/32"], **changes}
    for path, value in changes.items():
        *parents, last = path.split("/")
        here = result
        for key in parents:
            here = here.setdefault(key, {})
        here[last] = value
    return result


def planned(document: Mapping[str, Any], name: str = ENVIRONMENT) -> CloudsPlan:
    """Return what the clouds are asked for; `SpecError` for a document that breaks a rule."""
    return plan_clouds(load(document, name=name))


def resources(document: Mapping[str, Any]) -> dict[str, ResourcePlan]:
    """Return every planned resource by its logical name."""
    return {one.name: one for one in planned(document).resources}


def args(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the inputs of one planned resource."""
    return resources(document)[name].args


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> set[str]:
    """Return the names of resources that two documents don't plan alike."""
    before, after = resources(one), resources(other)
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
