"""Broken rules about EKS clusters."""

from meshtier.spec.rules import aws as rules

from tests.unit.spec.cloud_documents import ROLE, aws
from tests.unit.spec.examples.clouds import of_aws
from tests.unit.spec.examples.example import Example


def _tag(key: str, got: str, **tags: str) -> Example:
    return of_aws(
        rules.tags,
        f"tags.{key}: got {got}; allowed keys of 1 to 128 and values of at most 256 letters, "
        "digits, spaces and '_.:/=+-@', without Name, meshtier-cluster, meshtier-environment, "
        "meshtier-level or aws:; choose another",
        tags=tags,
    )


def _elsewhere(region: str) -> Example:
    return of_aws(
        rules.account_and_region,
        f"region: got '{region}', of a partition whose names meshtier doesn't know; allowed a "
        "region of the partitions aws, aws-cn and aws-us-gov; make the cluster yourself and name "
        "it under `existing`",
        region=region,
    )


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
    "a region of Europe's own partition": _elsewhere("eusc-de-east-1"),
    "a region of an isolated partition": _elsewhere("us-iso-east-1"),
    "a region of another isolated partition": _elsewhere("us-isob-east-1"),
    "a region of Europe's isolated partition": _elsewhere("eu-isoe-west-1"),
    "a region that is a pattern": of_aws(
        rules.account_and_region,
        "region: got '*'; allowed an AWS region such as 'eu-central-1'; write it, here or in the "
        "defaults above",
        region="*",
        zones=["*a", "*b"],
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
        "admin: got 'platform'; allowed the ARN of a role such as "
        "'arn:aws:iam::123456789012:role/platform'; write the whole ARN",
        admin="platform",
    ),
    "a user as admin, whom nobody can take on": of_aws(
        rules.arns,
        "admin: got 'arn:aws:iam::111122223333:user/ann'; allowed the ARN of a role such as "
        "'arn:aws:iam::123456789012:role/platform'; write the whole ARN",
        admin="arn:aws:iam::111122223333:user/ann",
    ),
    "a role of another account to assume": of_aws(
        rules.arns,
        "assumeRole: got 'arn:aws:iam::444455556666:role/meshtier'; allowed the ARN of a role such "
        "as 'arn:aws:iam::111122223333:role/platform'; write the whole ARN",
        assumeRole="arn:aws:iam::444455556666:role/meshtier",
    ),
    "a session as principal": of_aws(
        rules.arns,
        "access.ann.principal: got 'arn:aws:sts::111122223333:assumed-role/team/ann'; allowed the "
        "ARN of a role or user such as 'arn:aws:iam::123456789012:role/platform'; write the whole "
        "ARN",
        access={
            "ann": {
                "principal": "arn:aws:sts::111122223333:assumed-role/team/ann",
                "policy": "view",
            }
        },
    ),
    "a key of another region": of_aws(
        rules.arns,
        "encryptionKey: got 'arn:aws:kms:eu-west-1:111122223333:key/1a2b'; allowed the ARN of a "
        "key such as 'arn:aws:kms:eu-central-1:123456789012:key/1a2b'; write the whole ARN",
        encryptionKey="arn:aws:kms:eu-west-1:111122223333:key/1a2b",
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
    "a reserved tag": _tag("Name", "a reserved key", Name="mine"),
    "a reserved tag in other letters": _tag("name", "a reserved key", name="mine"),
    "one tag in two spellings": _tag(
        "team", "the key 'Team' too, which is the same to IAM", Team="a", team="b"
    ),
    "a long tag": _tag("team", "a key or value of another length", team="x" * 257),
    "a tag that IAM refuses": _tag("team", "a character that IAM refuses", team="R&D"),
    "too many tags": of_aws(
        rules.tags,
        "tags: got 41 tags; allowed at most 40; remove some",
        tags={f"t{number}": "x" for number in range(41)},
    ),
}
