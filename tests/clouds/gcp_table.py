"""How the resources of a GCP project become calls."""

from collections.abc import Mapping
from typing import Any

from tests.support.cloud_calls import Resource, Row


def _on(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings whose presence is what switches them on."""
    return {"enabled": True, **settings}


def _truth(text: str) -> bool:
    """Return a truth value that the provider takes as text."""
    return {"TRUE": True, "FALSE": False}[text]


def _nodes(source: str, target: str) -> dict[str, Row]:
    """Return the rows of a node configuration."""
    port = "kubeletConfig.insecureKubeletReadonlyPortEnabled"
    return {
        f"{source}.*": f"{target}.*",
        # Its keys are the user's.
        f"{source}.resourceLabels": f"{target}.resourceLabels",
        f"{source}.{port}": (f"{target}.{port}", _truth),
    }


def _below(prefix: str, rows: Mapping[str, Row]) -> dict[str, Row]:
    """Return rows whose paths all begin with `prefix`."""
    return {path: _with(prefix, row) for path, row in rows.items()}


def _with(prefix: str, row: Row) -> Row:
    if isinstance(row, tuple):
        return (f"{prefix}.{row[0]}", row[1])
    return None if row is None else f"{prefix}.{row}"


_CLUSTER: Mapping[str, Row] = {
    "name": "name",
    "location": None,
    "deletionProtection": None,
    "removeDefaultNodePool": None,
    "network": "network",
    "subnetwork": "subnetwork",
    "networkingMode": ("ipAllocationPolicy.useIpAliases", lambda mode: mode == "VPC_NATIVE"),
    "ipAllocationPolicy.*": "ipAllocationPolicy.*",
    "nodeLocations.*": "locations.*",
    "releaseChannel.*": "releaseChannel.*",
    "minMasterVersion": "initialClusterVersion",
    "workloadIdentityConfig.*": "workloadIdentityConfig.*",
    "datapathProvider": "networkConfig.datapathProvider",
    "enableL4IlbSubsetting": "networkConfig.enableL4ilbSubsetting",
    "gatewayApiConfig.*": "networkConfig.gatewayApiConfig.*",
    "defaultMaxPodsPerNode": ("defaultMaxPodsConstraint.maxPodsPerNode", str),
    "masterAuthorizedNetworksConfig": (
        "controlPlaneEndpointsConfig.ipEndpointsConfig.authorizedNetworksConfig",
        _on,
    ),
    "privateClusterConfig.enablePrivateNodes": "networkConfig.defaultEnablePrivateNodes",
    "privateClusterConfig.enablePrivateEndpoint": (
        "controlPlaneEndpointsConfig.ipEndpointsConfig.enablePublicEndpoint",
        lambda is_private: not is_private,
    ),
    "privateClusterConfig.masterGlobalAccessConfig.enabled": (
        "controlPlaneEndpointsConfig.ipEndpointsConfig.globalAccess"
    ),
    "privateClusterConfig.masterIpv4CidrBlock": "privateClusterConfig.masterIpv4CidrBlock",
    "databaseEncryption.*": "databaseEncryption.*",
    "enableShieldedNodes": "shieldedNodes.enabled",
    "rbacBindingConfig.*": "rbacBindingConfig.*",
    "securityPostureConfig.*": "securityPostureConfig.*",
    "resourceLabels": "resourceLabels",
    "initialNodeCount": "nodePools[0].initialNodeCount",
    **_nodes("nodeConfig", "nodePools[0].config"),
}

_POOL: Mapping[str, Row] = {
    "name": "name",
    "initialNodeCount": "initialNodeCount",
    "autoscaling": ("autoscaling", _on),
    "management.*": "management.*",
    "upgradeSettings.*": "upgradeSettings.*",
    **_nodes("nodeConfig", "config"),
    "nodeConfig.labels": "config.labels",
}

_NAT: Mapping[str, Row] = {
    "name": "name",
    "natIpAllocateOption": "natIpAllocateOption",
    "natIps.*": "natIps.*",
    "sourceSubnetworkIpRangesToNat": "sourceSubnetworkIpRangesToNat",
    "subnetworks[].name": "subnetworks[].name",
    "subnetworks[].sourceIpRangesToNats.*": "subnetworks[].sourceIpRangesToNat.*",
    "subnetworks[].secondaryIpRangeNames.*": "subnetworks[].secondaryIpRangeNames.*",
    "enableDynamicPortAllocation": "enableDynamicPortAllocation",
    "enableEndpointIndependentMapping": "enableEndpointIndependentMapping",
    "minPortsPerVm": "minPortsPerVm",
    "logConfig.*": "logConfig.*",
}

_BINDING: Mapping[str, Row] = {
    "role": "body.policy.bindings[0].role",
    "member": "body.policy.bindings[0].members[0]",
}

TABLE: Mapping[str, Resource] = {
    "gcp:projects/service:Service": Resource(
        calls={"": "serviceusage.v1:serviceusage.services.enable"},
        rows={"project": None, "service": None, "disableOnDestroy": None},
        always={"parameters.name": "projects/{project}/services/{service}"},
    ),
    "gcp:projects/iAMMember:IAMMember": Resource(
        calls={"": "cloudresourcemanager.v1:cloudresourcemanager.projects.setIamPolicy"},
        rows={"project": None, **_BINDING},
        always={"parameters.resource": "{project}"},
    ),
    "gcp:serviceaccount/account:Account": Resource(
        calls={"": "iam.v1:iam.projects.serviceAccounts.create"},
        rows={
            "accountId": "body.accountId",
            "displayName": "body.serviceAccount.displayName",
        },
        always={"parameters.name": "projects/{project}"},
    ),
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": Resource(
        calls={"": "cloudkms.v1:cloudkms.projects.locations.keyRings.cryptoKeys.setIamPolicy"},
        rows={"cryptoKeyId": "parameters.resource", **_BINDING},
    ),
    "gcp:compute/network:Network": Resource(
        calls={"": "compute.v1:compute.networks.insert"},
        rows={
            "name": "body.name",
            "autoCreateSubnetworks": "body.autoCreateSubnetworks",
            "routingMode": "body.routingConfig.routingMode",
        },
        always={"parameters.project": "{project}"},
    ),
    "gcp:compute/subnetwork:Subnetwork": Resource(
        calls={"": "compute.v1:compute.subnetworks.insert"},
        rows={
            "region": None,
            "name": "body.name",
            "network": "body.network",
            "ipCidrRange": "body.ipCidrRange",
            "secondaryIpRanges.*": "body.secondaryIpRanges.*",
            "privateIpGoogleAccess": "body.privateIpGoogleAccess",
        },
        always={"parameters.project": "{project}", "parameters.region": "{region}"},
    ),
    "gcp:compute/router:Router": Resource(
        calls={"": "compute.v1:compute.routers.insert"},
        rows={
            "region": None,
            "name": "body.name",
            "network": "body.network",
        },
        always={"parameters.project": "{project}", "parameters.region": "{region}"},
    ),
    "gcp:compute/routerNat:RouterNat": Resource(
        calls={"": "compute.v1:compute.routers.patch"},
        rows={"region": None, "router": None, **_below("body.nats[0]", _NAT)},
        always={
            "parameters.project": "{project}",
            "parameters.region": "{region}",
            "parameters.router": "{/router}",
        },
    ),
    "gcp:compute/firewall:Firewall": Resource(
        calls={"": "compute.v1:compute.firewalls.insert"},
        rows={
            "project": None,
            "name": "body.name",
            "network": "body.network",
            "direction": "body.direction",
            "allows[].protocol": "body.allowed[].IPProtocol",
            "allows[].ports.*": "body.allowed[].ports.*",
            "sourceRanges.*": "body.sourceRanges.*",
            "targetTags.*": "body.targetTags.*",
        },
        always={"parameters.project": "{project}"},
    ),
    "gcp:compute/address:Address": Resource(
        calls={"": "compute.v1:compute.addresses.insert"},
        rows={
            "region": None,
            "name": "body.name",
            "addressType": "body.addressType",
            "networkTier": "body.networkTier",
            "subnetwork": "body.subnetwork",
            "labels": "body.labels",
        },
        always={"parameters.project": "{project}", "parameters.region": "{region}"},
    ),
    "gcp:compute/networkPeering:NetworkPeering": Resource(
        calls={"": "compute.v1:compute.networks.addPeering"},
        rows={
            "name": "body.networkPeering.name",
            "network": None,
            "peerNetwork": "body.networkPeering.network",
        },
        always={
            "parameters.project": "{project}",
            "parameters.network": "{/network}",
            "body.networkPeering.exchangeSubnetRoutes": True,
        },
    ),
    "gcp:container/cluster:Cluster": Resource(
        calls={"": "container.v1:container.projects.locations.clusters.create"},
        rows=_below("body.cluster", _CLUSTER),
        always={
            "parameters.parent": "projects/{project}/locations/{location}",
            "body.cluster.nodePools[0].name": "default-pool",
        },
    ),
    "gcp:container/nodePool:NodePool": Resource(
        calls={"": "container.v1:container.projects.locations.clusters.nodePools.create"},
        rows={"location": None, "cluster": None, **_below("body.nodePool", _POOL)},
        always={"parameters.parent": "projects/{project}/locations/{location}/clusters/{/cluster}"},
    ),
}
"""Type -> its calls: `parameters` stand in the path and the query, `body` is what is sent."""
