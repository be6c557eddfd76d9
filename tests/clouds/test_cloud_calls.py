"""Inputs become calls by the table, and nothing that the table does not know passes."""

from typing import Any

import pytest

from tests.support.cloud_calls import Call, Resource, calls

TABLE = Resource(
    calls={
        "create": "svc:CreateThing",
        "modify": "svc:ModifyThing",
        "accept": "svc:AcceptThing",
    },
    rows={
        "name": "thingName",
        "labels": "meta.labels",
        "settings.*": "config.*",
        "settings.mode": ("config.kind", str.upper),
        "kinds[]": "logging[0].types[]",
        "ranges[].name": "ranges[].rangeName",
        "dns": "modify:Dns.Value",
        "deletionPolicy": None,
        "accepts": "accept:",
    },
    always={
        "modify:Id": "{id}",
        "accept:Ids": ["{id}"],
        "parent": "projects/{project}/{/path}/{name}",
        "aliases": True,
    },
)
CONTEXT = {"id": "thing-1", "project": "acme", "path": "w/x"}
ALWAYS = {"parent": "projects/acme/x/a", "aliases": True}


def made(**inputs: Any) -> tuple[list[Call], list[str]]:
    """Return what becomes of a thing called `a` with these inputs."""
    return calls(TABLE, {"name": "a", **inputs}, CONTEXT)


def first(**inputs: Any) -> Any:
    """Return the parameters of the first call."""
    found, problems = made(**inputs)
    assert problems == []
    return found[0].params


def test_the_first_call_is_always_made_and_the_others_on_demand() -> None:
    found, problems = made()
    assert problems == []
    assert found == [
        Call(
            key="create",
            service="svc",
            operation="CreateThing",
            params={"thingName": "a", **ALWAYS},
        )
    ]
    assert made(dns=True)[0][1:] == [
        Call(
            key="modify",
            service="svc",
            operation="ModifyThing",
            params={"Dns": {"Value": True}, "Id": "thing-1"},
        )
    ]
    accepts = Call(
        key="accept", service="svc", operation="AcceptThing", params={"Ids": ["thing-1"]}
    )
    assert made(accepts=True)[0][1:] == [accepts]
    assert made(accepts=False)[0][1:] == []


@pytest.mark.parametrize(
    ("inputs", "params"),
    [
        ({"labels": {"a_b": "c"}}, {"meta": {"labels": {"a_b": "c"}}}),
        ({"settings": {"deep": {"er": [1, 2]}}}, {"config": {"deep": {"er": [1, 2]}}}),
        ({"settings": {"mode": "fast", "x": []}}, {"config": {"kind": "FAST", "x": []}}),
        ({"kinds": ["b", "c"]}, {"logging": [{"types": ["b", "c"]}]}),
        (
            {"ranges": [{"name": "p"}, {"name": "s"}]},
            {"ranges": [{"rangeName": "p"}, {"rangeName": "s"}]},
        ),
        ({"deletionPolicy": "ABANDON"}, {}),
        ({"ranges": [], "settings": {}}, {"config": {}}),
    ],
)
def test_an_input_goes_where_its_row_says(inputs: dict[str, Any], params: dict[str, Any]) -> None:
    assert first(**inputs) == {"thingName": "a", **ALWAYS, **params}


@pytest.mark.parametrize(
    ("inputs", "problem"),
    [
        ({"nmae": "x"}, "nmae: got 'x'; no row of the table knows it"),
        ({"ranges": [{"nmae": 1}]}, "ranges[].nmae: got 1; no row of the table knows it"),
        ({"empty": {}}, "empty: got {}; no row of the table knows it"),
    ],
)
def test_an_input_without_a_row_is_a_problem(inputs: dict[str, Any], problem: str) -> None:
    assert made(**inputs)[1] == [problem]


def test_two_inputs_for_one_parameter_are_a_mistake_of_the_table() -> None:
    table = Resource(calls={"create": "svc:Create"}, rows={"a": "x", "b": "x"})
    with pytest.raises(ValueError, match="b: two inputs go to x"):
        calls(table, {"a": 1, "b": 2}, {})
