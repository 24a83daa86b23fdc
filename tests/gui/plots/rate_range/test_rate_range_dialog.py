"""The dialog that tests learning rates, in a window with a real worker."""

from __future__ import annotations

import csv
import math
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_training
from dlstudio.design.model.model import Project
from dlstudio.gui.plots.rate_range.rate_chart import RateChart
from dlstudio.gui.plots.rate_range.rate_range_dialog import RateRangeDialog
from dlstudio.gui.window.main_window import MainWindow
from dlstudio.training.rate_range.range_test import RateCurve, RateSweep, suggest
from dlstudio.worker.client import Worker

RATE = "optimiser.learning_rate"
MINUTE = 60_000


@pytest.fixture(scope="module")
def shared_worker() -> Iterator[Worker]:
    """One process for all tests of the module: a new one has to import torch first."""
    shared = Worker()
    with shared.reserved(lambda: False):
        shared.run("tests.worker.worker_jobs.import_torch", {})
    yield shared
    shared.close()


@pytest.fixture
def worker(shared_worker: Worker) -> Iterator[Worker]:
    """The shared worker; it is closed after a test that had to restart it."""
    pid = shared_worker.pid
    yield shared_worker
    if pid is None or shared_worker.pid != pid:
        shared_worker.close()


def open_design(window: MainWindow, qtbot: QtBot, worker: Worker, name: str = "xor-mlp") -> None:
    window.files.open_example(name)
    window.dialogs.worker = worker
    qtbot.waitUntil(lambda: bool(window.document.report.nodes), timeout=MINUTE)


def open_dialog(window: MainWindow) -> RateRangeDialog:
    dialog = window.dialogs.show_rate_range()
    assert dialog is not None
    return dialog


def rates_of(project: Project) -> list[float | None]:
    return [group.optimiser.learning_rate for group in project.training.groups]


def falling_curve() -> RateCurve:
    sweep = RateSweep(1e-6, 1.0)
    losses = [2.3 - 2 * math.exp(-((step - 110) ** 2) / 400) for step in range(150)]
    return RateCurve(tuple(map(sweep.rate, range(150))), tuple(losses))


def test_one_click_takes_the_suggestion_and_undo_takes_it_back(
    window: MainWindow, qtbot: QtBot, worker: Worker, tmp_path: Path
) -> None:
    open_design(window, qtbot, worker)
    before = window.document.project
    dialog = open_dialog(window)
    assert not dialog.use_button.isEnabled()
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=MINUTE)
    assert window.document.project is before
    assert dialog.curve is not None
    suggested = suggest(dialog.curve).rate
    assert suggested is not None
    assert dialog.chart.rate == suggested
    assert f"{suggested:g}" in dialog.use_button.text()
    for suffix in (".png", ".svg", ".csv"):
        dialog.save_as(tmp_path / f"rates{suffix}")
    assert not QImage(str(tmp_path / "rates.png")).isNull()
    with (tmp_path / "rates.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["learning_rate"]) for row in rows] == list(dialog.curve.rates)
    qtbot.mouseClick(dialog.use_button, Qt.MouseButton.LeftButton)
    assert rates_of(window.document.project) == [suggested]
    window.document.undo_stack.undo()
    assert window.document.project == before
    assert window.session.run.history.is_empty


def test_automatic_rate_becomes_a_number_and_nothing_else_changes(
    window: MainWindow, qtbot: QtBot, worker: Worker
) -> None:
    def automatic(project: Project) -> Project:
        group = project.training.groups[0]
        group = replace(group, optimiser=replace(group.optimiser, learning_rate=None))
        training = replace(project.training, groups=(group,), epochs=None, batch_size=None)
        return set_training(project, training)

    open_design(window, qtbot, worker)
    window.document.try_edit(automatic, "Leave it open")
    before = window.document.project.training
    qtbot.waitUntil(lambda: window.document.is_checked, timeout=MINUTE)
    dialog = open_dialog(window)
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=MINUTE)
    dialog.accept()
    after = window.document.project.training
    assert rates_of(window.document.project) == [dialog.chart.rate]
    assert replace(after, groups=before.groups) == before


