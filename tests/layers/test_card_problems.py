"""Every problem that stands on a card has a few words that a card has room for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import dlstudio
from dlstudio.design.model.short_texts import (
    MAX_LETTERS,
    axes_differ,
    compact,
    exceeds,
    indivisible,
    unequal,
)
from tests.layers.card_problems import layer_problems, task_problems

CONSTRUCTORS = frozenset({"error", "warning", "hint", "incomplete"})
ALWAYS_ON_CARDS = frozenset({"layer_error", "layer_hint", "setting_error"})


def test_problems_of_random_layers_and_tasks_have_short_texts() -> None:
    problems = [*layer_problems(), *task_problems()]
    codes = {problem.code for problem in problems}
    assert codes > {"wrong-rank", "wrong-dtype", "shape-mismatch", "output-classes"}
    for problem in problems:
        assert 0 < len(problem.short) <= MAX_LETTERS, problem


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(Path(dlstudio.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield path.name, node


def test_every_problem_at_a_path_is_created_with_a_short_text() -> None:
    for file, call in calls():
        names = {keyword.arg for keyword in call.keywords}
        called = {name.id for name in ast.walk(call.func) if isinstance(name, ast.Name)}
        placed = called & CONSTRUCTORS and "path" in names
        if placed or called & ALWAYS_ON_CARDS:
            assert "short" in names, f"{file}:{call.lineno}"


@pytest.mark.parametrize(
    ("left", "right", "text"),
    [
        (64, 3, "64 ≠ 3"),
        ((16, 14, 14), (32, 14, 14), "16 ≠ 32"),
        ((16, 14, 14), (32, 7, 14), "16×14 ≠ 32×7"),
        ((3, 224, 224), (150528,), "3 axes ≠ 1"),
        ((1024, 1024, 9), (2048, 2048, 8), "1024 ≠ 2048"),
        (12_345_678, 3, "12.3M ≠ 3"),
        (1_000_000_001, 1_000_000_002, "sizes differ"),
        ((2,), (2,), "sizes differ"),
    ],
)
def test_unequal_names_what_differs(
    left: int | tuple[int, ...], right: int | tuple[int, ...], text: str
) -> None:
    assert unequal(left, right) == text


def test_other_contradictions() -> None:
    assert exceeds((5, 5), (3, 7)) == "5 > 3"
    assert indivisible(16, 3) == "16 ÷ 3 leaves 1"
    assert indivisible(12_345_678, 99_999) == "12.3M ÷ 99999"
    assert axes_differ(1, 3) == "1 axis ≠ 3"
    assert compact(4 * 10**12) == "4e+12"
