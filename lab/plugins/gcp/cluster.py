"""GKE: clusters and node pools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lab.plugins.cloud.clusters import api_server
from lab.plugins.cloud.model import Kind, Link, Making, first, values
from lab.plugins.cloud.store import Cloud, Record

from . import forms
from .network import NETWORK, SUBNETWORK
from .project import ACCOUNT, enabled

CLUSTER: Final = "gcp:container/cluster:Cluster"
POOL: Final = "gcp:container/nodePool:NodePool"
_KEY_USER: Final = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
_ROBOT: Final = "@container-engine-robot.iam.gserviceaccount.com"


def _ranges_exist(making: Making) -> str:
    """Pods and Services take their addresses from named ranges of the subnetwork."""
    subnetwork = making.linked(SUBNETWORK, "subnetwork", forms.ANY_OF)
    if subnetwork is None or not subnetwork.urn:
        return ""
    there = set(values(subnetwork.outputs, "secondaryIpRanges[*].rangeName"))
    for key in ("clusterSecondaryRangeName", "servicesSecondaryRangeName"):
        wanted = first(making.inputs, f"ipAllocationPolicy.{key}")
        if wanted and wanted not in there:
            return f"Error 400: Pod secondary range {wanted!r} not found in {subnetwork.id}"
    return ""


def _range_is_free(making: Making) -> str:
    """A secondary range of pods serves one cluster."""
    keys = ("subnetwork", "ipAllocationPolicy.clusterSecondaryRangeName")
    wanted = [first(making.inputs, key) for key in keys]
    for one in making.cloud.all(CLUSTER):
        if wanted[1] and [first(one.outputs, key) for key in keys] == wanted:
            return f"Error 400: Cluster secondary range {wanted[1]!r} already in use: {one}"
    return ""


def _key_is_open(making: Making) -> str:
    key = first(making.inputs, "databaseEncryption.keyName")
    users = [one.outputs for one in making.cloud.all(_KEY_USER)]
    if key is None or any(
        one["cryptoKeyId"] == key and one["member"].endswith(_ROBOT) for one in users
    ):
        return ""
    return f"Error 400: Cloud KMS key {key} can't be used: Permission denied for {_ROBOT}"


def _not_protected(cloud: Cloud, record: Record) -> str:
    if record.outputs.get("deletionProtection"):
        return (
            f"Cannot destroy cluster {record.outputs['name']} because deletion_protection is set "
            "to true. Set it to false to proceed with cluster deletion"
        )
    return ""


def _sizes_fit(making: Making) -> str:
    scaling = making.inputs.get("autoscaling") or {}
    total = {key for key in scaling if key.startswith("total")}
    each = {"minNodeCount", "maxNodeCount"} & set(scaling)
    if total and each:
        return "Error 400: total and per-zone limits of autoscaling exclude each other"
    for least, most in (
        ("totalMinNodeCount", "totalMaxNodeCount"),
        ("minNodeCount", "maxNodeCount"),
    ):
        if scaling.get(least, 0) > scaling.get(most, 0):
            return f"Error 400: {least} is greater than {most}"
    return ""


def _account_exists(making: Making) -> str:
    wanted = first(making.inputs, "nodeConfig.serviceAccount")
    own = f"@{making.project}.iam.gserviceaccount.com"
    emails = [one.outputs["email"] for one in making.cloud.all(ACCOUNT)]
    if wanted and wanted.endswith(own) and wanted not in emails:
        return f"Error 400: The service account {wanted!r} does not exist, badRequest"
    return ""


def _dns_endpoint(making: Making) -> str:
    server = api_server(making.cloud, making.inputs["name"])
    return server.host


def _location(making: Making) -> str:
    return making.inputs.get("location") or making.place.zone or making.region


def _cluster_id(making: Making) -> str:
    return (
        f"projects/{making.project}/locations/{_location(making)}/clusters/{making.inputs['name']}"
    )


def _pool_id(making: Making) -> str:
    cluster = making.linked(CLUSTER, "cluster", forms.ANY_OF)
    return (
        f"{cluster.id if cluster else making.inputs['cluster']}/nodePools/{making.inputs['name']}"
    )


KINDS: Final[Mapping[str, Kind]] = {
    CLUSTER: Kind(
        id=_cluster_id,
        outputs={
            "endpoint": lambda making: api_server(making.cloud, making.inputs["name"]).host,
            "masterAuth.clusterCaCertificate": lambda making: (
                api_server(making.cloud, making.inputs["name"]).authority
            ),
            "controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint": _dns_endpoint,
            "privateClusterConfig.privateEndpoint": lambda making: (
                api_server(making.cloud, making.inputs["name"]).host
            ),
            "privateClusterConfig.publicEndpoint": lambda making: (
                api_server(making.cloud, making.inputs["name"]).host
            ),
            "masterVersion": lambda making: (
                f"{making.inputs.get('minMasterVersion') or '1.35'}.0-gke.1000000"
            ),
            "selfLink": lambda making: f"https://container.googleapis.com/v1/{making.id}",
            "location": _location,
        },
        defaults={
            "deletionProtection": True,
            "networkingMode": "VPC_NATIVE",
            "enableShieldedNodes": True,
            "network": "default",
        },
        replaces=(
            *("name", "location", "project", "network", "subnetwork", "networkingMode"),
            *("description", "initialNodeCount", "defaultMaxPodsPerNode", "datapathProvider"),
            *("ipAllocationPolicy", "clusterIpv4Cidr", "enableAutopilot", "confidentialNodes"),
            *("enableKubernetesAlpha", "masterAuth.clientCertificateConfig"),
            "privateClusterConfig.masterIpv4CidrBlock",
            "privateClusterConfig.privateEndpointSubnetwork",
        ),
        links=(
            Link(path="network", to=NETWORK, by=forms.ANY_OF, foreign="default"),
            Link(path="subnetwork", to=SUBNETWORK, by=forms.ANY_OF),
        ),
        named="name",
        rules=(enabled("container.googleapis.com"), _ranges_exist, _range_is_free, _key_is_open),
        guards=(_not_protected,),
        choices={
            "releaseChannel.channel": ("UNSPECIFIED", "RAPID", "REGULAR", "STABLE", "EXTENDED"),
            "datapathProvider": (
                "ADVANCED_DATAPATH",
                "DATAPATH_PROVIDER_UNSPECIFIED",
                "LEGACY_DATAPATH",
            ),
        },
        taken="Error 409: Already exists: {id}, alreadyExists",
        in_use="Error 400: cluster {id} has node pools",
    ),
    POOL: Kind(
        id=_pool_id,
        outputs={"instanceGroupUrls": lambda _: [], "managedInstanceGroupUrls": lambda _: []},
        replaces=(
            *("name", "cluster", "location", "project", "initialNodeCount", "maxPodsPerNode"),
            *("networkConfig.podRange", "networkConfig.createPodRange", "nodeConfig.spot"),
            *("nodeConfig.serviceAccount", "nodeConfig.oauthScopes", "nodeConfig.metadata"),
            *("nodeConfig.shieldedInstanceConfig", "nodeConfig.bootDiskKmsKey"),
        ),
        # Stricter than GKE, which takes the pools along: nodes go before their control plane.
        links=(Link(path="cluster", to=CLUSTER, by=forms.ANY_OF),),
        named="name",
        rules=(_sizes_fit, _account_exists),
        choices={
            "nodeConfig.taints[*].effect": ("NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"),
            "nodeConfig.kubeletConfig.insecureKubeletReadonlyPortEnabled": ("TRUE", "FALSE"),
        },
        taken="Error 409: Already exists: {id}, alreadyExists",
    ),
}
