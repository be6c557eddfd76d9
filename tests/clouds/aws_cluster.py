"""How an EKS cluster, and what it needs of IAM, KMS and CloudWatch, becomes calls."""

from collections.abc import Mapping

from tests.clouds.aws_values import tag_list
from tests.support.cloud_calls import Resource

CLUSTER: Mapping[str, Resource] = {
    "aws:eks/cluster:Cluster": Resource(
        calls={"": "eks:CreateCluster"},
        rows={
            "name": "name",
            "roleArn": "roleArn",
            "version": "version",
            "vpcConfig.*": "resourcesVpcConfig.*",
            "accessConfig.*": "accessConfig.*",
            "kubernetesNetworkConfig.*": "kubernetesNetworkConfig.*",
            "upgradePolicy.*": "upgradePolicy.*",
            "bootstrapSelfManagedAddons": "bootstrapSelfManagedAddons",
            "deletionProtection": "deletionProtection",
            "enabledClusterLogTypes": (
                "logging.clusterLogging",
                lambda types: [{"types": types, "enabled": True}],
            ),
            "encryptionConfig.*": "encryptionConfig[0].*",
            "tags": "tags",
        },
    ),
    "aws:eks/nodeGroup:NodeGroup": Resource(
        calls={"": "eks:CreateNodegroup"},
        rows={
            "clusterName": "clusterName",
            "nodeGroupName": "nodegroupName",
            "nodeRoleArn": "nodeRole",
            "subnetIds.*": "subnets.*",
            "amiType": "amiType",
            "capacityType": "capacityType",
            "instanceTypes.*": "instanceTypes.*",
            "version": "version",
            "scalingConfig.*": "scalingConfig.*",
            "updateConfig.*": "updateConfig.*",
            "nodeRepairConfig.*": "nodeRepairConfig.*",
            "launchTemplate.*": "launchTemplate.*",
            "taints.*": "taints.*",
            "labels": "labels",
            "tags": "tags",
        },
    ),
    "aws:eks/addon:Addon": Resource(
        calls={"": "eks:CreateAddon", "update": "eks:UpdateAddon", "delete": "eks:DeleteAddon"},
        rows={
            "clusterName": "clusterName",
            "addonName": "addonName",
            "addonVersion": "addonVersion",
            "configurationValues": "configurationValues",
            "serviceAccountRoleArn": "serviceAccountRoleArn",
            "podIdentityAssociations.*": "podIdentityAssociations.*",
            "resolveConflictsOnCreate": "resolveConflicts",
            "resolveConflictsOnUpdate": "update:resolveConflicts",
            "preserve": "delete:preserve",
            "tags": "tags",
        },
        always={
            "update:clusterName": "{clusterName}",
            "update:addonName": "{addonName}",
            "delete:clusterName": "{clusterName}",
            "delete:addonName": "{addonName}",
        },
    ),
    "aws:eks/accessEntry:AccessEntry": Resource(
        calls={"": "eks:CreateAccessEntry"},
        rows={
            "clusterName": "clusterName",
            "principalArn": "principalArn",
            "type": "type",
            "tags": "tags",
        },
    ),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": Resource(
        calls={"": "eks:AssociateAccessPolicy"},
        rows={
            "clusterName": "clusterName",
            "principalArn": "principalArn",
            "policyArn": "policyArn",
            "accessScope.*": "accessScope.*",
        },
    ),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": Resource(
        calls={"": "eks:CreatePodIdentityAssociation"},
        rows={
            "clusterName": "clusterName",
            "namespace": "namespace",
            "serviceAccount": "serviceAccount",
            "roleArn": "roleArn",
            "tags": "tags",
        },
    ),
    "aws:iam/role:Role": Resource(
        calls={"": "iam:CreateRole"},
        rows={
            "name": "RoleName",
            "assumeRolePolicy": "AssumeRolePolicyDocument",
            "tags": ("Tags", tag_list),
        },
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Resource(
        calls={"": "iam:AttachRolePolicy"},
        rows={"role": "RoleName", "policyArn": "PolicyArn"},
    ),
    "aws:iam/rolePolicy:RolePolicy": Resource(
        calls={"": "iam:PutRolePolicy"},
        rows={"role": "RoleName", "name": "PolicyName", "policy": "PolicyDocument"},
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": Resource(
        calls={"": "iam:CreateOpenIDConnectProvider"},
        rows={
            "url": "Url",
            "clientIdLists.*": "ClientIDList.*",
            "tags": ("Tags", tag_list),
        },
    ),
}
"""Type -> its calls."""
