"""The runs panel: compare curves, resume a run, open the design as it was trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dlstudio.gui.background.latest_task import LatestTask
from dlstudio.gui.document.document import Document
from dlstudio.gui.document.preferences import preference_changes
from dlstudio.gui.runs.run_history import RunHistory
from dlstudio.gui.runs.run_options import runs_folder
from dlstudio.gui.runs.session import IDLE, PAUSED, RUNNING, TrainingSession
from dlstudio.gui.style.theme import current_theme, theme_changes
from dlstudio.gui.widgets.basic_widgets import button, label, pass_focus
from dlstudio.gui.widgets.metric_format import format_metric
from dlstudio.gui.widgets.number_format import format_integer
from dlstudio.resources import resource
from dlstudio.training.storage.runs import PROJECT, SUFFIX, RunInfo, list_runs

_HEADERS = ("Run", "Design", "State", "Epochs", "Steps", "Validation", "Test", "Seed")
_COLUMN_WIDTHS = {0: 190, 1: 150}
_STATES = {"done": "finished", "early-stopping": "stopped early"}
_FOLLOW_MILLISECONDS = 2000
"""How often the folder is read while a run is in progress."""
_RUN_ROLE = Qt.ItemDataRole.UserRole
_MAX_OVERLAID = 6


class RunsPanel(QWidget):
    """Lists the runs of the design."""

    overlay_changed = Signal(object)
    """Histories of the checked runs, for the curves panel."""
    design_requested = Signal(object)
    """Path of a design as it was trained."""

    def __init__(self, document: Document, session: TrainingSession) -> None:
        super().__init__()
        self._document = document
        self._session = session
        self._histories: dict[Path, RunHistory] = {}
        self._runs: dict[Path, RunInfo] = {}
        self._loading_paths: Sequence[Path] = ()
        self._curves_task = LatestTask(self)
        self._list_task = LatestTask(self)
        self._follow_timer = QTimer(self)
        self._follow_timer.setSingleShot(True)
        self._follow_timer.setInterval(_FOLLOW_MILLISECONDS)
        self._follow_timer.timeout.connect(self._follow)
        self._path = document.path
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels(list(_HEADERS))
        self.tree.setRootIsDecorated(False)
        self.tree.setAccessibleName("Runs of this design")
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for index, width in _COLUMN_WIDTHS.items():
            self.tree.header().setSectionResizeMode(index, QHeaderView.ResizeMode.Interactive)
            self.tree.header().resizeSection(index, width)
        self.tree.header().setStretchLastSection(True)
        self._apply_theme()
        self._empty_label = label(
            "No runs yet. Every training run is listed here with its curves.", "muted"
        )
        self.resume_button = button("Resume", self._resume, icon_name="continue",
                             tip="Continue from the run's last checkpoint")  # fmt: skip
        self.open_button = button("Open the design as trained", self._open, icon_name="open")
        self.refresh_button = button("Refresh", self.refresh, look="quiet", icon_name="reset")
        row = QHBoxLayout()
        for widget in (self.resume_button, self.open_button):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.refresh_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(self._empty_label)
        column.addWidget(self.tree, 1)
        column.addLayout(row)
        self._empty_label.hide()
        self._connect()
        self._update_buttons()

    def refresh(self) -> None:
        """Read the folder of runs again in the background; abandons an earlier reading."""
        folder = runs_folder(self._document.path)
        self._list_task.restart(lambda _task: list_runs(folder))

    def checked_paths(self) -> list[Path]:
        """Return the runs whose curves are shown with the current ones."""
        items = self._items_by_path().items()
        return [path for path, item in items if item.checkState(0) == Qt.CheckState.Checked]

    def selected_run(self) -> RunInfo | None:
        """Return the current row's run, or None."""
        item = self.tree.currentItem()
        return self._runs.get(_run_path(item)) if item is not None else None

    def showEvent(self, event: QShowEvent) -> None:
        """Read the folder each time the panel is shown."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self.refresh)

    @Slot(object)
    def _on_folder_changed(self, _chosen: object) -> None:
        if self.isVisible():
            self.refresh()

    @Slot()
    def _follow(self) -> None:
        if self.isVisible():
            self.refresh()

    def _show_runs(self, runs: Sequence[RunInfo]) -> None:
        checked = self.checked_paths()
        self._runs = {run.path: run for run in reversed(runs)}
        with QSignalBlocker(self.tree):
            for path, item in self._items_by_path().items():
                if path not in self._runs:
                    self.tree.takeTopLevelItem(self.tree.indexOfTopLevelItem(item))
            items = self._items_by_path()
            for index, (path, run) in enumerate(self._runs.items()):
                if path not in items:
                    self.tree.insertTopLevelItem(index, _create_item(run))
            for path, item in self._items_by_path().items():
                _update_item(item, self._runs[path], self._state_text(self._runs[path]))
        self._empty_label.setVisible(not self._runs)
        self._update_buttons()
        if any(run.in_progress for run in runs):
            self._follow_timer.start()
        if self.checked_paths() != checked:
            self._update_overlay()

    def _items_by_path(self) -> dict[Path, QTreeWidgetItem]:
        items = (self.tree.topLevelItem(index) for index in range(self.tree.topLevelItemCount()))
        return {_run_path(item): item for item in items if item is not None}

    def _apply_theme(self) -> None:
        theme = current_theme()
        check = resource("icons", "style", f"check-{theme.name}.svg").as_posix()
        self.tree.setStyleSheet(
            f"QTreeView::indicator {{ width: 15px; height: 15px; border: 1px solid {theme.muted};"
            f" border-radius: 4px; background: {theme.field}; }}"
            f"QTreeView::indicator:checked {{ background: {theme.accent};"
            f" border-color: {theme.accent}; image: url({check}); }}"
        )

    def _connect(self) -> None:
        theme_changes.changed.connect(self._apply_theme)
        preference_changes.changed.connect(self._on_folder_changed)
        self.tree.itemChanged.connect(lambda _item, _column: self._update_overlay())
        self.tree.currentItemChanged.connect(lambda _now, _before: self._update_buttons())
        self._document.path_changed.connect(self._on_path_changed)
        self._document.reset.connect(self._on_design_changed)
        self._session.state_changed.connect(self._on_state_changed)
        self._session.run_moved.connect(self._follow)
        self._list_task.done.connect(self._show_runs)
        self._list_task.failed.connect(self._document.message)
        self._curves_task.done.connect(self._add_histories)
        self._curves_task.failed.connect(self._on_read_failed)

    def _on_path_changed(self, _path: str) -> None:
        """Refresh the list only if the path differs; saving in place emits the signal too."""
        if self._path != self._document.path:
            self._path = self._document.path
            self._on_design_changed()

    def _on_design_changed(self) -> None:
        self._list_task.cancel()
        self._histories.clear()
        with QSignalBlocker(self.tree):
            self.tree.clear()
        self._runs = {}
        self._empty_label.hide()
        self.overlay_changed.emit(())
        if self.isVisible():
            self.refresh()

    def _on_state_changed(self, state: str) -> None:
        self._update_buttons()
        if state in {IDLE, PAUSED, RUNNING} and self.isVisible():
            self.refresh()

    def _update_overlay(self) -> None:
        checked = self.checked_paths()[:_MAX_OVERLAID]
        missing = [path for path in checked if path not in self._histories]
        if not missing:
            self.overlay_changed.emit(tuple(self._histories[path] for path in checked))
        elif not self._curves_task.is_busy:
            self._read_curves(missing)

    def _read_curves(self, paths: Sequence[Path]) -> None:
        """Read curves in the background; those of a long run are large."""
        self._loading_paths = tuple(paths)
        self._curves_task.submit(lambda _task: _read_histories(paths))

    def _add_histories(self, histories: Mapping[Path, RunHistory]) -> None:
        self._histories.update(histories)
        self._update_overlay()

    def _on_read_failed(self, text: str, _details: str) -> None:
        self._document.message.emit(text)
        self._add_histories({path: RunHistory() for path in self._loading_paths})

    def _state_text(self, run: RunInfo) -> str:
        if run.was_interrupted:
            return "interrupted"
        if not run.in_progress:
            return _STATES.get(run.state, run.state)
        is_own = str(run.path) == self._session.run.folder and self._session.state != IDLE
        state = self._session.state if is_own else run.state
        return "paused" if state == PAUSED else "in progress"

    def _update_buttons(self) -> None:
        run = self.selected_run()
        idle = self._session.state == IDLE
        can_resume = run is not None and idle and run.is_resumable
        if not can_resume:
            pass_focus(self.resume_button, self.tree)
        self.resume_button.setEnabled(can_resume)
        self.open_button.setEnabled(run is not None and (run.path / PROJECT).is_file())

    def _resume(self) -> None:
        run = self.selected_run()
        if run is not None:
            self._session.resume_run(run.path)

    def _open(self) -> None:
        run = self.selected_run()
        if run is not None:
            self.design_requested.emit(run.path / PROJECT)


def _run_path(item: QTreeWidgetItem) -> Path:
    return Path(item.data(0, _RUN_ROLE))


def _create_item(run: RunInfo) -> QTreeWidgetItem:
    item = QTreeWidgetItem()
    item.setData(0, _RUN_ROLE, str(run.path))
    item.setToolTip(0, "Check to show this run's curves with the current ones")
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(0, Qt.CheckState.Unchecked)
    return item


def _update_item(item: QTreeWidgetItem, run: RunInfo, state: str) -> None:
    when = datetime.fromtimestamp(run.started).astimezone()
    texts = (
        f"{when:%d %b %Y, %H:%M:%S}",
        run.title or run.path.parent.name.removesuffix(SUFFIX),
        state,
        f"{run.epoch} of {run.epochs}",
        format_integer(run.steps),
        _metric_text(run, "validation"),
        _metric_text(run, "test"),
        str(run.seed),
    )
    for column, text in enumerate(texts):
        item.setText(column, text)
    item.setToolTip(1, item.text(1))


def _metric_text(run: RunInfo, subset: str) -> str:
    for name in (f"{subset}_accuracy", f"{subset}_mae", f"{subset}_loss"):
        if name in run.metrics:
            return format_metric(name, run.metrics[name])
    return "–"


def _read_histories(paths: Sequence[Path]) -> Mapping[Path, RunHistory]:
    from dlstudio.gui.runs.earlier.history_loader import load_history

    return {path: load_history(path) for path in paths}
