"""The checker of the open design stops completely."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import add_node, remove_nodes
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.report import Report
from dlstudio.gui.document.checker import DesignChecker
from dlstudio.gui.document.document import Document
from tests.training.readiness.test_output_fixes import without_output


def test_report_that_arrives_after_the_end_is_dropped(qtbot: QtBot) -> None:
    document = Document()
    checker = DesignChecker(document)
    checker.start()
    qtbot.waitUntil(lambda: checker.is_current, timeout=60_000)
    example = load(example_path("xor-mlp"))
    document.load(replace(example, training=replace(example.training, seed=99)), None)
    reports: list[Report] = []
    document.report_changed.connect(reports.append)
    time.sleep(0.5)  # the check begins, and nothing is delivered meanwhile
    checker.stop()
    QCoreApplication.processEvents()
    assert reports == []
    assert not checker.is_current


@pytest.mark.parametrize("undo", [True, False])
def test_offered_fixes_fit_a_design_in_which_ids_were_used_before(qtbot: QtBot, undo: bool) -> None:
    document = Document()
    project = without_output(("linear", {"out_features": 64}))
    document.load(project, None)
    messages: list[str] = []
    document.message.connect(messages.append)
    checker = DesignChecker(document)
    checker.start()
    for kind in ("output", "relu", "linear"):
        new_id = document.try_edit(lambda project, kind=kind: add_node(project, kind), "Add")
        assert new_id is not None
        if undo:
            document.undo_stack.undo()
        else:
            document.try_edit(lambda project, node=new_id: remove_nodes(project, [node]), "Remove")
    qtbot.waitUntil(lambda: checker.is_current, timeout=60_000)
    for number in range(2):
        (problem,) = document.report.problems
        assert len(problem.repairs) == 2
        assert document.repair(problem.repairs[number]), messages
        qtbot.waitUntil(lambda: checker.is_current, timeout=60_000)
        assert document.report.problems == ()
        document.undo_stack.undo()
        qtbot.waitUntil(lambda: checker.is_current, timeout=60_000)
    checker.stop()
