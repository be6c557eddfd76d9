"""How a cluster is reached, what stands as long as it is used, and what is put inside."""

import json
from typing import Any

from meshtier.plan.dump import plain
from meshtier.plan.late import Ref
from meshtier.plan.model import ClusterPlan, ReleasePlan

from tests.support import clouds as aws

RICH = aws.rich_aws_document()


def cluster(document: dict[str, Any] = RICH, name: str = "shop") -> ClusterPlan:
    return aws.planned(document).cluster(name)


def controller(document: dict[str, Any] = RICH, name: str = "shop") -> ReleasePlan:
    (release,) = cluster(document, name).inside.releases
    return release


def waited_for(document: dict[str, Any], name: str) -> set[str]:
    """Return everything that stands behind the cluster's readiness."""
    access, resources = cluster(document, name).access, aws.by_name(document)
    assert access is not None
    found: set[str] = set()
    left = [*access.ready]
    while left:
        here = left.pop()
        if here not in found:
            found.add(here)
            left += resources[here].depends_on
    return found


def test_a_login_names_the_cluster_and_the_role_and_holds_nothing_secret() -> None:
    access = cluster().access
    assert access is not None
    assert [access.login.command, *access.login.args] == [
        *("aws", "--region", "eu-central-1", "--output", "json", "eks", "get-token"),
        *("--cluster-name", "test-shop", "--role-arn", aws.ADMIN),
    ]
    assert not access.login.provide_cluster_info
    assert access.login.install_hint.startswith("install the AWS command line")


def test_the_api_server_has_one_address_for_the_stack_and_the_peers() -> None:
    access = cluster().access
    assert access is not None
    endpoint = Ref(resource="test-shop-control-plane", output="endpoint")
    assert access.server == access.peers_server == endpoint
    authority = Ref(resource="test-shop-control-plane", output="certificate_authority.data")
    assert access.authority == authority


def test_nodes_their_ways_out_and_the_controllers_rights_outlive_what_is_inside() -> None:
    assert waited_for(RICH, "shop") >= {
        "test-shop-admin-policy",
        "test-shop-nodes.general",
        "test-shop-nodes.batch",
        "test-shop-addon.vpc-cni",
        "test-shop-addon.coredns",
        "test-shop-addon.aws-ebs-csi-driver",
        "test-shop-pod-policy.aws-ebs-csi-driver",
        "test-shop-pod-policy.aws-load-balancer-controller",
        "test-shop-pod-identity.aws-load-balancer-controller",
        "test-shop-private-way-out.eu-central-1a",
        "test-shop-gateway-guard",
    }


def test_the_internets_way_to_a_public_gateway_outlives_it_with_and_without_nat() -> None:
    way = {
        "test-shop-public-way-out",
        *(f"test-shop-public-association.eu-central-1{letter}" for letter in "abc"),
    }
    for create in ({"nat": "single"}, aws.WITHOUT_NAT):
        shop = aws.aws_cluster("eu", 32, network={"create": create})
        shop["addresses"]["egress"] = ["203.0.113.9/32"]
        public = aws.aws_document({"shop": shop, "till": aws.aws_cluster("us", 35)})
        assert waited_for(public, "shop") >= way
    internal = aws.peered_aws_document(network={"create": aws.WITHOUT_NAT})
    internal["seeds"]["eu"]["userClusters"]["shop"]["addresses"]["egress"] = ["203.0.113.9/32"]
    assert waited_for(internal, "shop").isdisjoint(way)


def test_what_shares_a_vpc_keeps_its_owners_ways_out() -> None:
    assert "test-shop-private-way-out.eu-central-1a" in waited_for(RICH, "stock")


def test_the_doors_of_a_private_endpoint_stay_open_to_the_end() -> None:
    private = {"public": False, "ranges": ["10.200.0.0/24"]}
    document = aws.peered_aws_document(endpoint=private)
    assert "test-shop-api-caller.10.200.0.0/24" in waited_for(document, "shop")


def test_there_is_a_default_storage_class_with_encrypted_disks() -> None:
    (made,) = cluster().inside.objects
    assert made.logical_name == "test-shop-storage-class"
    manifest = made.manifest
    assert manifest["metadata"]["annotations"] == {
        "storageclass.kubernetes.io/is-default-class": "true"
    }
    assert manifest["provisioner"] == "ebs.csi.aws.com"
    assert manifest["parameters"] == {"type": "gp3", "encrypted": "true"}
    assert manifest["volumeBindingMode"] == "WaitForFirstConsumer"


def test_the_load_balancer_controller_is_told_what_it_can_not_ask() -> None:
    release = controller()
    assert (release.name, release.namespace) == ("aws-load-balancer-controller", "kube-system")
    assert release.repository == "https://aws.github.io/eks-charts"
    assert release.version == "3.5.0"
    assert release.wait
    assert release.values["clusterName"] == "test-shop"
    assert release.values["region"] == "eu-central-1"
    assert release.values["vpcId"] == Ref(resource="test-shop-vpc", output="id")
    assert release.values["enableServiceMutatorWebhook"] is False
    assert release.values["serviceAccount"]["annotations"] == {}
    assert "Name" not in release.values["defaultTags"]
    assert release.values["defaultTags"]["owner"] == "platform"
    assert controller(name="stock").values["vpcId"] == release.values["vpcId"]


def test_with_an_issuer_its_service_account_names_its_role() -> None:
    role = Ref(resource="test-till-pod-role.aws-load-balancer-controller", output="arn")
    annotations = controller(name="till").values["serviceAccount"]["annotations"]
    assert annotations == {"eks.amazonaws.com/role-arn": role}


def test_the_documents_chart_and_values_are_used() -> None:
    own = {"charts": "charts/", "values": {"replicaCount": 3, "serviceAccount": {"labels": {}}}}
    release = controller(aws.peered_aws_document(loadBalancerController=own))
    assert release.chart == "charts/aws-load-balancer-controller"
    assert (release.repository, release.version) == (None, None)
    assert release.values["replicaCount"] == 3
    assert release.values["serviceAccount"]["create"] is True


def test_without_a_gateway_there_is_no_controller() -> None:
    assert cluster(aws.alone_aws_document()).inside.releases == ()


def test_a_cluster_outside_the_mesh_is_made_all_the_same() -> None:
    document = aws.alone_aws_document()
    document["seeds"]["eu"]["userClusters"]["shop"]["mesh"] = {"member": False}
    document["mesh"]["networks"] = {}
    assert cluster(document).access is not None
    assert "test-shop-control-plane" in aws.by_name(document)


def test_nothing_in_the_plan_looks_like_a_credential() -> None:
    text = json.dumps(plain(aws.planned(RICH))).lower()
    for word in ("password", "secret_key", "access_key", "client-key-data"):
        assert word not in text
