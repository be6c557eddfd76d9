"""The document in the text of a stack file."""

import pytest
from meshtier.errors import SpecError
from meshtier.plan.stack_file import document_in

HEAD = "config:\n  meshtier:environment:\n"


def test_every_encrypted_value_is_refused_by_its_place_and_not_shown() -> None:
    text = (
        f"{HEAD}    mesh: {{values: {{env: {{TOKEN: {{secure: v1:abc}}, A: b}}}}}}\n"
        "    seeds: {eu: {labels: {a.b/c: [x, {secure: v1:def}]}}}\n"
    )
    with pytest.raises(SpecError) as refused:
        document_in(text, "x.yaml")
    assert [str(problem) for problem in refused.value.problems] == [
        f"x.yaml: config.meshtier:environment.{place}: got an encrypted value; allowed a value in "
        "clear; keep secrets in config keys of their own or in Secrets of the clusters, and name "
        "those in the document"
        for place in ("mesh.values.env.TOKEN", 'seeds.eu.labels["a.b/c"][1]')
    ]


@pytest.mark.parametrize(
    "value",
    ["{secure: true}", "{secure: {a: b}}", "{secure: x, other: y}", "{tls: secure}", "{}", "[]"],
)
def test_what_pulumi_does_not_decrypt_stays(value: str) -> None:
    assert document_in(f"{HEAD}    mesh: {value}\n", "x.yaml").keys() == {"mesh"}
