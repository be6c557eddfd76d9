"""Documents that between them switch on every setting of the clouds, beside the shipped stacks."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from meshtier.plan.environment import plan_environment
from meshtier.plan.model import EnvironmentPlan
from meshtier.plan.resources import ResourcePlan
from meshtier.plan.stack_file import read_document
from meshtier.spec.load import load

STACKS = Path(__file__).parents[2] / "stacks"
SHIPPED = ("production", "staging")

_AWS_RICH = """
mesh:
  id: acme
  istio: {version: 1.31.1}
  networks:
    flat: {peeredWith: [near]}
    near: {}
master:
  name: hq
  addresses: {nodes: 10.0.0.0/16, pods: 100.64.0.0/16, services: 10.100.0.0/20}
  defaults:
    cloud:
      aws: &aws
        account: "111122223333"
        assumeRole: arn:aws:iam::111122223333:role/meshtier
        admin: arn:aws:iam::111122223333:role/teams/platform
        region: eu-central-1
        zones: [eu-central-1a, eu-central-1c]
        version: "1.36"
        support: extended
        endpoint: {public: false, ranges: [192.168.0.0/16]}
        encryptionKey: arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d
        logs: [api, audit, authenticator, controllerManager, scheduler]
        identity: irsa
        access:
          team:
            principal: arn:aws:iam::111122223333:role/team
            policy: edit
            namespaces: [shop, pay]
          readers: {principal: "arn:aws:iam::444455556666:user/reader", policy: view}
          owners: {principal: "arn:aws:iam::111122223333:role/owners", policy: admin}
        addons:
          vpc-cni: {version: v1.21.1-eksbuild.1, configuration: {env: {WARM_PREFIX_TARGET: "2"}}}
          kube-proxy: {version: v1.35.0-eksbuild.2}
          coredns: {version: v1.13.1-eksbuild.1}
          aws-ebs-csi-driver: {version: v1.54.0-eksbuild.1}
          metrics-server: {version: v0.8.0-eksbuild.1}
        loadBalancerController: {version: 3.5.0, charts: charts/own, values: {replicaCount: 3}}
        nodes:
          general:
            types: [m7i.large, m6i.large]
            min: 2
            desired: 3
            max: 6
            disk: 80
            labels: {istio.io/rev: default, under_scored: "yes"}
            taints:
              - {key: dedicated, value: mesh, effect: NoSchedule}
              - {key: soft, effect: PreferNoSchedule}
              - {key: hard, effect: NoExecute}
          arm: {types: [m7g.large], ami: AL2023_ARM_64_STANDARD, spot: true, min: 0}
        tags: {team: platform, cost-center: "42"}
  cloud: {aws: {<<: *aws, network: {create: {nat: single, endpoints: [s3, sts, ecr.api]}}}}
seeds:
  eu:
    addresses: {nodes: 10.1.0.0/16, services: 10.100.16.0/20}
    cloud: {aws: {}}
    userClusters:
      eu-alike:
        addresses: {services: 10.100.32.0/20}
        cloud: {aws: {network: {sharedWith: eu}}}
        mesh: {network: flat}
      eu-beside:
        addresses: {nodes: 10.2.0.0/16, pods: 100.65.0.0/16, services: 10.100.48.0/20}
        cloud: {aws: {network: {create: {nat: none, endpoints: [s3, ec2, sts, eks]}}}}
        mesh: {network: flat}
      us-near:
        addresses: {nodes: 10.3.0.0/20, services: 10.100.64.0/20}
        cloud:
          aws:
            region: us-west-2
            zones: []
            encryptionKey: null
            identity: podIdentity
        mesh: {network: near}
      other-account:
        addresses: {nodes: 10.4.0.0/22, services: 10.100.80.0/20}
        cloud:
          aws:
            account: "444455556666"
            assumeRole: arn:aws:iam::444455556666:role/meshtier
            endpoint: {public: false}
        mesh: {network: near}
