"""The runs of this design: compare their curves, resume one, open the design as it was trained."""

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

from dlstudio.gui.document import Document
from dlstudio.gui.panels.data_reading import Reading
from dlstudio.gui.panels.dressing import button, label
from dlstudio.gui.panels.figures import metric_text, whole
from dlstudio.gui.plots.history import History
from dlstudio.gui.preferences import preference_changes
from dlstudio.gui.run_plan import runs_folder
from dlstudio.gui.session import IDLE, RUNNING, TrainingSession
from dlstudio.gui.theme import current, theme_changes
from dlstudio.resources import resource
from dlstudio.training.runs import PROJECT, RunInfo, list_runs

_HEADS = ("Run", "State", "Epochs", "Steps", "Validation", "Test", "Seed")
_STATES = {
    "done": "finished",
    "early-stopping": "stopped early",
    "running": "interrupted",
}
_RUN_ROLE = Qt.ItemDataRole.UserRole
_MOST_OVERLAID = 6


class RunsPanel(QWidget):
    """Lists the runs that lie beside the design."""

    overlay_changed = Signal(object)
    """Histories of the ticked runs, for the curves."""
    design_wanted = Signal(object)
    """Path of a design as it was trained, to be opened."""

    def __init__(self, document: Document, session: TrainingSession) -> None:
        """Follow the document's file and the session's runs."""
        super().__init__()
        self._document = document
        self._session = session
        self._histories: dict[Path, History] = {}
        self._runs: dict[Path, RunInfo] = {}
        self._reading: Reading | None = None
        self._listing: Reading | None = None
        self._path = document.path
        self.list = QTreeWidget()
        self.list.setHeaderLabels(list(_HEADS))
        self.list.setRootIsDecorated(False)
        self.list.setAccessibleName("Runs of this design")
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.list.header().resizeSection(0, 220)
        self.list.header().setStretchLastSection(True)
        self._dress()
        self._nothing = label("No runs yet. Each training is kept here with its curves.", "muted")
        self.resume = button("Resume", self._resume, icon_name="continue",
                             tip="Go on from the run's last checkpoint")  # fmt: skip
        self.open = button("Open the design as trained", self._open, icon_name="open")
        self.again = button("Refresh", self.refresh, look="quiet", icon_name="reset")
        row = QHBoxLayout()
        for widget in (self.resume, self.open):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(self._nothing)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        self._nothing.hide()
        self._connect()
        self._show_buttons()

    def refresh(self) -> None:
        """Read the folder of runs again, in the background; the newest wish wins."""
        self._leave_listing()
        folder = runs_folder(self._document.path)
        task = Reading(lambda _reading: list_runs(folder), self)
        task.done.connect(lambda runs: self._take_list(task, runs))
        task.failed.connect(lambda text, _details: self._document.message.emit(text))
        self._listing = task
        task.start()

    def ticked(self) -> list[Path]:
        """Return the runs whose curves are laid over the present ones."""
        items = self._items().items()
        return [path for path, item in items if item.checkState(0) == Qt.CheckState.Checked]

    def chosen(self) -> RunInfo | None:
        """Return the run under the cursor."""
        item = self.list.currentItem()
        return self._runs.get(_path_of(item)) if item is not None else None

    def showEvent(self, event: QShowEvent) -> None:
        """Read the folder when somebody looks."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self.refresh)

    @Slot(object)
    def _folder_changed(self, _chosen: object) -> None:
        if self.isVisible():
            self.refresh()

    def _leave_listing(self) -> None:
        if self._listing is not None:
            self._listing.leave()
            self._listing = None

    def _take_list(self, listing: Reading, found: Sequence[RunInfo]) -> None:
        """Bring the list up to date; a listing that was left may still be on the way."""
        if listing is not self._listing:
            return
        self._listing = None
        checked = self.ticked()
        self._runs = {run.path: run for run in reversed(found)}
        with QSignalBlocker(self.list):
            for path, item in self._items().items():
                if path not in self._runs:
                    self.list.takeTopLevelItem(self.list.indexOfTopLevelItem(item))
            items = self._items()
            for index, (path, run) in enumerate(self._runs.items()):
                if path not in items:
                    self.list.insertTopLevelItem(index, _item(run))
            for path, item in self._items().items():
                _write(item, self._runs[path], active=self._is_active(self._runs[path]))
        self._nothing.setVisible(not self._runs)
        self._show_buttons()
        if self.ticked() != checked:
            self._overlay()

    def _items(self) -> dict[Path, QTreeWidgetItem]:
        items = (self.list.topLevelItem(index) for index in range(self.list.topLevelItemCount()))
        return {_path_of(item): item for item in items if item is not None}

    def _dress(self) -> None:
        theme = current()
        check = resource("icons", "style", f"check-{theme.name}.svg").as_posix()
        self.list.setStyleSheet(
            f"QTreeView::indicator {{ width: 15px; height: 15px; border: 1px solid {theme.muted};"
            f" border-radius: 4px; background: {theme.field}; }}"
            f"QTreeView::indicator:checked {{ background: {theme.accent};"
            f" border-color: {theme.accent}; image: url({check}); }}"
        )

    def _connect(self) -> None:
        theme_changes.changed.connect(self._dress)
        preference_changes.changed.connect(self._folder_changed)
        self.list.itemChanged.connect(lambda _item, _column: self._overlay())
        self.list.currentItemChanged.connect(lambda _now, _before: self._show_buttons())
        self._document.path_changed.connect(self._follow_path)
        self._document.reset.connect(self._other_design)
        self._session.state_changed.connect(self._state_changed)

    def _follow_path(self, _path: str) -> None:
        """Keep the list of a design that was saved where it was."""
        if self._path != self._document.path:
            self._path = self._document.path
            self._other_design()

    def _other_design(self) -> None:
        self._leave_listing()
        self._histories.clear()
        with QSignalBlocker(self.list):
            self.list.clear()
        self._runs = {}
        self._nothing.hide()
        self.overlay_changed.emit(())
        if self.isVisible():
            self.refresh()

    def _state_changed(self, state: str) -> None:
        self._show_buttons()
        if state in {IDLE, RUNNING} and self.isVisible():
            self.refresh()

    def _overlay(self) -> None:
        checked = self.ticked()[:_MOST_OVERLAID]
        missing = [path for path in checked if path not in self._histories]
        if not missing:
            self.overlay_changed.emit(tuple(self._histories[path] for path in checked))
        elif self._reading is None:
            self._read(missing)

    def _read(self, paths: Sequence[Path]) -> None:
        """Read curves in the background; a long run's take a while."""
        self._reading = Reading(lambda _reading: _histories(paths), self)
        self._reading.done.connect(self._take)
        self._reading.failed.connect(lambda text, _details: self._unread(paths, text))
        self._reading.start()

    def _take(self, histories: Mapping[Path, History]) -> None:
        self._reading = None
        self._histories.update(histories)
        self._overlay()

    def _unread(self, paths: Sequence[Path], text: str) -> None:
        self._document.message.emit(text)
        self._take({path: History() for path in paths})

    def _is_active(self, run: RunInfo) -> bool:
        return self._session.state != IDLE and str(run.path) == self._session.run_dir

    def _show_buttons(self) -> None:
        run = self.chosen()
        idle = self._session.state == IDLE
        self.resume.setEnabled(run is not None and idle and not run.finished)
        self.open.setEnabled(run is not None and (run.path / PROJECT).is_file())

    def _resume(self) -> None:
        run = self.chosen()
        if run is not None:
            self._session.resume_run(run.path)

    def _open(self) -> None:
        run = self.chosen()
        if run is not None:
            self.design_wanted.emit(run.path / PROJECT)


