"""How the resources of a GCP project become calls."""

from collections.abc import Mapping
from typing import Any

from tests.support.cloud_calls import Resource, Row


def _on(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings whose presence is what switches them on."""
    return {"enabled": True, **settings}


def _logged(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {"enable": True, **settings}


def _truth(text: str) -> bool:
    """Return a truth value that the provider takes as text."""
    return {"TRUE": True, "FALSE": False}[text]


def _nodes(source: str, target: str) -> dict[str, Row]:
    """Return the rows of a node configuration."""
    port = "kubeletConfig.insecureKubeletReadonlyPortEnabled"
    return {
        f"{source}.*": f"{target}.*",
        # Their keys are the user's, dots and all.
        f"{source}.labels": f"{target}.labels",
        f"{source}.resourceLabels": f"{target}.resourceLabels",
        f"{source}.metadata": f"{target}.metadata",
        f"{source}.{port}": (f"{target}.{port}", _truth),
    }


def _below(prefix: str, rows: Mapping[str, Row]) -> dict[str, Row]:
    """Return rows whose paths all begin with `prefix`."""
    return {path: _with(prefix, row) for path, row in rows.items()}


def _with(prefix: str, row: Row) -> Row:
    if isinstance(row, tuple):
        return (f"{prefix}.{row[0]}", row[1])
    return None if row is None else f"{prefix}.{row}"


_IN_PATH: Mapping[str, Row] = {"project": None, "region": None, "deletionPolicy": None}
"""What stands in the path of every call, or never leaves the provider."""

_CLUSTER: Mapping[str, Row] = {
    "name": "name",
    "description": "description",
    "location": None,
    "project": None,
    "deletionProtection": None,
    "deletionPolicy": None,
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
    "enableIntranodeVisibility": "networkConfig.enableIntraNodeVisibility",
    "enableL4IlbSubsetting": "networkConfig.enableL4ilbSubsetting",
    "gatewayApiConfig.*": "networkConfig.gatewayApiConfig.*",
    "dnsConfig.*": "networkConfig.dnsConfig.*",
    "defaultMaxPodsPerNode": ("defaultMaxPodsConstraint.maxPodsPerNode", str),
    "masterAuth.*": "masterAuth.*",
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
    "privateClusterConfig.privateEndpointSubnetwork": (
        "controlPlaneEndpointsConfig.ipEndpointsConfig.privateEndpointSubnetwork"
    ),
    "privateClusterConfig.masterIpv4CidrBlock": "privateClusterConfig.masterIpv4CidrBlock",
    "controlPlaneEndpointsConfig.*": "controlPlaneEndpointsConfig.*",
    "addonsConfig.*": "addonsConfig.*",
    "loggingConfig.enableComponents.*": "loggingConfig.componentConfig.enableComponents.*",
    "monitoringConfig.enableComponents.*": "monitoringConfig.componentConfig.enableComponents.*",
    "monitoringConfig.managedPrometheus.*": "monitoringConfig.managedPrometheusConfig.*",
    "maintenancePolicy.recurringWindow.recurrence": (
        "maintenancePolicy.window.recurringWindow.recurrence"
    ),
    "maintenancePolicy.recurringWindow.startTime": (
        "maintenancePolicy.window.recurringWindow.window.startTime"
    ),
    "maintenancePolicy.recurringWindow.endTime": (
        "maintenancePolicy.window.recurringWindow.window.endTime"
    ),
    "databaseEncryption.*": "databaseEncryption.*",
    "costManagementConfig.*": "costManagementConfig.*",
    "enableShieldedNodes": "shieldedNodes.enabled",
    "rbacBindingConfig.*": "rbacBindingConfig.*",
    "securityPostureConfig.*": "securityPostureConfig.*",
    "resourceLabels": "resourceLabels",
    "initialNodeCount": "nodePools[0].initialNodeCount",
    **_nodes("nodeConfig", "nodePools[0].config"),
}

_POOL: Mapping[str, Row] = {
    "name": "name",
    "namePrefix": ("name", lambda prefix: prefix + "20261121000000000000000001"),
    "nodeLocations.*": "locations.*",
    "initialNodeCount": "initialNodeCount",
    "nodeCount": "initialNodeCount",
    "autoscaling": ("autoscaling", _on),
    "management.*": "management.*",
    "maxPodsPerNode": ("maxPodsConstraint.maxPodsPerNode", str),
    "upgradeSettings.*": "upgradeSettings.*",
    "networkConfig.*": "networkConfig.*",
    "version": "version",
    **_nodes("nodeConfig", "config"),
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
    "maxPortsPerVm": "maxPortsPerVm",
    "logConfig.*": "logConfig.*",
}

_BINDING: Mapping[str, Row] = {
    "role": "body.policy.bindings[0].role",
    "member": "body.policy.bindings[0].members[0]",
}

TABLE: Mapping[str, Resource] = {
    "gcp:projects/service:Service": Resource(
        calls={"": "serviceusage.v1:serviceusage.services.enable"},
        rows={**_IN_PATH, "service": None, "disableOnDestroy": None},
        always={"parameters.name": "projects/{project}/services/{service}"},
    ),
    "gcp:projects/serviceIdentity:ServiceIdentity": Resource(
        calls={"": "serviceusage.v1beta1:serviceusage.services.generateServiceIdentity"},
        rows={**_IN_PATH, "service": None},
        always={"parameters.parent": "projects/{project}/services/{service}"},
    ),
    "gcp:projects/iAMMember:IAMMember": Resource(
        calls={"": "cloudresourcemanager.v1:cloudresourcemanager.projects.setIamPolicy"},
        rows={**_IN_PATH, **_BINDING},
        always={"parameters.resource": "{project}"},
    ),
    "gcp:serviceaccount/account:Account": Resource(
        calls={"": "iam.v1:iam.projects.serviceAccounts.create"},
        rows={
            **_IN_PATH,
            "accountId": "body.accountId",
            "displayName": "body.serviceAccount.displayName",
            "description": "body.serviceAccount.description",
        },
        always={"parameters.name": "projects/{project}"},
    ),
    "gcp:kms/keyRing:KeyRing": Resource(
        calls={"": "cloudkms.v1:cloudkms.projects.locations.keyRings.create"},
        rows={"project": None, "location": None, "name": "parameters.keyRingId"},
        always={"parameters.parent": "projects/{project}/locations/{location}"},
    ),
    "gcp:kms/cryptoKey:CryptoKey": Resource(
        calls={"": "cloudkms.v1:cloudkms.projects.locations.keyRings.cryptoKeys.create"},
        rows={
            **_IN_PATH,
            "name": "parameters.cryptoKeyId",
            "keyRing": "parameters.parent",
            "purpose": "body.purpose",
            "rotationPeriod": "body.rotationPeriod",
            "destroyScheduledDuration": "body.destroyScheduledDuration",
            "labels": "body.labels",
        },
    ),
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": Resource(
        calls={"": "cloudkms.v1:cloudkms.projects.locations.keyRings.cryptoKeys.setIamPolicy"},
        rows={"cryptoKeyId": "parameters.resource", **_BINDING},
    ),
    "gcp:compute/network:Network": Resource(
        calls={"": "compute.v1:compute.networks.insert"},
        rows={
            **_IN_PATH,
            "name": "body.name",
            "description": "body.description",
            "autoCreateSubnetworks": "body.autoCreateSubnetworks",
            "routingMode": "body.routingConfig.routingMode",
            "mtu": "body.mtu",
        },
        always={"parameters.project": "{project}"},
    ),
    "gcp:compute/subnetwork:Subnetwork": Resource(
        calls={"": "compute.v1:compute.subnetworks.insert"},
        rows={
            **_IN_PATH,
            "name": "body.name",
            "description": "body.description",
            "network": "body.network",
            "ipCidrRange": "body.ipCidrRange",
            "secondaryIpRanges.*": "body.secondaryIpRanges.*",
            "privateIpGoogleAccess": "body.privateIpGoogleAccess",
            "logConfig": ("body.logConfig", _logged),
        },
        always={"parameters.project": "{project}", "parameters.region": "{region}"},
    ),
    "gcp:compute/router:Router": Resource(
        calls={"": "compute.v1:compute.routers.insert"},
        rows={
            **_IN_PATH,
            "name": "body.name",
            "description": "body.description",
            "network": "body.network",
        },
        always={"parameters.project": "{project}", "parameters.region": "{region}"},
    ),
    "gcp:compute/routerNat:RouterNat": Resource(
        calls={"": "compute.v1:compute.routers.patch"},
        rows={**_IN_PATH, "router": None, **_below("body.nats[0]", _NAT)},
        always={
            "parameters.project": "{project}",
            "parameters.region": "{region}",
            "parameters.router": "{/router}",
        },
    ),
    "gcp:compute/firewall:Firewall": Resource(
        calls={"": "compute.v1:compute.firewalls.insert"},
        rows={
            **_IN_PATH,
            "name": "body.name",
            "description": "body.description",
            "network": "body.network",
            "direction": "body.direction",
            "priority": "body.priority",
            "allows[].protocol": "body.allowed[].IPProtocol",
            "allows[].ports.*": "body.allowed[].ports.*",
            "sourceRanges.*": "body.sourceRanges.*",
            "targetTags.*": "body.targetTags.*",
            "targetServiceAccounts.*": "body.targetServiceAccounts.*",
            "logConfig": ("body.logConfig", _logged),
        },
        always={"parameters.project": "{project}"},
    ),
    "gcp:compute/address:Address": Resource(
        calls={"": "compute.v1:compute.addresses.insert"},
        rows={
            **_IN_PATH,
            "name": "body.name",
            "description": "body.description",
            "addressType": "body.addressType",
            "networkTier": "body.networkTier",
            "purpose": "body.purpose",
            "subnetwork": "body.subnetwork",
            "address": "body.address",
            "labels": "body.labels",
        },
        always={"parameters.project": "{project}", "parameters.region": "{region}"},
    ),
    "gcp:compute/networkPeering:NetworkPeering": Resource(
        calls={"": "compute.v1:compute.networks.addPeering"},
        rows={
            **_IN_PATH,
            "name": "body.networkPeering.name",
            "network": None,
            "peerNetwork": "body.networkPeering.network",
            "exportCustomRoutes": "body.networkPeering.exportCustomRoutes",
            "importCustomRoutes": "body.networkPeering.importCustomRoutes",
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
        rows={**_IN_PATH, "location": None, "cluster": None, **_below("body.nodePool", _POOL)},
        always={"parameters.parent": "projects/{project}/locations/{location}/clusters/{/cluster}"},
    ),
}
"""Type -> its calls: `parameters` stand in the path and the query, `body` is what is sent."""
