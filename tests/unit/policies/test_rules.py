"""Each rule refuses what it is for, in a line that says what to do, and lets the rest through."""

from collections.abc import Mapping
from typing import Any

import pytest

from policies.rules import RESOURCE_RULES, STACK_RULES
from policies.rules.mtls import MESH_WIDE_MTLS
from policies.rules.rule import UNKNOWN, Resource

from .authorization_examples import AUTHORIZATION
from .examples import EXAMPLES, PEERS, RELEASE, Example, peers
from .more_examples import MORE_EXAMPLES

ALL = (*EXAMPLES, *AUTHORIZATION, *MORE_EXAMPLES)
RULES = {rule.name: rule for rule in RESOURCE_RULES}


@pytest.mark.parametrize(
    "example", ALL, ids=lambda one: f"{one.rule}-{'refused' if one.lines else 'passes'}"
)
def test_a_rule_says_exactly_what_its_example_expects(example: Example) -> None:
    resource = Resource(type=example.type, props=example.props)
    assert tuple(RULES[example.rule].judge(resource, example.settings)) == example.lines


def test_every_rule_has_examples_of_both_kinds() -> None:
    seen = {(one.rule, bool(one.lines)) for one in ALL}
    assert seen == {(name, refused) for name in RULES for refused in (True, False)}


@pytest.mark.parametrize("rule", [*RESOURCE_RULES, *STACK_RULES], ids=lambda one: one.name)
def test_every_setting_says_what_it_means_and_has_a_default(rule: Any) -> None:
    for name, schema in rule.settings.items():
        assert {"type", "description", "default"} <= set(schema), name


def test_what_a_preview_cannot_know_is_never_refused() -> None:
    refused: list[str] = []
    for example in ALL:
        for path in _leaves(example.props):
            hidden = Resource(type=example.type, props=_without(example.props, path))
            said = RULES[example.rule].judge(hidden, example.settings)
            refused += [f"{path}: {line}" for line in said if line not in example.lines]
    assert refused == []


def test_a_cluster_with_istiod_needs_the_mesh_wide_policy_on_itself() -> None:
    istiod = {"chart": "charts/istiod"}
    cases = {
        "strict": (PEERS, peers("STRICT"), "a"),
        "elsewhere": (PEERS, peers("STRICT"), "b"),
        "permissive": (PEERS, peers("PERMISSIVE"), "a"),
        "namespace": (PEERS, peers("STRICT", "shop"), "a"),
        "selected": (PEERS, peers("STRICT", selector={"matchLabels": {"app": "x"}}), "a"),
    }
    refused: dict[str, list[str]] = {}
    for name, (type_, props, provider) in cases.items():
        release = Resource(type=RELEASE, props=istiod, provider="a")
        policy = Resource(type=type_, props=props, provider=provider)
        told = MESH_WIDE_MTLS.judge([release, policy])
        assert all(about is release for about, _ in told)
        refused[name] = [line for _, line in told]
    line = (
        "PeerAuthentication of the cluster: got none that holds for the whole mesh; allowed one "
        "without a selector in istio-system, mode STRICT; register it beside istiod"
    )
    assert refused == {name: [] if name == "strict" else [line] for name in cases}


def test_other_releases_need_no_policy() -> None:
    release = Resource(type=RELEASE, props={"chart": "charts/gateway"}, provider="a")
    assert MESH_WIDE_MTLS.judge([release]) == []


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, Mapping):
        found = [(key, below) for key, below in value.items()]
    elif isinstance(value, list):
        found = list(enumerate(value))
    else:
        return []
    return [(*path, key) for key, _ in found] + [
        leaf for key, below in found for leaf in _leaves(below, (*path, key))
    ]


def _without(value: Any, path: tuple[Any, ...]) -> Any:
    if not path:
        return UNKNOWN
    head, *rest = path
    if isinstance(value, list):
        return [_without(one, tuple(rest)) if at == head else one for at, one in enumerate(value)]
    return {key: _without(one, tuple(rest)) if key == head else one for key, one in value.items()}
