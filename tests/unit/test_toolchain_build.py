"""What `go build` is told, and corrections of a dependency on the way."""

from pathlib import Path

import pytest

from lab.toolchain import ToolchainError
from lab.toolchain.golang import Go, build_flags
from lab.toolchain.model import GoModule
from tests.support.workbench import Workbench, script

# Shows what it would build from: the go.mod in force, and the dependency that this one names.
SHOWING_GO = """
case $1 in
  version) echo go1.26.0 ;;
  mod) printf '{"Dir": "%s"}' "$DEPENDENCY" ;;
  build)
    for word; do
      case $word in -modfile=*) mod=${word#-modfile=} ;; */bin/) out=$word ;; esac
    done
    cat "$mod" > "$out/go.mod"
    cat "$(sed -n 's/^replace example.com\\/dep => //p' "$mod")/inner/code.go" > "$out/code.go"
    test -f "$(dirname "$mod")/go.sum" ;;
esac
"""
PATCH = {"example.com/dep": {"inner/code.go": {"broken()": "fixed()"}}}


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    made = Workbench(tmp_path)
    script(made.path / "go", SHOWING_GO)
    dependency = tmp_path / "module-cache"
    (dependency / "inner").mkdir(parents=True)
    (dependency / "inner" / "code.go").write_text("broken()\n")
    # As Go leaves its module cache.
    (dependency / "inner" / "code.go").chmod(0o444)
    (dependency / "inner").chmod(0o555)
    monkeypatch.setenv("PATH", f"{made.path}:/usr/bin:/bin")
    monkeypatch.setenv("DEPENDENCY", str(dependency))
    return made


def test_flags_carry_tags_and_linked_variables_in_a_fixed_order() -> None:
    module = GoModule(folder="x", tags=("a", "b"), link={"z.v": "2", "a.v": "1"})
    assert build_flags(module) == [
        *("-mod=readonly", "-trimpath", "-tags", "a,b"),
        *("-ldflags", "-s -w -X a.v=1 -X z.v=2"),
    ]


def test_a_correction_reaches_the_build_and_neither_the_checkout_nor_the_module_cache(
    bench: Workbench, tmp_path: Path
) -> None:
    binaries = tmp_path / "bin"
    binaries.mkdir()
    Go(tmp_path / "checkout", bench.cache).build(GoModule(folder="thing", patches=PATCH), binaries)
    assert (binaries / "code.go").read_text() == "fixed()\n"
    assert (binaries / "go.mod").read_text().startswith("module thing\n")
    assert (bench.module / "go.mod").read_text() == "module thing\n"
    cached = tmp_path / "module-cache" / "inner" / "code.go"
    assert cached.read_text() == "broken()\n"


def test_a_correction_that_fits_no_more_is_an_error(bench: Workbench, tmp_path: Path) -> None:
    binaries = tmp_path / "bin"
    binaries.mkdir()
    outdated = {"example.com/dep": {"inner/code.go": {"gone()": "fixed()"}}}
    with pytest.raises(ToolchainError) as caught:
        Go(tmp_path / "checkout", bench.cache).build(
            GoModule(folder="thing", patches=outdated), binaries
        )
    assert str(caught.value) == "code.go: lacks 'gone()'; the pinned module changed"
    assert list(binaries.iterdir()) == []


def test_a_failed_build_says_which_module_and_what_go_said(
    bench: Workbench, tmp_path: Path
) -> None:
    script(
        bench.path / "go",
        "case $1 in version) echo go1.26.0 ;; *) echo no such module >&2; exit 7 ;; esac",
    )
    with pytest.raises(ToolchainError) as caught:
        bench.resolve()
    assert str(caught.value) == (
        "go build in thing: exit 7; check that the Go module proxy can be reached\nno such module\n"
    )
    assert list(bench.cache.tools.iterdir()) == [], "half an entry would look like a whole one"
