"""Late values: how they are named, joined, found and printed."""

import json

import pytest
from meshtier.plan.dump import plain
from meshtier.plan.late import Json, Ref, Text, refs, text

EIP = Ref(resource="prod-us-nat.a", output="public_ip")


@pytest.mark.parametrize(
    ("output", "steps"),
    [
        ("id", ("id",)),
        ("vpc_config.cluster_security_group_id", ("vpc_config", "cluster_security_group_id")),
        ("identities[0].oidcs[1].issuer", ("identities", 0, "oidcs", 1, "issuer")),
    ],
)
def test_a_path_has_names_and_positions(output: str, steps: tuple[str | int, ...]):
    assert Ref(resource="x", output=output).steps() == steps


def test_a_text_of_plain_parts_is_plain():
    assert text("https://", "a.example") == "https://a.example"


def test_a_text_keeps_its_late_parts_in_order():
    assert text(text(EIP, "/32"), ",") == Text((EIP, "/32", ","))


def test_a_single_late_part_stays_what_it_is():
    assert text(EIP) == EIP


def test_every_reference_is_found_however_deep():
    other = Ref(resource="y", output="id")
    value = {"a": [EIP, {"b": Json({"c": Text(("x", other))})}], "d": "plain"}
    assert list(refs(value)) == [EIP, other]


def test_a_plan_prints_where_a_value_comes_from_and_no_value():
    assert plain({"range": Text((EIP, "/32"))}) == {"range": "${prod-us-nat.a.public_ip}/32"}
    assert json.loads(plain(Json({"b": EIP, "a": 1}))) == {
        "a": 1,
        "b": "${prod-us-nat.a.public_ip}",
    }
