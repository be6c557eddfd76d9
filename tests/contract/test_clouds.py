"""What the aws and gcp plugins promise, shown on the stand-ins.

The programs would run on the official plugins as well, but only with an account, so nobody does
here. What the stand-ins take is compared with the official SDKs in `test_clouds_tables`; what they
refuse is in `test_clouds_aws` and `test_clouds_gcp`.
"""

from pathlib import Path

import pytest

from lab.plugins.cloud.store import Fault
from lab.plugins.install import CLOUDS, install
from lab.toolchain import Toolchain
from tests.support.engine import Engine

from .cloud_programs import AWS, EKS, GCP, GKE, Cloud, CloudStack, environment, pretend

pytestmark = pytest.mark.contract

SECRET = "4dabf18193072939515e22adb298388d"
VPC = 'vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=opts)\n'
SHOP, PAY = AWS + EKS.replace("MOST", "3"), GCP + GKE.replace("PROTECTED", "False")


@pytest.fixture(scope="session")
def clouds_home(toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PULUMI_HOME with the stand-ins of both clouds."""
    home = tmp_path_factory.mktemp("pulumi-home-clouds")
    found = install(home, toolchain, prefer="stand-in", names=CLOUDS)
    assert {str(one).split(": ")[1] for one in found.values()} == {"stand-in (asked for)"}
    return home


@pytest.fixture
def stack(toolchain: Toolchain, clouds_home: Path, tmp_path: Path) -> CloudStack:
    folder = tmp_path / "cloud"
    engine = Engine(
        program=tmp_path / "program",
        root=tmp_path,
        toolchain=toolchain,
        home=clouds_home,
        env=environment(folder),
        timeout=120,
    )
    made = CloudStack(engine=engine, cloud=Cloud(folder), program=engine.program)
    pretend(made.cloud, "shop", "pay")
    return made


def test_eks_lives_and_goes_in_the_right_order(stack: CloudStack) -> None:
    previewed = stack.preview(SHOP)
    assert stack.cloud.all() == [], "a preview makes nothing"
    assert previewed.changes == {"create": 16}
    assert stack.up(SHOP).check().changes == {"create": 16}
    shown = stack.engine.outputs()
    assert shown["endpoint"] == "https://shop.example:6443"
    assert shown["group"].startswith("sg-0")
    assert shown["issuer"].startswith("https://oidc.eks.eu-central-1.amazonaws.com/id/")
    assert shown["address"].startswith(("203.0.113.", "198.51.100."))
    role = stack.cloud.named("role").outputs
    assert role["arn"] == f"arn:aws:iam::111122223333:role/{role['name']}"
    assert role["tagsAll"] == {"owner": "mesh"}

    assert stack.up(SHOP).check().changes == {}
    assert stack.engine.refresh().check().changes == {}

    scaled = stack.up(AWS + EKS.replace("MOST", "5")).check()
    assert scaled.counts == {"update aws:eks/nodeGroup:NodeGroup": 1}
    assert stack.cloud.named("nodes").outputs["scalingConfig"]["maxSize"] == 5

    assert stack.engine.destroy().check().returncode == 0
    assert stack.cloud.all() == []
    gone = [one.name for one in stack.cloud.operations("delete")]
    assert gone.index("nodes") < gone.index("cluster") < gone.index("policy") < gone.index("role")
    assert gone.index("cluster") < gone.index("subnet-a") < gone.index("vpc")


def test_gke_lives_and_a_protected_one_stays(stack: CloudStack) -> None:
    assert stack.preview(PAY).changes == {"create": 10}
    protected = GCP + GKE.replace("PROTECTED", "True")
    assert stack.up(protected).check().changes == {"create": 10}
    shown = stack.engine.outputs()
    assert shown["endpoint"] == "pay.example:6443"
    assert shown["address"] == stack.cloud.named("address").outputs["address"]
    assert stack.cloud.named("cluster").id == "projects/acme-eu/locations/europe-west3/clusters/pay"
    assert stack.up(protected).check().changes == {}
    assert stack.engine.refresh().check().changes == {}

    refused = stack.engine.destroy()
    assert "deletion_protection is set to true" in refused.output
    assert stack.cloud.named("network"), "what the cluster stands in stays with it"
    stack.up(PAY).check()
    stack.engine.destroy().check()
    assert stack.cloud.all() == []


def test_a_preview_knows_what_is_given_and_not_what_is_computed(stack: CloudStack) -> None:
    asks = """
pulumi.export("given", pulumi.Output.concat("on ", vpc.cidr_block))
pulumi.export("later", pulumi.Output.concat("id ", vpc.id, " arn ", vpc.arn))
"""
    preview = stack.preview(AWS + VPC + asks)
    assert "on 10.0.0.0/16" in preview.stdout
    assert "[unknown]" in preview.stdout.split("later")[1].splitlines()[0]


def test_a_replacing_input_replaces_and_another_one_does_not(stack: CloudStack) -> None:
    stack.up(AWS + VPC).check()
    before = stack.cloud.named("vpc").id
    tagged = VPC.replace("opts=", 'tags={"a": "b"}, opts=')
    assert stack.up(AWS + tagged).check().changes == {"update": 1}
    assert stack.cloud.named("vpc").outputs["tagsAll"] == {"owner": "mesh", "a": "b"}
    moved = VPC.replace("10.0.", "10.9.")
    assert stack.preview(AWS + moved).changes == {"replace": 1}
    assert stack.up(AWS + moved).check().changes == {"replace": 1}
    assert stack.cloud.named("vpc").id != before
    relabelled = AWS.replace("mesh", "net")
    assert stack.up(relabelled + moved).check().counts["update aws:ec2/vpc:Vpc"] == 1
    assert stack.cloud.named("vpc").outputs["tagsAll"] == {"owner": "net"}


def test_a_refresh_sees_what_others_changed_and_deleted(stack: CloudStack) -> None:
    two = VPC + 'aws.ec2.Eip("address", domain="vpc", opts=opts)\n'
    stack.up(AWS + two).check()
    stack.cloud.change(stack.cloud.named("vpc"), enableDnsSupport=False)
    stack.cloud.remove(stack.cloud.named("address"))
    seen = stack.engine.refresh().check()
    assert seen.changes == {"update": 1, "delete": 1}
    assert stack.up(AWS + two).check().changes == {"create": 1, "update": 1}
    assert stack.cloud.named("vpc").outputs["enableDnsSupport"] is True


def test_wrong_inputs_are_refused_before_anything_is_made(stack: CloudStack) -> None:
    wrong = """
aws.ec2.Vpc("typo", cidr_block="10.1.0.0/16", opts=opts)
aws.eks.NodeGroup("group", cluster_name="x", node_role_arn="y", subnet_ids=["z"],
    scaling_config={"min_size": 1, "max_size": 1, "bogus_key": 1},
    taints=[{"key": "a", "effect": "NoSchedule"}], opts=opts)
"""
    refused = stack.preview_refused(AWS + wrong)
    assert "Invalid or unknown key. Examine values at 'group.scalingConfig.bogus_key'" in refused
    assert '"desiredSize" is required. Examine values at' in refused
    assert 'expected one of "NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"' in refused
    assert stack.cloud.operations(step="begun") == []


def test_a_secret_stays_one(stack: CloudStack) -> None:
    body = 'aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=opts,\n'
    body += '    tags={"hidden": pulumi.Output.secret("needle-in-the-hay")})\n'
    stack.up(AWS + body).check()
    found = [one for one in stack.engine.resources() if one["urn"].endswith("::vpc")]
    assert SECRET in found[0]["outputs"]["tags"]["hidden"]
    assert "needle-in-the-hay" not in str(stack.engine.export()["resources"][-1]["inputs"])


def test_what_others_use_is_not_deleted(stack: CloudStack) -> None:
    stack.up(AWS + VPC).check()
    id = stack.cloud.named("vpc").id
    subnet = 'aws.ec2.Subnet("subnet", cidr_block="10.0.0.0/24", vpc_id="{}", opts=opts)\n'
    # By its plain id, so that the engine doesn't know of the order.
    stack.up(AWS + VPC + subnet.format(id)).check()
    refused = stack.up(AWS + subnet.format(id))
    assert f"DependencyViolation: The vpc '{id}' has dependencies" in refused.output
    assert stack.cloud.named("vpc").id == id


def test_a_failing_call_leaves_the_rest_and_the_next_run_ends_it(stack: CloudStack) -> None:
    stack.cloud.break_down(Fault(type="aws:eks/*", name="nodes", error="Throttling: Rate exceeded"))
    failed = stack.up(SHOP)
    assert failed.returncode != 0
    assert "Throttling: Rate exceeded" in failed.output
    assert stack.cloud.named("cluster")
    assert stack.up(SHOP).check().changes == {"create": 1}


def test_a_creation_that_failed_late_is_in_the_state(stack: CloudStack) -> None:
    late = Fault(type="*Vpc", error="timeout while waiting for state", arrives=True)
    stack.cloud.break_down(late)
    assert "timeout while waiting for state" in stack.up(AWS + VPC).output
    made = stack.cloud.named("vpc").id
    stack.up(AWS + VPC).check()
    assert stack.cloud.named("vpc").id == made, "or the first one would be left behind"


def test_a_cluster_without_an_api_server_in_the_lab_says_so(stack: CloudStack) -> None:
    failed = stack.up(PAY.replace('name="pay"', 'name="lost"'))
    assert "the lab has no API server for the cluster 'lost' (it has: pay, shop)" in failed.output
