"""The page of the window for one's own data: seen at once, corrected, and trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from dlstudio.data.sources.path_detection import settings_for
from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.values import Value
from dlstudio.gui.data.page.contents.change_actions import (
    ChangeAction,
    SetOption,
    ShowPlace,
    UseColumn,
)
from dlstudio.gui.data.page.contents.changes import inputs_text
from dlstudio.gui.data.page.contents.data_facts import data_facts
from dlstudio.gui.data.page.contents.network_changes import size_remark
from dlstudio.gui.data.page.contents.page_contents import TARGET, PageContents, PageTable
from dlstudio.gui.data.page.data_area import DataArea
from dlstudio.gui.data.page.duration_estimator import DurationEstimator
from dlstudio.gui.data.page.page_reader import PageReader
from dlstudio.gui.data.page.panels.changes_panel import ChangesPanel
from dlstudio.gui.data.page.panels.classes_panel import ClassesPanel
from dlstudio.gui.data.page.panels.empty_view import EmptyView
from dlstudio.gui.data.page.panels.head_bar import HeadBar
from dlstudio.gui.data.page.panels.samples_panel import SamplesPanel
from dlstudio.gui.data.page.panels.scatter_panel import ScatterPanel
from dlstudio.gui.data.page.side.side_panel import MAX_WIDTH, MIN_WIDTH, SidePanel
from dlstudio.gui.data.page.table.table_model import RowFilter
from dlstudio.gui.data.page.table.table_panel import TablePanel
from dlstudio.gui.style.theme import FONT_SIZE, font_size
from dlstudio.training.metrics.linear_baseline import Baseline
from dlstudio.training.specs.first_network import FirstNetwork, first_network

_TARGET_USES = ("class", "value")


class DataPage(QWidget):
    """Reads data in the background and shows it.

    Signals:
        closed: The user wants to leave the page.
        design_chosen: A design with a first network, and whether to train it.
        settings_chosen: Settings for the design that is open.
        file_requested, folder_requested: The user wants to choose other data.
        read_finished: Something that was read, or an error, is shown.
        baseline_known: Settings with an absolute path, and the `Baseline` on their samples or None.
    """

    closed = Signal()
    design_chosen = Signal(object, bool)
    settings_chosen = Signal(object)
    file_requested = Signal()
    folder_requested = Signal()
    read_finished = Signal()
    baseline_known = Signal(object, object)

    def __init__(self, data_dir: str = "") -> None:
        super().__init__()
        self._settings, self._design_dir = DataSettings(), ""
        self.contents: PageContents | None = None
        self.network: FirstNetwork | None = None
        self.head, self.side, self.empty = HeadBar(), SidePanel(), EmptyView()
        self.table, self.samples = TablePanel(), SamplesPanel()
        self.changes, self.classes, self.scatter = ChangesPanel(), ClassesPanel(), ScatterPanel()
        self.reader, self.estimator = PageReader(self, data_dir), DurationEstimator(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lay_out()
        self._connect()

    @property
    def settings(self) -> DataSettings:
        """The settings as they are chosen on the page."""
        return self._settings

    @property
    def status_facts(self) -> tuple[str, ...]:
        """What the status bar shows about the data."""
        return () if self.contents is None else data_facts(self.contents)

    def show_empty(self) -> None:
        """Ask for data."""
        self._stop()
        self.contents = self.network = None
        self.head.show_nothing()
        self.empty.show_invitation()
        self._stack.setCurrentWidget(self.empty)

    def open_settings(
        self, settings: DataSettings, design_dir: str = "", apply_title: str = ""
    ) -> None:
        """Read data and show it.

        Args:
            settings: Source, path and options.
            design_dir: Folder that a relative path refers to.
            apply_title: Text of the button that uses the settings in the open design; empty
                without such a button.
        """
        self._stop()
        self.contents = self.network = None
        self._settings, self._design_dir = settings, design_dir
        self.side.foot.show_apply(apply_title)
        self.head.show_reading(settings, self._path())
        self._area.panels.hide()
        self._show_data_widget()
        self.side.clear()
        self.table.show_rows(RowFilter.ALL)
        self._area.scroll_to_start()
        self.side.show_busy()
        self.reader.read(settings, design_dir)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the right side its share of the width."""
        super().resizeEvent(event)
        scale = font_size() / FONT_SIZE
        width = min(max(0.271 * self.width(), MIN_WIDTH * scale), MAX_WIDTH * scale)
        self.side.setFixedWidth(round(width))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the page by Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_page()
            return
        super().keyPressEvent(event)

    def close_page(self) -> None:
        """Stop reading and leave the page."""
        self._stop()
        self.closed.emit()

    def choose_use(self, name: str, use: str) -> None:
        """Set the use of a column; a new target of the same kind of question replaces the old."""
        chosen = self._settings.options.get("columns")
        uses = dict(chosen) if isinstance(chosen, Mapping) else {}
        uses[name] = use
        if use in _TARGET_USES:
            for other in [key for key, value in uses.items() if value in _TARGET_USES]:
                if other != name:
                    del uses[other]
        self.set_option("columns", uses)

    def set_option(self, name: str, value: Value) -> None:
        """Change an option of the source and read again."""
        options = {**self._settings.options, name: value}
        self._change(replace(self._settings, options=options, facts=None))

    def set_split(self, validation: float, test: float) -> None:
        """Change the split and read again."""
        split = replace(self._settings.split, validation=validation, test=test)
        self._change(replace(self._settings, split=split))

    def set_source(self, name: str) -> None:
        """Read the same file or folder in another way."""
        stored = str(self._settings.options.get("path", ""))
        settings = settings_for(self._path(), SOURCES[name], self._settings, stored)
        self.open_settings(settings, self._design_dir, self.side.foot.apply_button.text())

    def _change(self, settings: DataSettings) -> None:
        self._settings = settings
        self.estimator.stop()
        self.side.show_busy()
        self.classes.show_busy()
        self.head.show_reading_again()
        self.reader.read_again(settings, self._design_dir)

    def _show_first_rows(self, table: PageTable) -> None:
        if self.contents is None:
            self.table.show_table(table)
            self._show_data_widget()

    def _show_contents(self, contents: PageContents) -> None:
        contents = replace(contents, error=_short(contents.error, self._path()))
        before, self.contents = self.network, contents
        self.network = None
        if contents.can_train:
            self._settings = replace(self._settings, facts=contents.info)
            name, text = self._path().stem, inputs_text(contents.table)
            self.network = first_network(self._own_settings(), contents.info, name, text)
            self.network = self.side.training.with_choices(self.network)
        if contents.table is not None:
            self.table.show_table(contents.table, contents.info.class_names)
        else:
            self.samples.show_contents(contents)
        self.head.show_contents(contents)
        self.changes.show_contents(contents)
        self.classes.show_contents(contents, _target_names(contents))
        self.scatter.show_contents(contents)
        self.side.show_contents(contents, self.network)
        self.side.network.show_remark(size_remark(before, self.network))
        self._area.panels.show()
        self._show_data_widget()
        self.read_finished.emit()

    def _show_baseline(self, baseline: Baseline | None) -> None:
        """Show the baseline; only then measure, so that neither slows down the other."""
        self.side.show_baseline(baseline)
        self.baseline_known.emit(self._own_settings(), baseline)
        self._estimate()

    def _change_training(self) -> None:
        if self.network is not None and self.contents is not None:
            self.network = self.side.training.with_choices(self.network)
            self.side.show_network(self.contents, self.network)
            self._estimate()

    def _estimate(self) -> None:
        if self.network is not None:
            self.estimator.estimate(self.network.project)

    def _stop(self) -> None:
        self.reader.stop()
        self.estimator.stop()

    def _show_error(self, text: str, details: str) -> None:
        self.contents = self.network = None
        self.head.show_error()
        self.empty.show_error(_short(text, self._path()), details)
        self._stack.setCurrentWidget(self.empty)
        self.read_finished.emit()

    def _show_data_widget(self) -> None:
        is_table = "columns" in getattr(SOURCES.get(self._settings.source), "options", {})
        shown = self.table if is_table or (self.contents and self.contents.table) else self.samples
        self._area.show_upper(shown)
        self._stack.setCurrentWidget(self._area)

    def _own_settings(self) -> DataSettings:
        """Return the settings with an absolute path, for a design that has no folder yet."""
        options = {**self._settings.options, "path": str(self._path().absolute())}
        return replace(self._settings, options=options)

    def _path(self) -> Path:
        stored = str(self._settings.options.get("path") or "")
        return Path(self._design_dir) / Path(stored).expanduser()

    def _emit_design(self, *, train: bool) -> None:
        if self.network is not None:
            self._stop()
            self.design_chosen.emit(self.network.project, train)

    def _run_change(self, action: ChangeAction) -> None:
        match action:
            case ShowPlace():
                self.table.show_place(action)
            case UseColumn():
                self.table.show_place(ShowPlace(columns=(action.column,)))
                self.choose_use(action.column, action.use)
            case SetOption():
                self.set_option(action.option, action.value)

    def _lay_out(self) -> None:
        self._area = DataArea(
            (self.table, self.samples), (self.changes, self.classes, self.scatter), self.side
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._area)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.head)
        whole.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.reader.first_rows.connect(self._show_first_rows)
        self.reader.done.connect(self._show_contents)
        self.reader.failed.connect(self._show_error)
        self.reader.progress.connect(self.head.show_progress)
        self.reader.baseline.connect(self._show_baseline)
        self.head.option_chosen.connect(self.set_option)
        self.head.source_chosen.connect(self.set_source)
        self.head.file_requested.connect(self.file_requested)
        self.head.folder_requested.connect(self.folder_requested)
        self.head.closed.connect(self.close_page)
        self.empty.file_requested.connect(self.file_requested)
        self.empty.folder_requested.connect(self.folder_requested)
        self.table.use_chosen.connect(self.choose_use)
        self.changes.action_requested.connect(self._run_change)
        self.side.use_chosen.connect(self.choose_use)
        self.side.split_chosen.connect(self.set_split)
        self.side.training_changed.connect(self._change_training)
        self.estimator.estimated.connect(self.side.foot.show_duration)
        foot = self.side.foot
        foot.train_requested.connect(lambda: self._emit_design(train=True))
        foot.open_requested.connect(lambda: self._emit_design(train=False))
        foot.apply_requested.connect(lambda: self.settings_chosen.emit(self._settings))


def _target_names(contents: PageContents) -> str:
    columns = () if contents.table is None else contents.table.columns
    return ", ".join(column.name for column in columns if column.role == TARGET)


def _short(text: str, path: Path) -> str:
    """Return a message with the name of the file in the place of its path."""
    return text.replace(str(path), path.name).replace(str(path.absolute()), path.name)
