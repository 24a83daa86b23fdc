"""The colour and the icon of a problem: red is for contradictions, grey for what is missing."""

from __future__ import annotations

from dlstudio.design.model.problems import Problem, Severity

_ROLES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "muted"}
_ICONS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "info"}


def problem_role(problem: Problem) -> str:
    """Return the name of a problem's colour in the theme."""
    return "muted" if problem.incomplete else _ROLES[problem.severity]


def problem_icon(problem: Problem) -> str:
    """Return the name of a problem's icon."""
    return "pencil" if problem.incomplete else _ICONS[problem.severity]


def count_texts(problems: tuple[Problem, ...]) -> tuple[str, str]:
    """Return the number of contradictions and of what is missing: `1 problem`, `2 to complete`.

    Either is empty if there is none; without both, the first counts the hints.
    """
    wrong = sum(problem.is_contradiction for problem in problems)
    missing = sum(problem.incomplete for problem in problems)
    if problems and not wrong and not missing:
        return f"{len(problems)} hint{'' if len(problems) == 1 else 's'}", ""
    wrong_text = f"{wrong} problem{'' if wrong == 1 else 's'}" if wrong else ""
    return wrong_text, f"{missing} to complete" if missing else ""
