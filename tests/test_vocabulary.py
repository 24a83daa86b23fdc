"""Names in the code use no metaphors, verbs of speech or bare participles."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
METAPHOR = re.compile(
    "hands?|ink|faces?|moods?|desks?|journal|guests?|doors?|wish(es|ed)?|twins?|zoo"
    "|(un)?dress(ed|ing)?|remed(y|ies)|mend(ed|s)?"
)
SPEECH = re.compile("tells?|told|telling|says?|said|saying|speaks?|spoken")
PARTICIPLE = re.compile("made|found|told|given|held|led|parted|turned|written|drawn|each")
PLUGIN_API = {"telling"}
"""Methods of an earlier version that packages with layers may still define."""
FILES = sorted(
    path for top in ("dlstudio", "tests", "packaging") for path in (ROOT / top).rglob("*.py")
)


def words(name: str) -> set[str]:
    parts = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+", name)
    return {part.lower() for part in parts}


def defined_names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr, node.lineno


def is_unclear(name: str) -> bool:
    parts = words(name)
    if any(METAPHOR.fullmatch(part) or SPEECH.fullmatch(part) for part in parts):
        return True
    return bool(PARTICIPLE.fullmatch(name.strip("_").lower()))


@pytest.mark.parametrize(
    "name", ["NewestWish", "tell_rest", "hand", "_found", "each", "LinkInk", "by_hand"]
)
def test_unclear_names_are_recognised(name: str) -> None:
    assert is_unclear(name)


@pytest.mark.parametrize("name", ["handler", "LatestTask", "surface", "linked", "founder", "reach"])
def test_ordinary_words_are_accepted(name: str) -> None:
    assert not is_unclear(name)


def test_all_names_are_clear() -> None:
    unclear_names = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in FILES
        for name, line in [
            (path.stem, 0),
            *defined_names(ast.parse(path.read_text(encoding="utf-8"))),
        ]
        if name not in PLUGIN_API and is_unclear(name)
    ]
    assert not unclear_names, "\n".join(unclear_names)
