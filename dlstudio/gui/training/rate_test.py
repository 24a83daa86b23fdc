"""Whether the learning rate of the open design can be tested, and how the menus show it."""

from __future__ import annotations

from dlstudio.gui.actions.action_table import ACTIONS_BY_ID
from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.run_options import blocking_problem, error_summary, may_start
from dlstudio.gui.runs.session import IDLE, TrainingSession
from dlstudio.training.rate_range.range_test import refusal
from dlstudio.training.specs.automatic import training_of

FIND_RATE = "find-rate"


def rate_test_obstacle(document: Document, session: TrainingSession | None) -> str:
    """Return why no range test can be made now, as a clause; empty if one can."""
    if session is not None and session.state != IDLE:
        return "a run is active; stop it first"
    reason = refusal(training_of(document.project))
    if reason:
        return reason
    problem = blocking_problem(document.report)
    if may_start(document) and not problem:
        return ""
    text = error_summary(document.report) or problem.rstrip(".") or "The network is empty"
    return f"{text[:1].lower()}{text[1:]}"


def rate_test_label(document: Document, session: TrainingSession) -> tuple[str, str]:
    """Return the text of the menu entry, and its tip: what the test does, or the obstacle."""
    entry = ACTIONS_BY_ID[FIND_RATE]
    obstacle = rate_test_obstacle(document, session)
    return entry.text, f"No rate can be tested: {obstacle}." if obstacle else entry.tip
