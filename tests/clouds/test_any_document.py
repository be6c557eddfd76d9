"""Whatever clusters a document puts on whichever clouds: the clouds take what they are asked."""

from typing import Any

from hypothesis import given, settings
from meshtier.plan.environment import plan_environment
from meshtier.spec.load import load

from tests.clouds import check_aws, check_gcp
from tests.support import cloud_inputs
from tests.support.cloud_documents import cloud_documents


@settings(max_examples=20)
@given(document=cloud_documents())
def test_any_document_asks_the_clouds_for_what_they_take(document: dict[str, Any]) -> None:
    asked = cloud_inputs.planned(plan_environment(load(document, name="prod")).cloud)
    of_google = [one for one in asked if one.type.startswith(("gcp:", check_gcp.PROVIDER))]
    of_aws = [one for one in asked if one not in of_google]
    assert [problem for one in of_google for problem in check_gcp.problems(one)] == []
    assert [problem for one in of_aws for problem in check_aws.problems(one)] == []
