"""Providers: one per account, which no cluster's coming or going changes."""

from tests.support import clouds as aws

TOKEN = "pulumi:providers:aws"


def test_every_account_has_one_provider_which_refuses_other_accounts() -> None:
    resources = aws.by_name(aws.rich_aws_document())
    providers = {name: one for name, one in resources.items() if one.type == TOKEN}
    assert {name: one.args["allowed_account_ids"] for name, one in providers.items()} == {
        f"test-aws.{aws.ACCOUNT}": [aws.ACCOUNT],
        f"test-aws.{aws.OTHER_ACCOUNT}": [aws.OTHER_ACCOUNT],
    }
    assert all(one.parent == "test" and one.provider is None for one in providers.values())


def test_the_providers_own_region_is_no_clusters_region() -> None:
    for region, home in {"eu-west-1": "us-east-1", "cn-north-1": "cn-north-1"}.items():
        document = aws.alone_aws_document(region=region)
        assert aws.args(document, f"test-aws.{aws.ACCOUNT}")["region"] == home


def test_a_role_is_taken_on_where_the_document_names_one() -> None:
    role = f"arn:aws:iam::{aws.ACCOUNT}:role/deploy"
    name = f"test-aws.{aws.ACCOUNT}"
    assert "assume_roles" not in aws.args(aws.alone_aws_document(), name)
    document = aws.alone_aws_document(assumeRole=role)
    assert aws.args(document, name)["assume_roles"] == [{"role_arn": role}]
    assert aws.differing(aws.alone_aws_document(), document) == {name}


def test_all_regional_resources_say_their_region_and_roles_have_none() -> None:
    resources = aws.by_name(aws.rich_aws_document())
    for name, one in resources.items():
        is_global = one.type.startswith("aws:iam/")
        assert ("region" in one.args) is not is_global, name
    assert resources["test-till-vpc"].args["region"] == "us-east-1"
    assert resources["test-till-vpc"].provider == f"test-aws.{aws.OTHER_ACCOUNT}"
