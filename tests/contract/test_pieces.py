"""Parts of the stand-ins that need neither an engine nor an API server."""

import asyncio
import base64
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lab.plugins import compare, install, wire
from lab.plugins.contract import Call, Change, Session, Severity
from lab.plugins.kubernetes import kubeconfig, owners, shape
from lab.plugins.kubernetes.checking import Checker
from lab.plugins.kubernetes.cluster import Cluster
from lab.plugins.kubernetes.provider import KubernetesPlugin
from lab.plugins.kubernetes.settings import Settings, settings
from lab.plugins.tls.plugin import TlsPlugin

ROOT = Path(__file__).resolve().parents[2]
SEALED = wire.Secret("s")


def test_a_value_survives_the_wire() -> None:
    value = {
        "whole": 3,
        "part": 2.5,
        "flag": True,
        "list": [1, None, {"deep": SEALED}],
        "later": wire.UNKNOWN,
        "empty": {},
        "all": wire.Secret({"a": [wire.UNKNOWN]}),
        "at": wire.Reference(urn="urn:x", id="id"),
    }
    decoded = wire.decode(wire.encode(value))
    assert decoded == value
    assert isinstance(decoded["whole"], int)


@pytest.mark.parametrize(
    ("value", "like", "sealed"),
    [
        ({"a": "x", "b": "y"}, {"a": SEALED}, {"a": wire.Secret("x"), "b": "y"}),
        ([{"a": "x"}], [{"a": SEALED}], [{"a": wire.Secret("x")}]),
        (["x", "y"], [SEALED], wire.Secret(["x", "y"])),
        (["x", "y"], ["s"], ["x", "y"]),
        ({"a": "x"}, wire.Secret({}), wire.Secret({"a": "x"})),
    ],
)
def test_a_value_is_as_secret_as_its_counterpart(value: Any, like: Any, sealed: Any) -> None:
    assert wire.seal(value, like) == sealed


@pytest.mark.parametrize("path", ["a.b[0].c", 'metadata.labels["a.b/c"]', 'data["with \\"quotes"]'])
def test_a_path_is_written_as_it_was_read(path: str) -> None:
    assert compare.join(compare.parse(path)) == path


def test_differences_name_every_changed_leaf() -> None:
    old = {"a": 1, "b": [1, 2], "c": {"d": "x"}, "e": wire.Secret("same")}
    new = {"a": True, "b": [1], "c": {"d": "x", "f": "y"}, "e": "same", "g": wire.UNKNOWN}
    found = compare.differences(old, new)
    assert {compare.join(path): change for path, change in found.items()} == {
        "a": Change.UPDATE,
        "b[1]": Change.DELETE,
        "c.f": Change.ADD,
        "g": Change.ADD,
    }
    assert compare.without(found, ["b[*]", "c", "g", "a"]) == {}


def test_drift_is_what_applying_would_change_back() -> None:
    inputs = {"memory": "2048Mi", "size": 1, "gone": "x", "empty": {}}
    applied = {"memory": "2Gi", "size": 1, "gone": "x", "default": "d"}
    live = {"memory": "2Gi", "size": 2, "default": "other"}
    assert shape.drifted(inputs, applied, live) == {"memory": "2048Mi", "size": 2, "empty": {}}


def test_text_of_a_secret_becomes_encrypted_data() -> None:
    about = {"apiVersion": "v1", "kind": "Secret"}
    folded = shape.fold_string_data({**about, "data": {"a": "eA=="}, "stringData": {"b": "y"}})
    assert folded == {**about, "data": wire.Secret({"a": "eA==", "b": "eQ=="})}
    assert shape.fold_string_data({**about, "stringData": {"b": wire.UNKNOWN}})["data"] == (
        wire.Secret({"b": wire.UNKNOWN})
    )


def test_fields_of_earlier_tools_are_booked_to_us() -> None:
    def entry(manager: str, operation: str, **fields: object) -> dict[str, Any]:
        return {"manager": manager, "operation": operation, "fieldsV1": fields}

    other = entry("hpa", "Update", c={})
    entries = [
        entry("us", "Apply", a={"x": {}}),
        entry("kubectl-edit", "Update", a={"y": {}}),
        other,
    ]
    assert owners.rebooked(entries, "us") == [entry("us", "Apply", a={"x": {}, "y": {}}), other]
    assert owners.rebooked([entries[0], other], "us") is None


def test_configuration_arrives_as_json_strings() -> None:
    found = settings({"deleteUnreachable": "true", "helmReleaseSettings": '{"driver": "memory"}'})
    assert found.delete_unreachable
    assert not found.upsert_existing
    assert found.helm_release == {"driver": "memory"}


CONFIG = """
current-context: one
contexts: [{name: one, context: {cluster: c, user: u, namespace: n}}]
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1", %s}}]
users: [{name: u, user: {token: hidden-token}}]
"""


