"""Policies that IAM would refuse, or that allow more than anyone needs, are seen."""

import json
from typing import Any

import pytest

from tests.support.policy_documents import problems

ALLOWED = {"Effect": "Allow", "Action": ["ec2:DescribeVpcs"], "Resource": "*"}
TRUSTED = {
    "Effect": "Allow",
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Principal": {"Service": "pods.eks.amazonaws.com"},
}


def seen(*statements: dict[str, Any], is_trust: bool = False) -> list[str]:
    """Return the problems of a policy with these statements."""
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return problems(json.dumps(document), is_trust=is_trust)


def test_policies_as_iam_takes_them_have_no_problem() -> None:
    assert seen(ALLOWED, {**ALLOWED, "Action": "elasticloadbalancing:Describe*"}) == []
    assert seen({"Effect": "Deny", "Action": "*", "Resource": "*"}) == []
    assert seen(TRUSTED, is_trust=True) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "got '{'; it must be JSON"),
        ("[]", "got '[]'; it must be an object"),
        ('{"Version": "2012-10-17"}', "Statement: missing; a policy needs one"),
        (
            json.dumps({"Version": "2008-10-17", "Statement": [ALLOWED]}),
            "Version: got '2008-10-17'; allowed 2012-10-17",
        ),
    ],
)
def test_what_is_no_policy_is_a_problem(text: str, problem: str) -> None:
    assert problems(text, is_trust=False) == [problem]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"Effect": "allow"}, ".Effect: got 'allow'; allowed Allow, Deny"),
        ({"Actions": []}, ".Actions: unknown"),
        ({"Principal": {"AWS": "1"}}, ".Principal: unknown"),
        ({"Action": "ec2"}, ".Action: got 'ec2'; no service of AWS has it"),
        ({"Action": "ec2:DescribeVpc"}, ".Action: got 'ec2:DescribeVpc'; no service of AWS has it"),
        ({"Action": "ec3:*"}, ".Action: got 'ec3:*'; no service of AWS has it"),
        ({"Action": "*"}, ": got every action on every resource"),
        ({"Action": ["ec2:DescribeVpcs", "*"]}, ": got every action on every resource"),
    ],
)
def test_each_mistake_in_a_statement_is_one_problem(changes: dict[str, Any], problem: str) -> None:
    assert seen({**ALLOWED, **changes}) == [f"Statement[0]{problem}"]


def test_what_a_statement_must_say_is_missed() -> None:
    assert seen({"Effect": "Allow"}) == [
        "Statement[0].Action: missing",
        "Statement[0].Resource: missing",
    ]
    without = {key: value for key, value in TRUSTED.items() if key != "Principal"}
    assert seen(without, is_trust=True) == ["Statement[0].Principal: missing"]


@pytest.mark.parametrize("everybody", ["*", {"AWS": "*"}])
def test_trust_in_everybody_needs_a_condition(everybody: Any) -> None:
    trust = {**TRUSTED, "Principal": everybody}
    assert seen(trust, is_trust=True) == [
        "Statement[0].Principal: got everybody without a condition"
    ]
    limited = {**trust, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}
    assert seen(limited, is_trust=True) == []
