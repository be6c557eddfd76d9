"""What Google says about its APIs in prose only, as data with the place where it says so."""

from tests.support.discovery_check import Prose
from tests.support.limits import Limit

_DNS_LABEL = r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
_LABELS = Limit(
    source="cloud.google.com/resource-manager/docs/labels-overview#requirements",
    high=64,
    keys=r"[a-z][-_a-z0-9]{0,62}",
    values=r"[-_a-z0-9]{0,63}",
)
_NETWORK_TAG = Limit(
    source="cloud.google.com/vpc/docs/add-remove-network-tags#restrictions", pattern=_DNS_LABEL
)
_CONTAINER = "cloud.google.com/kubernetes-engine/docs/reference/rest/v1"
_KUBERNETES_LABELS = Limit(
    source="kubernetes.io/docs/concepts/overview/working-with-objects/labels",
    keys=r"([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?",
    values=r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?",
)
_RANGE = r"(\d{1,3}\.){3}\d{1,3}/\d{1,2}"

PROSE = Prose(
    limits={
        "Cluster.name": Limit(
            source=f"{_CONTAINER}/projects.locations.clusters#Cluster.name",
            pattern=r"[a-z]([-a-z0-9]*[a-z0-9])?",
            high=40,
        ),
        "NodePool.name": Limit(
            source=f"{_CONTAINER}/projects.locations.clusters.nodePools#NodePool.name",
            pattern=r"[a-z]([-a-z0-9]*[a-z0-9])?",
            high=40,
        ),
        "Cluster.resourceLabels": _LABELS,
        "Cluster.nodePools": Limit(source="a cluster is created with a pool of its own", low=1),
        "Cluster.initialClusterVersion": Limit(
            source=f"{_CONTAINER}/projects.locations.clusters#Cluster.initial_cluster_version",
            pattern=r"latest|1\.\d+(\.\d+(-gke\.\d+)?)?|-",
        ),
        "MaxPodsConstraint.maxPodsPerNode": Limit(
            source="cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr",
            pattern=r"[89]|[1-9]\d|1\d\d|2[0-4]\d|25[0-6]",
        ),
        "NodeConfig.labels": _KUBERNETES_LABELS,
        "NodeConfig.resourceLabels": _LABELS,
        "NodeConfig.tags[]": _NETWORK_TAG,
        "NodeConfig.diskSizeGb": Limit(
            source=f"{_CONTAINER}/NodeConfig#disk_size_gb", low=10, high=65536
        ),
        "CidrBlock.cidrBlock": Limit(
            source=f"{_CONTAINER}/projects.locations.clusters#CidrBlock", pattern=_RANGE
        ),
        "PrivateClusterConfig.masterIpv4CidrBlock": Limit(
            source="cloud.google.com/kubernetes-engine/docs/how-to/private-clusters",
            pattern=r"(\d{1,3}\.){3}\d{1,3}/28",
        ),
        "Address.labels": _LABELS,
        "NetworkPeering.name": Limit(source="the field's description", pattern=_DNS_LABEL),
        "Subnetwork.ipCidrRange": Limit(source="the field's description", pattern=_RANGE),
        "SubnetworkSecondaryRange.ipCidrRange": Limit(
            source="the field's description", pattern=_RANGE
        ),
        "SubnetworkSecondaryRange.rangeName": Limit(
            source="the field's description", pattern=_DNS_LABEL
        ),
        "Subnetwork.secondaryIpRanges": Limit(source="cloud.google.com/vpc/docs/quota", high=170),
        "Firewall.targetTags[]": _NETWORK_TAG,
        "Firewall.sourceRanges[]": Limit(source="the field's description", pattern=_RANGE),
        "Firewall.allowed[].IPProtocol": Limit(
            source="the field's description",
            pattern=r"tcp|udp|icmp|esp|ah|sctp|ipip|all|\d{1,3}",
        ),
        "Firewall.allowed[].ports[]": Limit(
            source="the field's description", pattern=r"\d{1,5}(-\d{1,5})?"
        ),
        "RouterNat.minPortsPerVm": Limit(
            source="cloud.google.com/nat/docs/ports-and-addresses#ports", low=2, high=57344
        ),
        "CreateServiceAccountRequest.accountId": Limit(
            source="the field's description", pattern=r"[a-z]([-a-z0-9]{4,28}[a-z0-9])"
        ),
        "ServiceAccount.displayName": Limit(source="the field's description", high=100),
        "Binding.role": Limit(
            source="cloud.google.com/iam/docs/reference/rest/v1/Policy#Binding",
            pattern=r"roles/[a-zA-Z.]+|(projects|organizations)/[^/]+/roles/[a-zA-Z0-9_.]+",
        ),
        "Binding.members[]": Limit(
            source="cloud.google.com/iam/docs/reference/rest/v1/Policy#Binding",
            pattern=r"(user|serviceAccount|group|domain):\S+|principal(Set)?://iam\.\S+",
        ),
    },
    required={
        "CreateClusterRequest.cluster": "it is what the call creates",
        "CreateNodePoolRequest.nodePool": "it is what the call creates",
        "Cluster.name": "it names the cluster in every later call",
        "Cluster.network": "without it the cluster lands in the project's default network",
        "Cluster.subnetwork": "without it the cluster lands in the network's default subnet",
        "Cluster.nodePools": "a cluster needs a pool or a node count",
        "NodePool.name": "it names the pool in every later call",
        "NodeTaint.key": "a taint is refused without it",
        "NodeTaint.effect": "a taint is refused without it",
        "CidrBlock.cidrBlock": "a block without a range admits nobody and is refused",
        "DatabaseEncryption.state": "a key without a state is ignored",
        "ReleaseChannel.channel": "an empty channel is none",
        "Subnetwork.name": "the insert is refused without it",
        "Subnetwork.network": "the insert is refused without it",
        "Subnetwork.ipCidrRange": "the insert is refused without it",
        "SubnetworkSecondaryRange.rangeName": "the cluster refers to it by name",
        "SubnetworkSecondaryRange.ipCidrRange": "a range needs its addresses",
        "Firewall.network": "without it the rule lands in the default network",
        "Firewall.allowed[].IPProtocol": "the field's description says so",
        "RouterNat.name": "the router refuses a NAT without it",
        "RouterNat.natIpAllocateOption": "the router refuses a NAT without it",
        "RouterNat.sourceSubnetworkIpRangesToNat": "the router refuses a NAT without it",
        "RouterNatSubnetworkToNat.name": "a subnet is named by its URL",
        "RouterNatSubnetworkToNat.sourceIpRangesToNat": "a subnet's ranges are chosen by it",
        "NetworksAddPeeringRequest.networkPeering": "it is what the call creates",
        "NetworkPeering.name": "it names the peering in every later call",
        "NetworkPeering.network": "a peering needs the other side",
        "CreateServiceAccountRequest.accountId": "the field's description says so",
        "SetIamPolicyRequest.policy": "it is what the call sets",
        "Binding.role": "the field's description says so",
        "Binding.members": "a binding without members is dropped",
    },
    optional={
        "NetworksAddPeeringRequest.name": "it stands in networkPeering, and may not be in both",
    },
)
