from __future__ import annotations

import ast
from pathlib import Path

import dlstudio
from dlstudio.design.model import problems
from dlstudio.design.model.problems import Problem, Repair, Severity, error, hint, warning

FIX = Repair("Remove the layer", "remove")


def test_problems_of_each_severity() -> None:
    text = "The layer is too large."
    known = error("too-large", "Too large", text, FIX, path="linear", port="input", edge="a->b")
    assert known == Problem(
        Severity.ERROR, "linear", "too-large", text, "Too large", "input", (FIX,), edge="a->b"
    )
    severities = [make("code", "Title", "Text.").severity for make in (error, warning, hint)]
    assert severities == [Severity.ERROR, Severity.WARNING, Severity.HINT]


def test_problems_are_constructed_in_one_module_only() -> None:
    assert dlstudio.__file__
    for file in Path(dlstudio.__file__).parent.rglob("*.py"):
        calls = (node for node in ast.walk(ast.parse(file.read_text())) if type(node) is ast.Call)
        names = {call.func.id for call in calls if isinstance(call.func, ast.Name)}
        assert "Problem" not in names or str(file) == problems.__file__, file
