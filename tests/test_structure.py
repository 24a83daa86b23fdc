"""Sizes of folders, files, classes and functions, and imports between folders."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parents[1]
MAX_FILES, MAX_LINES = 18, 400
MAX_CLASS_LINES, MAX_FUNCTION_LINES = 250, 50
FOLDERS = sorted(
    {
        path.parent
        for top in ("dlstudio", "tests", "packaging")
        for path in (ROOT / top).rglob("*.py")
    }
)


def modules_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.py") if path.name != "__init__.py")


def line_count(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(ROOT)))
def test_folders_and_files_stay_small(folder: Path) -> None:
    files = {path.name: line_count(path) for path in modules_in(folder)}
    print(f"{folder.relative_to(ROOT)}: {len(files)} files, {sum(files.values())} lines")
    assert len(files) <= MAX_FILES, sorted(files)
    assert max(files.values(), default=0) <= MAX_LINES, files


@pytest.mark.parametrize(
    ("kinds", "limit"),
    [
        ((ast.ClassDef,), MAX_CLASS_LINES),
        ((ast.FunctionDef, ast.AsyncFunctionDef), MAX_FUNCTION_LINES),
    ],
    ids=["classes", "functions"],
)
def test_classes_and_functions_stay_small(kinds: tuple[type[ast.stmt], ...], limit: int) -> None:
    sizes = {
        f"{module_name(path)}.{node.name}": node.end_lineno - node.lineno + 1
        for path in (ROOT / "dlstudio").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, kinds)
    }
    print({name: size for name, size in sizes.items() if size > 0.85 * limit})
    assert not {name: size for name, size in sizes.items() if size > limit}


def test_every_package_contains_only_a_docstring() -> None:
    packages = (ROOT / "dlstudio").rglob("__init__.py")
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in packages}
    assert not [str(path) for path, tree in trees.items() if not ast.get_docstring(tree)]
    assert not [str(path) for path, tree in trees.items() if len(tree.body) > 1]


def test_imports_between_folders_never_form_a_cycle() -> None:
    imports = folder_imports()
    graph = nx.DiGraph(list(imports))
    cycles = [group for group in nx.strongly_connected_components(graph) if len(group) > 1]
    inside = [
        f"{source} -> {target}: {imports[source, target]}"
        for group in cycles
        for source, target in graph.subgraph(group).edges
    ]
    assert not inside, "\n".join(inside)


def folder_imports() -> dict[tuple[str, str], list[str]]:
    """Return the imports between folders of the package, except its root folder."""
    paths = {module_name(path): path for path in (ROOT / "dlstudio").rglob("*.py")}
    imports = defaultdict(list)
    for name, path in paths.items():
        source = name.rpartition(".")[0]
        for target in imported_modules(path, paths):
            folder = target.rpartition(".")[0]
            if "dlstudio" not in (source, folder) and folder != source:
                imports[source, folder].append(f"{name} imports {target}")
    return imports


def imported_modules(path: Path, known: dict[str, Path]) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    names = set()
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names & set(known)
