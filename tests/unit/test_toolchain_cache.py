"""A cache entry is whole, made once, and changes its name with whatever it is made from."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lab.toolchain import Source, ToolchainError
from lab.toolchain.cache import Cache, digest
from lab.toolchain.model import DebianPackages, GoModule, Tool
from tests.support.workbench import Workbench, script


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    made = Workbench(tmp_path)
    monkeypatch.setenv("PATH", f"{made.path}:/usr/bin:/bin")
    monkeypatch.setenv("LOG", str(tmp_path / "builds"))
    return made


def _touch_go_mod(bench: Workbench) -> Tool:
    (bench.module / "go.mod").write_text("module thing\n\nrequire other v1.0.0\n")
    return bench.tool


def _touch_go_sum(bench: Workbench) -> Tool:
    (bench.module / "go.sum").write_text("other v1.0.0 h1:x\n")
    return bench.tool


def _touch_source(bench: Workbench) -> Tool:
    (bench.module / "main.go").write_text("package main\n")
    return bench.tool


def _change(**changes: object) -> Callable[[Workbench], Tool]:
    module = GoModule(folder="thing", **changes)  # pyright: ignore[reportArgumentType]
    return lambda bench: replace(bench.tool, modules=(module,))


@pytest.mark.parametrize(
    "change",
    [
        _touch_go_mod,
        _touch_go_sum,
        _touch_source,
        _change(tags=("a",)),
        _change(link={"a.b": "1"}),
        _change(rename={"thing": "other"}),
        _change(patches={"example.com/dep": {"code.go": {"old": "new"}}}),
        lambda bench: replace(bench.tool, version="1.2.4"),
    ],
    ids=["go.mod", "go.sum", "source", "tags", "link", "rename", "patches", "version"],
)
def test_whatever_a_build_is_made_from_changes_its_key(
    bench: Workbench, change: Callable[[Workbench], Tool]
) -> None:
    before = bench.key()
    assert bench.key() == before, "the key must not depend on anything else"
    assert bench.key(change(bench)) != before


def test_a_digest_tells_where_its_parts_end() -> None:
    assert digest(b"ab", b"c") != digest(b"a", b"bc")


def test_a_failed_fill_leaves_nothing_behind(tmp_path: Path) -> None:
    cache = Cache(tmp_path)

    def fail(folder: Path) -> None:
        (folder / "half").write_text("x")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        cache.publish("key", fail)
    assert not cache.has("key")
    assert list(cache.tools.iterdir()) == []


def test_an_entry_is_invisible_until_it_is_whole(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    seen: list[bool] = []
    cache.publish("key", lambda folder: seen.append(cache.has("key")))
    assert (seen, cache.has("key")) == ([False], True)


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    (cache.tools / ".key.dead" / "bin").mkdir(parents=True)
    (cache.tools / ".key2.alive").mkdir()
    cache.publish("key", lambda folder: None)
    assert sorted(path.name for path in cache.tools.iterdir()) == [".key2.alive", "key"], (
        "only leftovers of its own entry: another one's may be in the making"
    )


def test_runs_beside_each_other_build_once(bench: Workbench) -> None:
    sources: list[Source] = []
    threads = [
        threading.Thread(target=lambda: sources.append(bench.resolve().source)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(source.name for source in sources) == ["BUILD", "CACHE", "CACHE", "CACHE"]
    assert bench.builds == 1


def test_an_unpacked_package_that_stopped_running_is_fetched_again(bench: Workbench) -> None:
    packages = DebianPackages(packages=("thing",), commands={"thing": ("usr/bin/thing",)})
    tool = replace(bench.tool, modules=(), debian=packages)
    old = bench.cache.entry(bench.key(tool)) / "bin" / "thing"
    old.parent.mkdir(parents=True)
    script(old, "echo missing library; exit 127")
    # There is no such package, so fetching it again ends in apt's own error.
    script(bench.path / "apt-get", "echo no such package >&2; exit 100")
    with pytest.raises(ToolchainError, match="apt-get: exit 100\nno such package"):
        bench.resolve(tool)
    assert not old.exists()
