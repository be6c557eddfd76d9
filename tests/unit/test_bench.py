"""The bench's arithmetic, and what it makes of an export; never how long anything takes."""

import io
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from meshtier.spec.load import load
from rich.console import Console

from lab.bench import charts, clouds, compare, plans, size, table, whole
from lab.bench.meter import Cost
from lab.bench.registrations import MARKS, registrations, write
from lab.errors import LabError
from lab.toolchain import CHECKOUT

CANARY = "canary-of-the-export"
STACK = "urn:pulumi:s::p::"
PROVIDER = f"{STACK}meshtier:index:UserCluster$pulumi:providers:kubernetes::s-user-1-provider"
NAMESPACE = f"{STACK}kubernetes:core/v1:Namespace::s-user-1-namespace"
SECRET = f"{STACK}kubernetes:core/v1:Secret::s-user-1-cacerts"
RELEASE = f"{STACK}kubernetes:helm.sh/v3:Release::s-user-1-istio-crds"
ISTIOD = f"{STACK}kubernetes:helm.sh/v3:Release::s-user-1-istiod"
COMPONENT = f"{STACK}meshtier:index:UserCluster::s-user-1"
KEY = f"{STACK}tls:index/privateKey:PrivateKey::s-trust-user-1-key"


def secret(value: Any) -> dict[str, str]:
    """A secret as an export shows it."""
    return {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        "plaintext": json.dumps(value),
    }


