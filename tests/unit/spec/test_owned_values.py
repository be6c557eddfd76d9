"""Helm values near those that are owned: what users tune is left to them."""

from typing import Any

import pytest
from meshtier.spec.owned_values import OWNED, OWNED_ARGUMENTS

from tests.unit.spec.documents import errors

TUNED: dict[str, dict[str, Any]] = {
    "the mesh's configuration": {
        "istiod": {
            "meshConfig": {
                "accessLogFile": "/dev/stdout",
                "trustDomainAliases": ["old.example"],
                "caCertificates": [{"spiffeBundleUrl": "https://bundle.example"}],
                "discoverySelectors": [{"matchLabels": {"acme.example/mesh": "in"}}],
                "defaultConfig": {
                    "concurrency": 2,
                    "proxyMetadata": {"ISTIO_META_DNS_CAPTURE": "true"},
                },
            }
        }
    },
    "variables": {
        "istiod": {
            "env": {"ISTIO_MULTIROOT_MESH": "true"},
            "envVarFrom": [{"name": "GODEBUG", "value": "x"}, {"value": "nameless"}, "odd"],
            "extraContainerArgs": ["--profile=false", "--kubernetesApiQPS", "100", 1],
        },
        "gateway": {
            "env": {"ISTIO_META_HTTP10": "1"},
            "envVarFrom": [{"name": "ISTIO_META_IDLE_TIMEOUT", "value": "1h"}],
        },
    },
    "lists that are none": {"istiod": {"envVarFrom": None, "extraContainerArgs": None}},
    "size": {
        "istiod": {"autoscaleMin": 2, "global": {"proxy": {"resources": {}}}},
        "gateway": {"resources": {}},
    },
}


@pytest.mark.parametrize("what", TUNED)
def test_what_users_tune_is_taken(what: str):
    assert errors({"mesh/istio/values": TUNED[what]}) == []


@pytest.mark.parametrize(
    ("chart", "path"), [(chart, value.path) for chart, own in OWNED.items() for value in own]
)
def test_every_owned_value_is_refused_where_it_is_written(chart: str, path: tuple[str, ...]):
    values: Any = "x"
    for key in reversed(path):
        values = {key: values}
    (line,) = errors({"mesh/istio/values": {chart: values}})
    assert line.startswith(f"mesh.istio.values.{'.'.join((chart, *path))}: got a value that")


@pytest.mark.parametrize("argument", OWNED_ARGUMENTS)
def test_every_owned_argument_is_refused_with_its_value_behind_or_after_it(argument: str):
    for written in ([argument, "x"], [f"{argument}=x"]):
        (line,) = errors({"mesh/istio/values": {"istiod": {"extraContainerArgs": written}}})
        assert line.startswith("mesh.istio.values.istiod.extraContainerArgs[0]: got a value that")
