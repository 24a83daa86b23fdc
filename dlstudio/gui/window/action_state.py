"""The conditions under which actions are enabled, as functions of the window's state."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.design.model.canvas_metrics import NOTE_PREFIX
from dlstudio.design.model.model import BLOCK, TOP
from dlstudio.gui.actions.actions import Needs
from dlstudio.gui.document.document import Document
from dlstudio.gui.problems.problem_navigator import ProblemNavigator
from dlstudio.gui.runs.control.run_controller import RunController
from dlstudio.gui.runs.run_options import may_start
from dlstudio.gui.runs.session import IDLE, PAUSED, PREPARING, RUNNING, TrainingSession
from dlstudio.gui.training.group_edits import can_create_group
from dlstudio.gui.training.rate_test import rate_test_obstacle
from dlstudio.gui.window.menu_bar import Condition


def enabled_conditions(
    document: Document, session: TrainingSession, runs: RunController, navigator: ProblemNavigator
) -> Mapping[Needs, Condition]:
    """Return the condition of each need."""

    def nodes() -> list[str]:
        return [node_id for node_id in document.selection if not node_id.startswith(NOTE_PREFIX)]

    def kinds() -> list[str]:
        graph = document.project.graph_at(document.scope)
        return [graph.nodes[node_id].kind for node_id in nodes() if node_id in graph.nodes]

    return {
        Needs.NOTHING: lambda: True,
        Needs.SELECTION: lambda: bool(document.selection),
        Needs.SEVERAL_NODES: lambda: len(nodes()) > 1,
        Needs.THREE_NODES: lambda: len(nodes()) > 2,
        Needs.ONE_NODE: lambda: len(nodes()) == 1,
        Needs.NODES: lambda: bool(document.project.graph_at(document.scope).nodes),
        Needs.BLOCK: lambda: kinds() == [BLOCK],
        Needs.ANY_BLOCK: lambda: kinds() == [BLOCK] or document.scope != TOP,
        Needs.INSIDE_BLOCK: lambda: document.scope != TOP,
        Needs.UNDO: document.undo_stack.canUndo,
        Needs.REDO: document.undo_stack.canRedo,
        Needs.PROBLEM: lambda: bool(document.report.problems),
        Needs.REPAIR: lambda: navigator.fixable_problem() is not None,
        Needs.FILE: lambda: document.path is not None,
        Needs.RATE_TESTABLE: lambda: not rate_test_obstacle(document, session),
        Needs.TRAINABLE: lambda: (
            session.state == PAUSED or (session.state == IDLE and may_start(document))
        ),
        Needs.IDLE_OR_PAUSED: lambda: session.state in {IDLE, PAUSED},
        Needs.ACTIVE: lambda: session.state != IDLE,
        Needs.RUNNING: lambda: session.state in {PREPARING, RUNNING},
        Needs.RUN_OVER: lambda: runs.next_run.can_continue or runs.next_run.has_other_design,
        Needs.STARTED: lambda: runs.next_run.can_start_over,
        Needs.GROUPABLE: lambda: can_create_group(document),
        Needs.RUN_CHANGED: lambda: bool(runs.changes),
    }
