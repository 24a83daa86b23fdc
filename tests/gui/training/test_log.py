from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.style.icons import icon
from dlstudio.gui.style.theme import DARK, apply_theme
from dlstudio.gui.training.log import LogPanel
from dlstudio.training.protocol.events import Failed, Finished, Paused
from tests.gui.training.run_controls import run_epoch


def test_log_records_a_run_from_start_to_end(qtbot: QtBot, session: TrainingSession) -> None:
    log = LogPanel()
    qtbot.addWidget(log)
    log.follow(session)
    run_epoch(qtbot, session)
    text = log.text()
    assert "Training started on cpu" in text
    assert " training, " in text
    assert "Paused at step" in text
    assert "Training stopped" in text


def test_final_metrics_are_logged_as_everywhere(qtbot: QtBot, session: TrainingSession) -> None:
    log = LogPanel()
    qtbot.addWidget(log)
    log.follow(session)
    metrics = {"train_mae": 0.12345, "test_accuracy": 0.9259}
    session.finished.emit(Finished(2, 82, metrics, "done", 0.9, 0.1))
    assert log.text().endswith("train MAE 0.123, test accuracy 92.6 %")


def test_error_details_are_a_child_item(qtbot: QtBot, session: TrainingSession) -> None:
    log = LogPanel()
    qtbot.addWidget(log)
    log.follow(session)
    session.failed.emit(Failed("Out of memory.", node="linear_1", details="Traceback: x"))
    session.paused.emit(Paused(3, 1, reason="The loss is not a number", node="relu_1"))
    item = log.tree.topLevelItem(0)
    assert item is not None
    assert item.text(1) == "Out of memory. (linear_1)"
    assert item.child(0).text(1) == "Traceback: x"
    assert "The loss is not a number (relu_1)" in log.text()
    log.copy()
    buttons = {button.text(): button for button in log.findChildren(QPushButton)}
    qtbot.mouseClick(buttons["Clear"], Qt.MouseButton.LeftButton)
    assert log.text() == ""


def test_log_lines_and_icons_follow_the_theme(qtbot: QtBot) -> None:
    apply_theme("light")
    log = LogPanel()
    qtbot.addWidget(log)
    log.add_line("All is well")
    log.add_error("All is lost")
    copy = next(button for button in log.findChildren(QPushButton) if button.text() == "Copy")
    apply_theme("dark")
    lines = [log.tree.topLevelItem(index).foreground(1).color().name() for index in (0, 1)]
    assert lines == [DARK.text, DARK.error]
    assert copy.icon().pixmap(16).toImage() == icon("copy").pixmap(16).toImage()


def test_time_and_text_of_a_line_begin_at_the_same_height(qtbot: QtBot) -> None:
    log = LogPanel()
    qtbot.addWidget(log)
    log.add_line("Training started.")
    item = log.tree.topLevelItem(0)
    assert item is not None
    assert item.textAlignment(0) == item.textAlignment(1)
