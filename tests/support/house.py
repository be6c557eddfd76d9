"""The rules of the house, as functions over a source tree: each returns what breaks it."""

import ast
from collections.abc import Iterator
from pathlib import Path

LAYERS = (
    *("errors", "spec", "plan", "review", "page", "recover"),
    *("args", "stack", "clouds", "boundary", "mesh", "hierarchy"),
    *("__init__", "plugin"),
)
"""Parts of the package; each may import only those before it, and itself."""
READERS = ("review", "page", "recover")
"""Commands for people; what registers a plan never imports them."""
PURE = ("errors", "spec", "plan", *READERS)
"""Parts that are computed before an engine runs, and so never touch one."""
HOMELESS = frozenset(
    {"utils", "util", "common", "helpers", "helper", "manager", "managers", "misc"}
)
"""Module names that say nothing of what is inside."""

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40
MAX_CONSTRUCTOR_LINES = 60


def sources(*roots: Path) -> list[Path]:
    """Return every Python file below the given folders, or the files themselves."""
    found: list[Path] = []
    for root in roots:
        found += [root] if root.is_file() else root.rglob("*.py")
    return sorted(path for path in found if "__pycache__" not in path.parts)


def wrong_imports(package: Path) -> list[str]:
    """Return imports that point from an earlier layer of the package to a later one."""
    return [
        f"{path.relative_to(package)}: {own} imports {other}"
        for path in sources(package)
        for own, other in _layer_imports(package, path)
        if LAYERS.index(other) > LAYERS.index(own) or (other in READERS and own not in READERS)
    ]


def engine_imports(package: Path) -> list[str]:
    """Return imports of pulumi in the parts that are computed without an engine."""
    return [
        f"{path.relative_to(package)}: {name}"
        for path in sources(package)
        if _layer(package, path) in PURE
        for name in _absolute_imports(path)
        if name.partition(".")[0].startswith("pulumi")
    ]


def imports_of(name: str, *roots: Path) -> list[str]:
    """Return files that import the top-level package `name`."""
    return [
        str(path)
        for path in sources(*roots)
        if name in {found.partition(".")[0] for found in _absolute_imports(path)}
    ]


def homeless_modules(*roots: Path) -> list[str]:
    """Return modules and packages whose name says nothing."""
    return [
        str(path)
        for path in sources(*roots)
        if HOMELESS & {path.stem, *(part.name for part in path.parents)}
    ]


def long_files(*roots: Path) -> list[str]:
    """Return files of more lines than one reader keeps in mind."""
    counted = ((path, len(_text(path).splitlines())) for path in sources(*roots))
    return [f"{path}: {lines} lines" for path, lines in counted if lines > MAX_FILE_LINES]


def long_functions(*roots: Path) -> list[str]:
    """Return functions that are too long, their docstrings not counted."""
    return [
        f"{path}:{function.lineno}: {function.name} has {_length(function)} lines"
        for path in sources(*roots)
        for function in _functions(path)
        if _length(function) > _limit(function)
    ]


def undocumented(*roots: Path) -> list[str]:
    """Return modules, public classes and public functions without a docstring."""
    return [
        f"{path}: {name}"
        for path in sources(*roots)
        for name, node in _public(path)
        if ast.get_docstring(node) is None
    ]


def _layer(package: Path, path: Path) -> str:
    first = path.relative_to(package).parts[0]
    return first.removesuffix(".py")


def _layer_imports(package: Path, path: Path) -> Iterator[tuple[str, str]]:
    own = _layer(package, path)
    for name in _absolute_imports(path):
        parts = name.split(".")
        if parts[0] == package.name:
            yield own, parts[1] if len(parts) > 1 else "__init__"
    below = path.relative_to(package).parent.parts
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield from ((own, other) for other in _relative(node, below))


def _relative(node: ast.ImportFrom, below: tuple[str, ...]) -> Iterator[str]:
    """Return the layers that a relative import in the package folder `below` reaches."""
    base = below[: len(below) - (node.level - 1)]
    target = [*base, *(node.module.split(".") if node.module else [])]
    if target:
        yield target[0]
    else:
        yield from (alias.name for alias in node.names)


def _absolute_imports(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module


def _public(path: Path) -> Iterator[tuple[str, ast.Module | ast.ClassDef | ast.FunctionDef]]:
    tree = _tree(path)
    yield "module", tree
    yield from _named(tree.body)
    for node in tree.body:
        # A method that overrides one of a base has its meaning from there.
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not node.bases:
            yield from _named(node.body)


def _named(body: list[ast.stmt]) -> Iterator[tuple[str, ast.ClassDef | ast.FunctionDef]]:
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            yield node.name, node


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _limit(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return MAX_CONSTRUCTOR_LINES if function.name == "__init__" else MAX_FUNCTION_LINES


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    whole = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function) is None:
        return whole
    docstring = function.body[0]
    return whole - ((docstring.end_lineno or docstring.lineno) - docstring.lineno + 1)


def _tree(path: Path) -> ast.Module:
    return ast.parse(_text(path), filename=str(path))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
