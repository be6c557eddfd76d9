"""Broken rules about EKS clusters."""

from meshtier.spec.rules import aws as rules

from tests.unit.spec.cloud_documents import ROLE, at_web, aws
from tests.unit.spec.examples.clouds import of_aws
from tests.unit.spec.examples.example import WEB, Example

EKS = {
    "an account that is none": of_aws(
        rules.account_and_region,
        "account: got '1111'; allowed an account id of twelve digits; write it in quotes, here or "
        "in the defaults above",
        account="1111",
    ),
    "a region that is none": of_aws(
        rules.account_and_region,
        "region: got 'eu-central1'; allowed an AWS region such as 'eu-central-1'; write it, here "
        "or in the defaults above",
        region="eu-central1",
    ),
    "a zone of another region": of_aws(
        rules.zones_of_region,
        "zones: got 'eu-west-1a'; allowed at least 2 different zones of eu-central-1; write such "
        "as `[eu-central-1a, eu-central-1b]`",
        zones=["eu-central-1b", "eu-west-1a"],
    ),
    "one zone": of_aws(
        rules.zones_of_region,
        "zones: got eu-central-1a; allowed at least 2 different zones of eu-central-1; write such "
        "as `[eu-central-1a, eu-central-1b]`",
        zones=["eu-central-1a"],
    ),
    "a role by name": of_aws(
        rules.arns,
        "admin: got 'platform'; allowed an ARN such as "
        "'arn:aws:iam::123456789012:role/platform'; write the whole ARN",
        admin="platform",
    ),
    "nobody is admin": of_aws(
        rules.admin_known,
        "admin: got nothing; allowed the ARN of the role the stack's Kubernetes calls are made "
        "as; write it, or assumeRole, which then is it",
        admin="",
    ),
    "two entries for one principal": of_aws(
        rules.one_entry_per_principal,
        f"access.team.principal: got '{ROLE}', which is admin too; allowed one entry per "
        "principal; remove one of them",
        access={"team": {"principal": ROLE, "policy": "view"}},
    ),
    "an add-on of any version": of_aws(
        rules.addons_pinned,
        "addons.coredns.version: got 'latest'; allowed a version such as 'v1.20.4-eksbuild.2'; "
        "write one that `aws eks describe-addon-versions` lists",
        addons={
            **aws()["aws"]["addons"],
            "coredns": {"version": "latest"},
        },
    ),
    "an add-on left out": of_aws(
        rules.addons_pinned,
        "addons.coredns: got nothing; allowed a pinned version; write one that `aws eks "
        "describe-addon-versions` lists",
        addons={name: addon for name, addon in aws()["aws"]["addons"].items() if name != "coredns"},
    ),
    "an agent left out": of_aws(
        rules.addons_pinned,
        "addons.eks-pod-identity-agent: got nothing; allowed a pinned version; write one that "
        "`aws eks describe-addon-versions` lists",
        addons={
            name: addon for name, addon in aws()["aws"]["addons"].items() if "agent" not in name
        },
    ),
    "fewer nodes wanted than allowed": of_aws(
        rules.node_groups,
        "nodes.general.desired: got 1; allowed from min 2 to max 6; choose one between",
        nodes={"general": {"desired": 1}},
    ),
    "a group with a long name": of_aws(
        rules.node_groups,
        f"nodes.{'g' * 26}: got the name '{'g' * 26}'; allowed lower-case letters, digits and "
        "'-' inside, at most 25; rename the group",
        nodes={"g" * 26: {}},
    ),
    "nodes of no type": of_aws(
        rules.node_groups,
        "nodes.general.types: got nothing; allowed at least one instance type; write such as "
        "`[m7i.large]`",
        nodes={"general": {"types": []}},
    ),
    "a VPC that is too small": Example(
        rule=rules.vpc_size,
        changes=at_web(aws(), **{"addresses/nodes": "10.64.0.0/24"}),
        lines=(
            f"{WEB}.addresses.nodes: got 10.64.0.0/24; allowed a VPC from /16 to /22; choose a "
            "range of that size",
        ),
    ),
    "too few Services": Example(
        rule=rules.services_range,
        changes=at_web(aws(), **{"addresses/services": "10.84.0.0/25"}),
        lines=(
            f"{WEB}.addresses.services: got 10.84.0.0/25; allowed a private range from /12 to "
            "/24; choose one outside the VPC",
        ),
    ),
    "a reserved tag": of_aws(
        rules.tags,
        "tags.Name: got a reserved key; allowed keys of at most 128 and values of at most 256 "
        "characters, without Name, meshtier-cluster, meshtier-environment, meshtier-level or "
        "aws:; choose another",
        tags={"Name": "mine"},
    ),
    "too many tags": of_aws(
        rules.tags,
        "tags: got 41 tags; allowed at most 40; remove some",
        tags={f"t{number}": "x" for number in range(41)},
    ),
}