def _path_of(item: QTreeWidgetItem) -> Path:
    return Path(item.data(0, _RUN_ROLE))


def _item(run: RunInfo) -> QTreeWidgetItem:
    item = QTreeWidgetItem()
    item.setData(0, _RUN_ROLE, str(run.path))
    item.setToolTip(0, "Tick to lay this run's curves over the present ones")
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(0, Qt.CheckState.Unchecked)
    return item


def _write(item: QTreeWidgetItem, run: RunInfo, *, active: bool) -> None:
    when = datetime.fromtimestamp(run.started).astimezone()
    state = "in progress" if active else _STATES.get(run.state, run.state)
    texts = (
        f"{when:%d %b %Y, %H:%M:%S}",
        state,
        f"{run.epoch} of {run.epochs}",
        whole(run.steps),
        _figure(run, "validation"),
        _figure(run, "test"),
        str(run.seed),
    )
    for column, text in enumerate(texts):
        item.setText(column, text)


def _figure(run: RunInfo, part: str) -> str:
    for name in (f"{part}_accuracy", f"{part}_mae", f"{part}_loss"):
        if name in run.metrics:
            return metric_text(name, run.metrics[name])
    return "–"


def _histories(paths: Sequence[Path]) -> Mapping[Path, History]:
    from dlstudio.gui.plots.history_files import read_history

    return {path: read_history(path) for path in paths}