def test_a_kubeconfig_is_read_from_its_text_or_its_path(tmp_path: Path) -> None:
    authority = base64.b64encode(b"pem").decode()
    text = CONFIG % f"certificate-authority-data: {authority}"
    path = tmp_path / "config.yaml"
    path.write_text(text)
    for value in (text, str(path)):
        access = kubeconfig.parse(value)
        assert (access.server, access.namespace) == ("https://127.0.0.1:1", "n")
        assert access.certificate_authority == b"pem"
        assert "hidden-token" not in repr(access)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (CONFIG % "insecure-skip-tls-verify: true", "'c' sets insecure-skip-tls-verify"),
        (CONFIG % "certificate-authority-data: '%%%'", "certificate-authority-data is not base64"),
        (CONFIG.replace("t: one", "t: two") % "", "context 'two' does not exist"),
        ("{not: [yaml\n", "can't be parsed"),
        ("/nowhere/at/all", "/nowhere/at/all: No such file"),
    ],
)
def test_a_kubeconfig_that_is_no_use_says_why(text: str, problem: str) -> None:
    with pytest.raises(kubeconfig.KubeconfigError) as caught:
        kubeconfig.parse(text)
    assert problem in str(caught.value)
    assert "hidden-token" not in str(caught.value)


def test_a_scope_found_out_before_holds_while_the_cluster_is_down() -> None:
    async def log(*_: object, **__: object) -> None: ...

    async def checked(old: wire.Object) -> wire.Object:
        session = Session(log=log, stop=asyncio.Event())
        cluster = Cluster(session, Settings(kubeconfig=CONFIG % "tls-server-name: x"))
        inputs = {"metadata": {"name": "w"}}
        call = Call(urn="u", type="kubernetes:a.b/v1:W", name="w", inputs=inputs, old_inputs=old)
        return (await Checker(cluster).check(call)).inputs["metadata"]

    bare = {"metadata": {"name": "w"}}
    placed = {"metadata": {"name": "w", "namespace": "n"}}
    assert asyncio.run(checked(bare)) == bare["metadata"]
    assert asyncio.run(checked(placed)) == placed["metadata"]


def test_a_cluster_that_is_down_is_named_once() -> None:
    said: list[str] = []

    async def log(severity: Severity, message: str, *_: object, **__: object) -> None:
        assert severity is Severity.WARNING
        said.append(message)

    async def check_twice() -> None:
        given = Settings(kubeconfig=CONFIG % "tls-server-name: x", cluster_identifier="lab/hq")
        checker = Checker(Cluster(Session(log=log, stop=asyncio.Event()), given))
        for name in ("a", "b"):
            await checker.check(Call(urn=name, type="kubernetes:core/v1:ConfigMap", name=name))

    asyncio.run(check_twice())
    assert said == [
        "configured Kubernetes cluster is unreachable: unable to load schema information from "
        'the API server: GET "https://127.0.0.1:1/api/v1": connection refused [cluster lab/hq]'
    ]


def test_stand_ins_have_the_versions_that_the_sdks_ask_for() -> None:
    assert KubernetesPlugin.version == install.version("kubernetes")
    assert TlsPlugin.version == install.version("tls")


def test_only_known_preferences_are_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MESHTIER_PLUGINS", "offical")
    with pytest.raises(install.PluginInstallError) as caught:
        install.install(tmp_path, tmp_path / "pulumi")
    assert str(caught.value) == (
        "MESHTIER_PLUGINS: got 'offical'; allowed auto, official, stand-in"
    )


def test_an_official_plugin_of_the_user_is_taken_before_a_stand_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mine, ours = tmp_path / "mine", tmp_path / "ours"
    calls = tmp_path / "calls"
    cli = tmp_path / "pulumi"
    cli.write_text(f'#!/bin/sh\necho "$@" >> {calls}\n')
    cli.chmod(0o755)
    for name in install.NAMES:
        folder = mine / "plugins" / f"resource-{name}-v{install.version(name)}"
        folder.mkdir(parents=True)
        (folder / f"pulumi-resource-{name}").write_text("official")
    monkeypatch.delenv("MESHTIER_PLUGINS", raising=False)
    monkeypatch.setenv("PULUMI_HOME", str(mine))
    found = install.install(ours, cli)
    assert [source.official for source in found.values()] == [True, True]
    assert str(mine) in calls.read_text()

    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("MESHTIER_OFFLINE", "1")
    fallen_back = install.install(ours, cli)
    assert [str(source) for source in fallen_back.values()] == [
        f"plugin {name} {install.version(name)}: stand-in (MESHTIER_OFFLINE is set)"
        for name in install.NAMES
    ]
    with pytest.raises(install.PluginInstallError, match="neither installed nor downloadable"):
        install.install(ours, cli, prefer="official")


def test_the_sdk_can_still_be_imported_beside_a_plugins_parts() -> None:
    program = "import lab.plugins.stubs, pulumi; assert pulumi.Input; import pulumi_kubernetes"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60, cwd=ROOT)


def test_a_plugin_does_not_load_the_sdk() -> None:
    program = (
        "import sys, lab.plugins.kubernetes.provider, lab.plugins.tls.plugin\n"
        "assert 'pulumi' not in sys.modules, 'it costs each plugin process 0.2 s'"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60, cwd=ROOT)


def test_a_plugin_that_is_interrupted_leaves_in_peace() -> None:
    command = [sys.executable, "-m", "lab.plugins.tls", "127.0.0.1:1"]
    plugin = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert plugin.stdout is not None
    assert plugin.stdout.readline().strip().isdigit()
    plugin.send_signal(signal.SIGINT)
    _, said = plugin.communicate(timeout=30)
    assert (plugin.returncode, said) == (0, "")