"""

_AWS_APART = """
mesh: {id: acme, istio: {version: 1.31.1}, networks: {here: {}, there: {}}}
guards: {protect: true}
master:
  name: hq
  addresses: {nodes: 10.0.0.0/16, services: 10.100.0.0/20}
  defaults:
    cloud:
      aws: &aws
        account: "111122223333"
        admin: arn:aws:iam::111122223333:role/platform
        region: eu-central-1
        endpoint: {ranges: [192.0.2.0/24]}
        addons:
          vpc-cni: {version: v1.21.1-eksbuild.1}
          kube-proxy: {version: v1.35.0-eksbuild.2}
          coredns: {version: v1.13.1-eksbuild.1}
          aws-ebs-csi-driver: {version: v1.54.0-eksbuild.1}
          eks-pod-identity-agent: {version: v1.3.10-eksbuild.1}
        nodes: {general: {}}
  cloud: {aws: {<<: *aws, logs: []}}
seeds:
  eu:
    addresses: {nodes: 10.1.0.0/16, services: 10.100.16.0/20}
    cloud: {aws: {}}
    userClusters:
      here:
        addresses: {nodes: 10.2.0.0/22, services: 10.100.32.0/20}
        cloud: {aws: {}}
        mesh: {network: here}
      a-name-that-is-longer-than-most:
        addresses: {nodes: 10.3.0.0/16, services: 10.100.48.0/20}
        cloud: {aws: {region: us-west-2, network: {create: {nat: single}}}}
        mesh: {network: there}
      given:
        addresses: {nodes: 10.5.0.0/16, services: 10.100.96.0/20, egress: [203.0.113.7/32]}
        cloud:
          aws:
            network:
              given:
                vpc: vpc-0123456789abcdef0
                privateSubnets:
                  eu-central-1a: subnet-0123456789abcdef0
                  eu-central-1c: subnet-0123456789abcdef1
                publicSubnets:
                  eu-central-1a: subnet-0123456789abcdef2
                  eu-central-1c: subnet-0123456789abcdef3
                routeTables: [rtb-0123456789abcdef0]
        mesh: {network: there}
"""

_GCP_RICH = """
mesh:
  id: acme
  istio: {version: 1.31.1}
  networks:
    flat: {peeredWith: [near]}
    near: {}
    apart: {}
guards: {protect: true}
master:
  name: hq
  addresses: {nodes: 10.0.0.0/20, pods: 10.4.0.0/16, services: 10.5.0.0/20}
  defaults:
    cloud:
      gcp: &gcp
        project: acme-eu
        projectNumber: "123456789012"
        region: europe-west3
        zones: [europe-west3-a, europe-west3-c]
        channel: extended
        version: 1.35.3-gke.1056000
        endpoint: {ranges: [192.0.2.0/24]}
        dataplaneV2: false
        maxPodsPerNode: 32
        encryptionKey: projects/acme-keys/locations/europe-west3/keyRings/mesh/cryptoKeys/secrets
        nodes:
          general:
            type: n2d-standard-4
            min: 3
            max: 12
            disk: 200
            diskType: hyperdisk-balanced
            labels: {istio.io/rev: default, under_scored: "yes"}
            taints:
              - {key: dedicated, value: mesh, effect: NoSchedule}
              - {key: soft, effect: PreferNoSchedule}
              - {key: hard, effect: NoExecute}
          spare: {spot: true, min: 0}
        labels: {team: platform, cost-center: "42"}
  cloud: {gcp: {<<: *gcp, zone: europe-west3-a, network: {create: {natAddresses: 0}}}}
