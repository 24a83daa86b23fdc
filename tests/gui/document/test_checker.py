"""The checker of the open design stops completely."""

from __future__ import annotations

import time
from dataclasses import replace

from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.report import Report
from dlstudio.gui.document.checker import DesignChecker
from dlstudio.gui.document.document import Document


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
