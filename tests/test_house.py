"""The rules of the house hold for the sources, and each of them can tell when it is broken."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import house

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "components" / "meshtier"
LAB = ROOT / "lab"
TESTS = ROOT / "tests"
POLICIES = ROOT / "policies"
CI = ROOT / "ci"
PROGRAM = ROOT / "__main__.py"

Tree = Callable[[dict[str, str]], Path]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Make a package called `meshtier` out of the given files."""

    def make(files: dict[str, str]) -> Path:
        package = tmp_path / "meshtier"
        for name, text in files.items():
            path = package / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return package

    return make


def test_imports_point_one_way() -> None:
    assert house.wrong_imports(PACKAGE) == []


def test_what_is_asked_and_planned_never_touches_the_engine() -> None:
    assert house.engine_imports(PACKAGE) == []


def test_the_distributions_root_is_never_imported() -> None:
    assert house.imports_of("components", PACKAGE, LAB, TESTS, PROGRAM) == []


def test_the_package_knows_neither_the_lab_nor_the_tests() -> None:
    assert house.imports_of("lab", PACKAGE, PROGRAM) == []
    assert house.imports_of("tests", PACKAGE, POLICIES, CI, LAB, PROGRAM) == []


def test_no_module_is_called_after_nothing() -> None:
    relative = [path.removeprefix(str(ROOT)) for path in _checked(house.homeless_modules)]
    assert relative == []


def test_files_and_functions_are_short() -> None:
    assert _checked(house.long_files) == []
    assert _checked(house.long_functions) == []


def test_everything_public_in_the_package_is_documented() -> None:
    assert house.undocumented(PACKAGE, POLICIES, CI, PROGRAM) == []


def test_every_part_of_the_package_has_a_place_in_the_order() -> None:
    parts = {path.name.removesuffix(".py") for path in PACKAGE.iterdir() if _is_code(path)}
    assert parts <= set(house.LAYERS)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("spec/a.py", "from ..plan import names"),
        ("spec/rules/a.py", "from ...plan.names import x"),
        ("plan/a.py", "from meshtier.mesh import x"),
        ("mesh/a.py", "from .. import hierarchy"),
        ("errors.py", "import meshtier.spec.load"),
        ("review/a.py", "from ..clouds import handle"),
        ("clouds/a.py", "from ..review.paths import x"),
    ],
)
def test_an_import_the_other_way_is_seen(tree: Tree, name: str, text: str) -> None:
    found = house.wrong_imports(tree({name: text}))
    assert len(found) == 1
    assert found[0].startswith(f"{name}: ")


def test_imports_the_right_way_are_let_through(tree: Tree) -> None:
    package = tree(
        {
            "plan/a.py": "from ..spec.model import X\nfrom . import b\nfrom ..errors import Y",
            "hierarchy/a.py": "from ..mesh.mesh import X\nimport meshtier.plan",
            "__init__.py": "from .hierarchy import a",
        }
    )
    assert house.wrong_imports(package) == []


def test_an_engine_in_a_plan_is_seen(tree: Tree) -> None:
    files = {
        "plan/a.py": "def f():\n    import pulumi_tls\n",
        "mesh/a.py": "import pulumi",
        "spec/a.py": "from pulumi.runtime import mocks",
    }
    assert house.engine_imports(tree(files)) == [
        "plan/a.py: pulumi_tls",
        "spec/a.py: pulumi.runtime",
    ]


def test_other_broken_rules_are_seen(tree: Tree) -> None:
    files = {
        "plan/utils.py": "from components.meshtier import plan\n",
        "common/a.py": '"""Doc."""\n',
        "long.py": '"""Doc."""\n' + "x = 1\n" * 300,
        "function.py": '"""Doc."""\ndef f():\n    """Doc."""\n' + "    x = 1\n" * 40,
        "constructor.py": "class A:\n    def __init__(self):\n" + "        x = 1\n" * 59,
        "bare.py": '"""Doc."""\ndef f(): ...\ndef _g(): ...\nclass A:\n    def m(self): ...\n',
    }
    package = tree(files)
    assert _stems(house.imports_of("components", package)) == ["utils"]
    assert _stems(house.homeless_modules(package)) == ["a", "utils"]
    assert house.long_files(package) == [f"{package}/long.py: 301 lines"]
    assert house.long_functions(package) == [f"{package}/function.py:2: f has 41 lines"]
    assert house.undocumented(package / "bare.py") == [
        f"{package}/bare.py: {name}" for name in ("f", "A", "m")
    ]


def _checked(rule: Callable[..., list[str]]) -> list[str]:
    return rule(PACKAGE, POLICIES, CI, LAB, TESTS, PROGRAM)


def _stems(paths: list[str]) -> list[str]:
    return [Path(path).stem for path in paths]


def _is_code(path: Path) -> bool:
    return path.suffix == ".py" or (path / "__init__.py").is_file()