seeds:
  eu:
    addresses: {nodes: 10.16.0.0/20, pods: 10.20.0.0/16, services: 10.21.0.0/20}
    cloud: {gcp: {network: {create: {natAddresses: 2}}, controlPlaneRange: 172.16.0.0/28}}
    userClusters:
      eu-alike:
        addresses: {nodes: 10.16.16.0/20, pods: 10.24.0.0/16, services: 10.21.16.0/20}
        cloud: {gcp: {network: {sharedWith: eu}, encryptionKey: null}}
        mesh: {network: flat}
      eu-beside:
        addresses: {nodes: 10.32.0.0/20, pods: 10.36.0.0/16, services: 10.37.0.0/20}
        cloud: {gcp: {}}
        mesh: {network: flat}
      other-project:
        addresses: {nodes: 10.48.0.0/20, pods: 10.52.0.0/16, services: 10.53.0.0/20}
        cloud: {gcp: {project: acme-other, projectNumber: "210987654321"}}
        mesh: {network: near}
      a-name-that-is-longer-than-most:
        addresses: {nodes: 10.64.0.0/20, pods: 10.68.0.0/16, services: 10.69.0.0/20}
        cloud:
          gcp:
            region: us-central1
            zones: []
            version: null
            encryptionKey: projects/acme-keys/locations/us-central1/keyRings/mesh/cryptoKeys/x
        mesh: {network: apart}
      given:
        addresses:
          nodes: 10.80.0.0/20
          pods: 10.84.0.0/16
          services: 10.85.0.0/20
          egress: [203.0.113.7/32]
        cloud:
          gcp:
            network:
              given:
                network: projects/acme-shared/global/networks/shared
                subnetwork: projects/acme-shared/regions/europe-west3/subnetworks/nodes
                podsRange: pods
                servicesRange: services
        mesh: {network: apart}
"""

_GCP_PEERED = """
mesh:
  id: acme
  istio: {version: 1.31.1}
  networks: {near: {peeredWith: [far]}, far: {}}
master:
  name: hq
  addresses: {nodes: 10.0.0.0/20, pods: 10.4.0.0/16, services: 10.5.0.0/20}
  defaults:
    cloud:
      gcp: &gcp
        project: acme-eu
        region: europe-west3
        endpoint: {ranges: [192.0.2.0/24]}
        nodes: {general: {}}
  cloud: {gcp: *gcp}
seeds:
  eu:
    addresses: {nodes: 10.16.0.0/20, pods: 10.20.0.0/16, services: 10.21.0.0/20}
    cloud: {gcp: {endpoint: {public: false}}}
    userClusters:
      near:
        addresses: {nodes: 10.24.0.0/20, pods: 10.28.0.0/16, services: 10.29.0.0/20}
        cloud: {gcp: {}}
        mesh: {network: near}
      far:
        addresses: {nodes: 10.32.0.0/20, pods: 10.36.0.0/16, services: 10.37.0.0/20}
        cloud: {gcp: {region: us-central1, channel: rapid}}
        mesh: {network: far}
"""

OWN: Mapping[str, str] = {
    "aws-rich": _AWS_RICH,
    "aws-apart": _AWS_APART,
    "gcp-rich": _GCP_RICH,
    "gcp-peered": _GCP_PEERED,
}

NAMES = (*SHIPPED, *OWN)
"""Every document: the shipped ones by their stack, ours by what they are about."""
ON_AWS = ("production", "aws-rich", "aws-apart")
ON_GCP = ("production", "staging", "gcp-rich", "gcp-peered")


def document(name: str) -> Mapping[str, Any]:
    """Return a document by its name."""
    return read_document(STACKS, name) if name in SHIPPED else yaml.safe_load(OWN[name])


@cache
def plan(name: str) -> EnvironmentPlan:
    """Return the plan of a document."""
    return plan_environment(load(document(name), name=name))


def changed(name: str, kind: str, **changes: Any) -> list[ResourcePlan]:
    """Return what a document asks the clouds for, the first of a type with other arguments."""
    resources = list(plan(name).cloud)
    at = next(at for at, one in enumerate(resources) if one.type == kind)
    resources[at] = replace(resources[at], args={**resources[at].args, **changes})
    return resources
