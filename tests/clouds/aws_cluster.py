"""How an EKS cluster, and what it needs of IAM, KMS and CloudWatch, becomes calls."""

from collections.abc import Mapping

from tests.clouds.aws_values import generated, kms_tags, tag_list
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
            "enabledClusterLogTypes[]": "logging.clusterLogging[0].types[]",
            "encryptionConfig.*": "encryptionConfig[0].*",
            "tags": "tags",
        },
    ),
    "aws:eks/nodeGroup:NodeGroup": Resource(
        calls={"": "eks:CreateNodegroup"},
        rows={
            "clusterName": "clusterName",
            "nodeGroupName": "nodegroupName",
            "nodeGroupNamePrefix": ("nodegroupName", generated),
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
            "userName": "username",
            "kubernetesGroups.*": "kubernetesGroups.*",
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
            "namePrefix": ("RoleName", generated),
            "path": "Path",
            "description": "Description",
            "assumeRolePolicy": "AssumeRolePolicyDocument",
            "permissionsBoundary": "PermissionsBoundary",
            "tags": ("Tags", tag_list),
        },
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Resource(
        calls={"": "iam:AttachRolePolicy"},
        rows={"role": "RoleName", "policyArn": "PolicyArn"},
    ),
    "aws:iam/policy:Policy": Resource(
        calls={"": "iam:CreatePolicy"},
        rows={
            "name": "PolicyName",
            "namePrefix": ("PolicyName", generated),
            "description": "Description",
            "policy": "PolicyDocument",
            "tags": ("Tags", tag_list),
        },
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
            "thumbprintLists.*": "ThumbprintList.*",
            "tags": ("Tags", tag_list),
        },
    ),
    "aws:kms/key:Key": Resource(
        calls={
            "": "kms:CreateKey",
            "rotate": "kms:EnableKeyRotation",
            "delete": "kms:ScheduleKeyDeletion",
        },
        rows={
            "description": "Description",
            "policy": "Policy",
            "enableKeyRotation": "rotate:",
            "deletionWindowInDays": "delete:PendingWindowInDays",
            "tags": ("Tags", kms_tags),
        },
        always={"rotate:KeyId": "{id}", "delete:KeyId": "{id}"},
    ),
    "aws:kms/alias:Alias": Resource(
        calls={"": "kms:CreateAlias"},
        rows={"name": "AliasName", "targetKeyId": "TargetKeyId"},
    ),
    "aws:cloudwatch/logGroup:LogGroup": Resource(
        calls={"": "logs:CreateLogGroup", "keep": "logs:PutRetentionPolicy"},
        rows={
            "name": "logGroupName",
            "retentionInDays": "keep:retentionInDays",
            "kmsKeyId": "kmsKeyId",
            "tags": "tags",
        },
        always={"keep:logGroupName": "{name}"},
    ),
}
"""Type -> its calls."""
