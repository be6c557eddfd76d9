"""The package as others see it: what it exports, its schema, what it costs, that it serves."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import grpc
import meshtier
import pulumi
import pytest
from meshtier.plan.environment import plan_environment
from meshtier.plan.inventory import planned_resources
from meshtier.plugin import Components
from meshtier.spec.load import load
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from tests.mocked.documents import document, environment
from tests.support import shipped

ROOT = Path(__file__).parents[2]
SDKS = {"pulumi_aws", "pulumi_gcp"}
COMPONENTS: list[type[pulumi.ComponentResource]] = [meshtier.Environment, meshtier.Mesh]


def test_the_schema_other_languages_see_is_as_before(golden: Callable[[str, str], None]) -> None:
    schema = json.loads(ComponentProvider(COMPONENTS, "meshtier", version="1.0.0").schema or "")
    # What the SDKs at hand are called with is not part of the contract.
    schema.pop("language", None)
    golden("components.json", f"{json.dumps(schema, indent=2, sort_keys=True)}\n")


def test_exactly_what_the_plan_announces_is_registered(folder: Path) -> None:
    seen, _ = environment({"environment": document()})
    plan = plan_environment(load(document(), name="prod"))
    announced = {(one.type, one.name) for one in planned_resources(plan)}
    assert {(one.type, one.name) for one in seen.registered} == announced


@pytest.mark.parametrize("stack", shipped.STACKS)
def test_a_shipped_stack_registers_exactly_what_it_announces(stack: str) -> None:
    seen = shipped.registered(stack)
    announced = sorted((one.type, one.name) for one in planned_resources(shipped.planned(stack)))
    assert sorted((one.type, one.name) for one in seen.registered) == announced


def test_only_components_and_what_they_take_are_exported() -> None:
    exported = {name: getattr(meshtier, name) for name in meshtier.__all__}
    components = {
        name
        for name, one in exported.items()
        if isinstance(one, type) and issubclass(one, pulumi.ComponentResource)
    }
    assert components == {"Environment", "Mesh"}
    places = {name: one.__module__ for name, one in exported.items() if name not in components}
    assert places.pop("stack_args") == "meshtier.stack", "what reads them from a configuration"
    assert set(places.values()) == {"meshtier.args"}


def test_importing_the_package_loads_no_cloud_and_no_typed_resource() -> None:
    code = "import sys, meshtier; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "meshtier.hierarchy.environment" in loaded
    assert not loaded & {"pulumi_aws", "pulumi_gcp", "meshtier.clouds.existing"}
    assert "pulumi_kubernetes.core.v1" not in loaded, "it alone doubles the time to import"


@pytest.mark.parametrize(
    ("provider", "loaded"),
    [("existing", set()), ("aws", {"pulumi_aws"}), ("gcp", {"pulumi_gcp"})],
)
def test_an_environment_loads_the_sdks_of_its_own_clouds_only(
    folder: Path, provider: str, loaded: set[str]
) -> None:
    code = (
        "import sys; from tests.mocked.documents import environment, on; "
        "import meshtier; environment({'environment': on(sys.argv[1])}); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, provider],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    seen = set(done.stdout.split())
    assert {"pulumi_kubernetes", *loaded} <= seen
    assert {name for name in seen if name in SDKS} == loaded
    planners = {name for name in seen if name in {"meshtier.plan.aws", "meshtier.plan.gcp"}}
    assert {name.replace("meshtier.plan.", "pulumi_") for name in planners} == loaded


def test_the_plugin_serves_the_package_under_its_version() -> None:
    # The address of an engine that isn't there: it is called only to log.
    command = [sys.executable, "-m", "meshtier.plugin", "127.0.0.1:1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as plugin:
        try:
            assert plugin.stdout is not None
            port = plugin.stdout.readline().strip()
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                stub = provider_pb2_grpc.ResourceProviderStub(channel)
                answer = stub.GetSchema(provider_pb2.GetSchemaRequest(), timeout=30)
        finally:
            plugin.kill()
    schema = json.loads(answer.schema)
    assert (schema["name"], schema["version"]) == ("meshtier", version("meshtier"))
    assert sorted(schema["resources"]) == ["meshtier:index:Environment", "meshtier:index:Mesh"]


def test_a_refusal_names_each_property_to_other_languages() -> None:
    with pytest.raises(pulumi.InputPropertiesError) as refused:
        Components().construct(
            "link", "meshtier:index:Mesh", {"mesh": {"id": "acme"}, "clusters": {}}
        )
    (problem,) = refused.value.errors or []
    assert problem["property_path"] == "mesh.istio"
    assert problem["reason"].startswith("got nothing; allowed ")
