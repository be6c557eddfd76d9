"""Between Pulumi and the rules: plain data in, violations out."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pulumi_policy import ResourceValidationArgs
from pulumi_policy.deserialize import deserialize_properties
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy

PACK = Path(__file__).parents[3] / "policies"


@pytest.fixture
def adapter(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The pack's module, imported as the pack's own process does."""
    monkeypatch.syspath_prepend(PACK)
    before = set(sys.modules)
    import adapter  # pyright: ignore[reportMissingImports]

    yield adapter
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in ("adapter", "rules"):
            del sys.modules[name]


def proxied(props: dict[str, Any]) -> Any:
    """Return properties as Pulumi hands them to a policy."""
    return unknown_checking_proxy(deserialize_properties(props))


def test_unknown_values_become_one_mark_wherever_they_stand(adapter: ModuleType) -> None:
    props = {"a": {"b": [1.0, UNKNOWN_STRING_VALUE]}, "c": UNKNOWN_STRING_VALUE, "d": "text"}
    unknown = adapter.UNKNOWN
    assert adapter.plain(proxied(props)) == {"a": {"b": [1.0, unknown]}, "c": unknown, "d": "text"}


def test_a_violation_reaches_the_engine_with_the_settings_that_were_given(
    adapter: ModuleType,
) -> None:
    from rules import RESOURCE_RULES  # pyright: ignore[reportMissingImports]

    rule = next(one for one in RESOURCE_RULES if one.name == "certificate-life")
    told: list[str] = []
    args = ResourceValidationArgs(
        resource_type="tls:index/locallySignedCert:LocallySignedCert",
        props=proxied({"validityPeriodHours": 25.0}),
        urn="u",
        name="n",
        opts=None,  # pyright: ignore[reportArgumentType]
        provider=None,
        config={"leafHours": 24.0},
    )
    adapter.resource_policy(rule).validate(args, lambda line, urn: told.append(line))
    assert told == ["validityPeriodHours: got 25; allowed at most 24 (leaf); shorten it"]