def test_closing_cancels_within_half_a_second(
    window: MainWindow, qtbot: QtBot, worker: Worker
) -> None:
    open_design(window, qtbot, worker, "digits-cnn")
    dialog = open_dialog(window)
    qtbot.waitUntil(lambda: "Step" in dialog.message.text() or not dialog.is_busy, timeout=MINUTE)
    start = time.perf_counter()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert time.perf_counter() - start < 0.5
    with worker.reserved(lambda: False):
        assert time.perf_counter() - start < 5


def test_failure_is_shown_and_the_test_can_be_repeated(
    window: MainWindow, qtbot: QtBot, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_design(window, qtbot, worker)
    with monkeypatch.context() as patch:
        patch.setattr(
            "dlstudio.gui.plots.rate_range.rate_work._JOB", "tests.worker.worker_jobs.no_such_job"
        )
        dialog = open_dialog(window)
        qtbot.waitUntil(lambda: not dialog.is_busy, timeout=MINUTE)
    assert dialog.message.property("role") == "error"
    assert not dialog.use_button.isEnabled()
    qtbot.mouseClick(dialog.repeat_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=MINUTE)
    assert dialog.use_button.isEnabled()
    dialog.reject()


def test_refused_in_words_during_a_run_and_for_a_gan(
    window: MainWindow, qtbot: QtBot, worker: Worker
) -> None:
    messages: list[str] = []
    window.document.message.connect(messages.append)
    open_design(window, qtbot, worker)
    action = window.menus.actions["find-rate"]
    assert action.isEnabled()
    window.session.step()
    qtbot.waitUntil(lambda: window.session.state == "paused", timeout=MINUTE)
    assert not action.isEnabled()
    assert "a run is active" in action.toolTip()
    assert window.dialogs.show_rate_range() is None
    assert "a run is active" in messages[-1]
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=MINUTE)
    window.files.open_example("gan-ring")
    qtbot.waitUntil(lambda: bool(window.document.report.nodes), timeout=MINUTE)
    assert window.dialogs.show_rate_range() is None
    assert "train against each other" in messages[-1]


def test_menu_and_form_offer_the_test_or_show_what_prevents_it(
    window: MainWindow, qtbot: QtBot, worker: Worker
) -> None:
    open_design(window, qtbot, worker)
    forms = window.inspector.show_network().training.forms
    editor = next(form.editors[RATE] for form in forms if RATE in form.editors)
    menu = QMenu()
    qtbot.addWidget(menu)
    window.run_bar.menu_buttons["optimiser"].fill_menu(menu)
    assert window.menus.actions["find-rate"] in menu.actions()
    assert editor.action_button.isEnabled()
    project = window.document.project
    last = next(reversed(project.graph.edges))
    edges = {key: edge for key, edge in project.graph.edges.items() if key != last}
    without_wire = replace(project, graph=replace(project.graph, edges=edges))
    window.document.apply(without_wire, "Remove a wire")
    qtbot.waitUntil(lambda: window.document.is_checked, timeout=MINUTE)
    assert not editor.action_button.isEnabled()
    assert "not complete" in editor.action_button.toolTip()
    menu.clear()
    window.run_bar.menu_buttons["optimiser"].fill_menu(menu)
    refused = [one for one in menu.actions() if "not complete" in one.text()]
    assert [one.isEnabled() for one in refused] == [False]


def test_arrow_keys_and_dragging_choose_another_rate(qtbot: QtBot) -> None:
    chart = RateChart()
    qtbot.addWidget(chart)
    chosen_rates: list[float] = []
    chart.rate_chosen.connect(chosen_rates.append)
    chart.show_sweep(RateSweep(1e-6, 1.0))
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert not chosen_rates
    chart.show_curve(falling_curve(), 0.001)
    assert chosen_rates[-1] == 0.001
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chosen_rates[-1] == pytest.approx(0.001 * 10**0.05, rel=0.05)
    for _ in range(200):
        qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chosen_rates[-1] == 1e-6


def test_curve_without_a_suggestion_leaves_the_choice_to_the_user(qtbot: QtBot) -> None:
    chart = RateChart()
    qtbot.addWidget(chart)
    curve = falling_curve()
    chart.show_curve(curve, None)
    assert curve.rates[0] < chart.rate < curve.rates[-1]
