"""Where tools come from, in which order, and that the table agrees with the modules."""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from lab import toolchain
from lab.toolchain import CHECKOUT, Source, ToolchainError
from lab.toolchain.debian import write_wrappers
from lab.toolchain.golang import rewrite
from lab.toolchain.model import DebianPackages, Extra, Probe, Tool
from lab.toolchain.search import answers, on_path
from lab.toolchain.table import TOOLS
from tests.support.workbench import Workbench, script


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    made = Workbench(tmp_path)
    monkeypatch.setenv("PATH", f"{made.path}:/usr/bin:/bin")
    monkeypatch.setenv("LOG", str(tmp_path / "builds"))
    return made


# The order of the places


def test_a_tool_on_path_in_the_pinned_version_is_used_as_it_is(bench: Workbench) -> None:
    script(bench.path / "thing", "echo thing 1.2.3")
    found = bench.resolve()
    assert (found.source, found.binaries) == (Source.PATH, {"thing": bench.path / "thing"})
    assert bench.builds == 0


@pytest.mark.parametrize("body", ["echo thing 1.2.30", "echo thing 1.2.3; exit 1"])
def test_a_tool_on_path_in_another_version_or_broken_is_left_alone(
    bench: Workbench, body: str
) -> None:
    script(bench.path / "thing", body)
    assert bench.resolve().source is Source.BUILD


def test_a_tool_is_built_once_and_then_comes_from_the_cache(bench: Workbench) -> None:
    first = bench.resolve()
    second = bench.resolve()
    assert (first.source, second.source) == (Source.BUILD, Source.CACHE)
    assert first.binaries == second.binaries
    assert first.binaries["thing"].read_text() == "built\n"
    assert bench.builds == 1


def test_progress_says_what_why_how_long_it_takes_and_took(bench: Workbench) -> None:
    bench.resolve()
    asked, begun, done = bench.lines
    assert asked == (
        "thing 1.2.3: neither on PATH nor in the cache; building its Go module, usually 1 s once "
        "it begins"
    )
    assert begun == "thing 1.2.3: its build begins"
    assert re.fullmatch(r"thing 1\.2\.3: Go module, took \d+ s", done)


def test_two_builds_run_at_a_time_and_each_says_when_its_turn_comes(bench: Workbench) -> None:
    go, running = bench.path / "go", bench.root / "running"
    running.mkdir()
    count = f'touch {running}/$$; sleep 1; ls {running} | wc -l >> "$LOG"; rm {running}/$$'
    script(go, go.read_text().replace("build)", f"build) {count};"))
    with ThreadPoolExecutor() as pool:
        asked = [replace(bench.tool, name=name) for name in "abcd"]
        assert [one.source for one in pool.map(bench.resolve, asked)] == [Source.BUILD] * 4
    counted = [int(line) for line in (bench.root / "builds").read_text().split()]
    assert max(counted) == 2
    begun = sorted(line for line in bench.lines if "its build begins" in line)
    assert begun == [f"{name} 1.2.3: its build begins" for name in "abcd"]


def test_how_long_all_takes_is_said_before_anything_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    wheel = Tool(name="w", version="9", provides=("w",), usual_seconds=0, wheel=dict, optional="-")
    tools = tuple(replace(wheel, name=name, usual_seconds=100) for name in ("a", "b"))
    monkeypatch.setattr(toolchain, "TOOLS", tools)
    lines: list[str] = []
    toolchain.ensure(progress=lines.append)
    assert lines[0] == "2 to get: usually 3 min where nothing can be downloaded, most of it builds"