def resource(urn: str, inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One raw resource; every input was passed by the program unless told otherwise."""
    return {
        "urn": urn,
        "custom": True,
        "type": urn.removeprefix(STACK).rpartition("::")[0].rpartition("$")[2],
        "inputs": inputs,
        "propertyDependencies": {key: [] for key in inputs},
        **more,
    }


def export() -> list[dict[str, Any]]:
    """A provider and what is made with it, below a component."""
    ref = f"{PROVIDER}::8c1f"
    switches = {"clusterIdentifier": "s/user-1", "enableSecretMutable": "true"}
    crds = {"name": "istio-crds", "chart": "./charts/crds", "checksum": "filled in"}
    return [
        {"urn": COMPONENT, "custom": False, "type": "meshtier:index:UserCluster"},
        resource(PROVIDER, {**switches, "kubeconfig": secret(CANARY)}),
        resource(KEY, {"algorithm": "ECDSA"}, provider=f"{STACK}pulumi:providers:tls::s-tls::1"),
        resource(NAMESPACE, {"metadata": {"name": "n"}}, provider=ref),
        resource(
            SECRET,
            {"metadata": {"name": "cacerts"}, "data": secret({"key": CANARY})},
            provider=ref,
            dependencies=[NAMESPACE, KEY, COMPONENT],
            propertyDependencies={"metadata": [], "data": [KEY]},
        ),
        resource(
            RELEASE,
            crds,
            provider=ref,
            dependencies=[NAMESPACE],
            propertyDependencies={"name": [], "chart": [], "compat": []},
        ),
        resource(
            ISTIOD,
            {"name": "istiod", "chart": "/charts/istiod"},
            provider=ref,
            dependencies=[RELEASE, SECRET],
        ),
    ]


@pytest.fixture
def found() -> dict[str, dict[str, Any]]:
    """The registrations of the export, by name."""
    return {one["name"]: one for one in registrations(export())}


def test_raw_resources_are_kept_in_order_and_components_left_out() -> None:
    assert [(one["type"], one["name"]) for one in registrations(export())] == [
        ("pulumi:providers:kubernetes", "s-user-1-provider"),
        ("tls:index/privateKey:PrivateKey", "s-trust-user-1-key"),
        ("kubernetes:core/v1:Namespace", "s-user-1-namespace"),
        ("kubernetes:core/v1:Secret", "s-user-1-cacerts"),
        ("kubernetes:helm.sh/v3:Release", "s-user-1-istio-crds"),
        ("kubernetes:helm.sh/v3:Release", "s-user-1-istiod"),
    ]


def test_each_resource_keeps_its_provider_and_its_raw_dependencies(
    found: dict[str, dict[str, Any]],
) -> None:
    cacerts = found["s-user-1-cacerts"]
    assert cacerts["provider"] == "s-user-1-provider"
    assert cacerts["depends_on"] == ["s-user-1-namespace", "s-trust-user-1-key"]
    assert found["s-trust-user-1-key"]["provider"] == "s-tls"
    assert found["s-user-1-provider"]["provider"] is None


def test_inputs_from_other_resources_are_late(found: dict[str, dict[str, Any]]) -> None:
    assert found["s-user-1-cacerts"]["late"] == {"data": ["s-trust-user-1-key"]}
    assert found["s-user-1-namespace"]["late"] == {}


def test_only_what_the_program_passed_is_passed_again(found: dict[str, dict[str, Any]]) -> None:
    assert found["s-user-1-istio-crds"]["inputs"] == {
        "name": "istio-crds",
        "chart": str(CHECKOUT / "charts/crds"),
    }


def test_switches_of_a_provider_are_booleans_and_secrets_marked(
    found: dict[str, dict[str, Any]],
) -> None:
    assert found["s-user-1-provider"]["inputs"] == {
        "clusterIdentifier": "s/user-1",
        "enableSecretMutable": True,
        "kubeconfig": {"$secret": CANARY},
    }
    assert found["s-user-1-cacerts"]["inputs"]["data"] == {"$secret": {"key": CANARY}}


def test_lists_and_objects_of_a_provider_are_themselves_again() -> None:
    inputs = {"assumeRoles": '[{"roleArn": "x"}]', "skip": "false", "region": "[not JSON"}
    (one,) = registrations([resource(f"{STACK}pulumi:providers:aws::s-aws", inputs)])
    assert one["inputs"] == {
        "assumeRoles": [{"roleArn": "x"}],
        "skip": False,
        "region": "[not JSON",
    }


def test_of_a_preview_only_what_is_open_is_late() -> None:
    vpc = resource(f"{STACK}aws:ec2/vpc:Vpc::s-vpc", {})
    sources = [vpc["urn"]]
    inputs = {"vpcId": MARKS[0], "name": "known", "tags": {"a": [MARKS[1]]}}
    subnet = resource(
        f"{STACK}aws:ec2/subnet:Subnet::s-subnet",
        inputs,
        propertyDependencies=dict.fromkeys(inputs, sources),
    )
    _, previewed = registrations([vpc, subnet], previewed=True)
    assert previewed["late"] == {"vpcId": ["s-vpc"], "tags": ["s-vpc"]}
    _, exported = registrations([vpc, subnet])
    assert sorted(exported["late"]) == sorted(inputs), "a state doesn't say what was late"


def test_a_bare_program_that_asks_for_something_else_is_seen() -> None:
    vpc = resource(f"{STACK}aws:ec2/vpc:Vpc::s-vpc", {"cidrBlock": "10.0.0.0/16"})
    clouds.require_equal([vpc], [vpc])
    with pytest.raises(LabError, match="asks for something else: s-vpc"):
        clouds.require_equal([vpc], [{**vpc, "inputs": {"cidrBlock": "10.1.0.0/16"}}])


def test_documents_of_any_size_keep_the_rules() -> None:
    hundred = load(plans.hundred(), name="bench")
    assert len(hundred.clusters) == 100
    assert {one.cloud.provider for one in hundred.clusters} == {"aws", "gcp"}
    assert len({one.member.network for one in hundred.clusters if one.member}) == 9


@pytest.mark.parametrize("cloud", plans.CLOUDS)
def test_an_environment_on_one_cloud_has_no_cluster_elsewhere(cloud: str) -> None:
    alone = load(plans.alone_on(cloud), name="bench")
    assert [one.cloud.provider for one in alone.clusters] == [cloud] * 4


def test_secrets_go_to_a_file_of_the_owners_and_are_never_printed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "registrations.json"
    path.touch(mode=0o644)
    write(path, registrations(export()))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert CANARY in path.read_text()
    assert CANARY not in "".join(capfd.readouterr())


def test_the_same_raw_resources_are_demanded_by_name_only() -> None:
    ours, bare = export(), [one for one in export() if one["custom"]]
    compare.require_same(ours, bare)
    with pytest.raises(LabError) as raised:
        compare.require_same([resource(SECRET, {"data": CANARY})], [])
    assert str(raised.value) == (
        "the bare program registers other resources: kubernetes:core/v1:Secret"
    )


def test_charts_are_taken_from_a_member_either_way() -> None:
    known = registrations(export())
    kinds = [one["type"] for one in charts.charted(known, "user-1", "kubernetes:helm.sh/v4:Chart")]
    assert kinds == [
        "pulumi:providers:kubernetes",
        "kubernetes:core/v1:Namespace",
        "kubernetes:helm.sh/v4:Chart",
        "kubernetes:helm.sh/v4:Chart",
    ]
    istiod = charts.charted(known, "user-1", "kubernetes:helm.sh/v3:Release")[-1]
    assert istiod["depends_on"] == ["s-user-1-namespace", "s-user-1-istio-crds"]


def test_shares_count_what_a_member_owns_and_nobody_elses() -> None:
    # A longer name that begins with the member's.
    provider = PROVIDER.replace("user-1-", "user-10-")
    other = resource(NAMESPACE.replace("user-1-", "user-10-"), {}, provider=f"{provider}::1")
    master = resource(
        f"{STACK}kubernetes:core/v1:ConfigMap::s-hq-record-user-1",
        {},
        provider=f"{STACK}pulumi:providers:kubernetes::s-hq-provider::1",
    )
    found = size.shares([*export(), other, master], ["user-1", "user-2"])
    assert found["user-1"].objects == len(export())
    assert found["user-1"].size == sum(size.size_of(one) for one in export())
    assert found["user-2"] == size.Share(objects=0, size=0, by_type={})


def test_a_state_is_weighed_without_blanks() -> None:
    assert size.size_of({"a": ["ü", 1]}) == len('{"a":["\\u00fc",1]}')


@pytest.mark.parametrize(("more", "met"), [(0, True), (1, False)])
def test_objects_per_member_are_equal_at_every_size_or_not(more: int, met: bool) -> None:
    def stack(count: int, extra: int) -> list[dict[str, Any]]:
        return [
            resource(f"{STACK}a:b:C::s-user-{number}-{at}", {})
            for number in range(1, count + 1)
            for at in range(2 + extra)
        ]

    (row,) = size.constancy({3: stack(3, 0), 6: stack(6, more)})
    assert row.met is met
    assert (
        row.value == f"3 members: 2 each, 6 in all; 6 members: {2 + more} each, "
        f"{6 * (2 + more)} in all"
    )


def test_a_ratio_is_of_medians_and_meets_its_limit_exactly() -> None:
    row = table.ratio("x", [9, 2.3, 2.2], [2, 1, 9], 1.15)
    assert (row.value, row.target, row.met) == ("2.30 s / 2.00 s = 1.15 ×", "≤ 1.15 ×", True)
    assert table.ratio("x", [1.16], [1], 1.15).met is False
    assert table.ratio("x", [1.16], [1], None).met is None


def test_times_tell_cpu_with_and_without_plugins_and_wall() -> None:
    ours, bare = Cost(wall=8, cpu=6, plugins=3), Cost(wall=4, cpu=5, plugins=3)
    values = [row.value for row in table.times("up", 3, [ours], [bare], 1.25)]
    assert values == [
        "6.00 s / 5.00 s = 1.20 ×",
        "3.00 s / 2.00 s = 1.50 ×",
        "8.00 s / 4.00 s = 2.00 ×",
    ]


def test_the_table_says_plainly_what_is_not_met() -> None:
    out = io.StringIO()
    rows = [table.at_most("a", 2, 1, "2 s"), table.at_most("b", 1, 1, "1 s")]
    table.show(rows, Console(file=out, width=100))
    assert "NOT MET" in out.getvalue()
    assert "1 targets met, 1 not met" in out.getvalue()


def test_memory_is_of_a_process_and_all_below_it() -> None:
    parents = {2: 1, 3: 2, 4: 3, 5: 1, 6: 5}
    assert whole.descendants([2, 6], parents) == {2, 3, 4, 6}