def test_the_cache_on_path_does_not_count_as_the_machines_own(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = bench.cache.tools / "thing-1" / "bin"
    ours.mkdir(parents=True)
    script(ours / "thing", "echo thing 1.2.3")
    monkeypatch.setenv("PATH", f"{ours}:{os.environ['PATH']}")
    assert on_path(bench.tool, bench.cache.root) is None


def test_all_binaries_of_a_tool_have_to_be_on_path(bench: Workbench) -> None:
    script(bench.path / "thing", "echo thing 1.2.3")
    assert on_path(replace(bench.tool, provides=("thing", "other")), bench.cache.root) is None


def test_a_wheel_that_is_missing_says_how_to_get_it(bench: Workbench) -> None:
    wheel = Tool(name="w", version="9", provides=("w",), usual_seconds=0, wheel=dict)
    with pytest.raises(ToolchainError) as caught:
        bench.resolve(wheel)
    assert str(caught.value) == "w: wheel 9 is not there; make venv"


def test_a_tool_on_path_under_another_of_its_names_is_the_same_tool(bench: Workbench) -> None:
    script(bench.path / "thing-stable", "echo thing 1.2.3")
    renamed = replace(bench.tool, other_names={"thing": ("thing-beta", "thing-stable")})
    assert bench.resolve().source is Source.BUILD
    assert bench.resolve(renamed).binaries == {"thing": bench.path / "thing-stable"}


def test_only_by_its_name_is_an_optional_tool_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    missing = Tool(
        name="w", version="9", provides=("w",), usual_seconds=0, wheel=dict, optional="no w today"
    )
    monkeypatch.setattr(toolchain, "TOOLS", (missing,))
    lines: list[str] = []
    assert toolchain.ensure(progress=lines.append).resolved == ()
    assert lines[1:] == ["w: no w today (w: wheel 9 is not there; make venv)"]
    with pytest.raises(ToolchainError, match="make venv"):
        toolchain.ensure(["w"], progress=lines.append)


# Pieces


def test_a_wrapper_finds_the_libraries_beside_it(tmp_path: Path) -> None:
    program = tmp_path / "usr" / "sbin" / "thing-nft"
    program.parent.mkdir(parents=True)
    script(program, 'echo "$LD_LIBRARY_PATH|$XTABLES_LIBDIR|$1"')
    library = tmp_path / "usr" / "lib" / "machine"
    (library / "xtables").mkdir(parents=True)
    (library / "libx.so.1").write_text("")
    (library / "xtables" / "libxt_x.so").write_text("")
    wanted = DebianPackages(
        packages=("thing",), commands={"thing": ("sbin/x", "usr/sbin/thing-nft")}
    )
    write_wrappers(wanted, tmp_path, tmp_path)
    said = f"{library}|{library}/xtables|an argument"
    assert answers(tmp_path / "bin" / "thing", Probe(arguments=("an argument",), contains=said))


def test_a_changed_chart_is_noticed_when_it_is_stamped(tmp_path: Path) -> None:
    chart = tmp_path / "Chart.yaml"
    chart.write_text("version: 2.0.0\n")
    with pytest.raises(ToolchainError) as caught:
        rewrite(chart, {"version: 1.0.0": "version: 1.31.0"})
    assert str(caught.value) == "Chart.yaml: lacks 'version: 1.0.0'; the pinned module changed"


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ToolchainError, match=r"kubeclt: no such tool; allowed engine, "):
        toolchain.ensure(["kubeclt"])


def test_a_group_a_tool_and_a_binary_select_each_tool_once() -> None:
    chosen = toolchain.select(["control-plane", "kubectl", "etcd", "nft"])
    assert [tool.name for tool in chosen] == ["kubernetes", "etcd", "nftables"]


# The table itself

MODULES = [
    *((tool, module.folder) for tool in TOOLS for module in tool.modules),
    *((tool, extra.folder) for tool in TOOLS for extra in tool.extras if isinstance(extra, Extra)),
]


@pytest.mark.parametrize(
    ("tool", "module"),
    [
        ("pulumi", "github.com/pulumi/pulumi/pkg/v3"),
        ("kubernetes", "k8s.io/kubernetes"),
        ("etcd", "go.etcd.io/etcd/server/v3"),
        ("helm", "helm.sh/helm/v4"),
        ("coredns", "github.com/coredns/coredns"),
        ("containerd", "github.com/containerd/containerd/v2"),
        ("cni", "github.com/containernetworking/plugins"),
    ],
)
def test_the_table_and_go_mod_pin_the_same_version(tool: str, module: str) -> None:
    [row] = [row for row in TOOLS if row.name == tool]
    pinned = (CHECKOUT / row.modules[0].folder / "go.mod").read_text()
    assert re.search(rf"{re.escape(module)} v{re.escape(row.version)}\b", pinned)


def test_every_folder_of_tools_belongs_to_a_row() -> None:
    used = {Path(folder).name for _, folder in MODULES if folder.startswith("lab/tools/")}
    assert used == {path.parent.name for path in CHECKOUT.glob("lab/tools/*/go.sum")}


@pytest.mark.engine
def test_every_probe_recognises_the_pinned_binary() -> None:
    tools = toolchain.ensure()
    wrong = [
        name
        for one in tools.resolved
        for name, probe in one.tool.probes.items()
        if not answers(one.binaries[name], probe)
    ]
    assert wrong == [], "these would be built again though they are on PATH"
