"""The dialog that sets the use of each column of a CSV file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QProgressBar,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dlstudio.data.core.errors import DataError
from dlstudio.data.files.columns.description import Column, apply_choices
from dlstudio.data.files.csv_columns import ColumnGuess, guess_columns
from dlstudio.data.sources.framework.source_setting_types import COLUMN_USES
from dlstudio.design.model.values import Value
from dlstudio.gui.background.background_task import BackgroundTask
from dlstudio.gui.forms.setting_editors import FormComboBox
from dlstudio.gui.widgets.basic_widgets import label

_TITLES = {
    "number": "Input: number",
    "category": "Input: category",
    "ordinal": "Input: ordered category",
    "date": "Input: date",
    "class": "Predict: class",
    "value": "Predict: number",
    "ignore": "Ignored",
}
_HEADERS = ("Column", "Use", "Type", "Empty", "Examples")


class ColumnsEditor(QDialog):
    """Reads the table in the background and shows the guessed uses for correction."""

    load_finished = Signal()
    """The columns, or the reason they could not be read, are shown."""

    def __init__(
        self, options: Mapping[str, Value], design_dir: str, parent: QWidget | None = None
    ) -> None:
        """Start reading the table.

        Raises:
            DataError: No file is set.
        """
        super().__init__(parent)
        self.setWindowTitle("Columns")
        self.resize(720, 440)
        path = str(options.get("path") or "")
        if not path:
            raise DataError("Choose the table's file first.")
        self._name = Path(path).name
        option = options.get("columns")
        uses = option if isinstance(option, Mapping) else {}
        self._chosen = {name: str(use) for name, use in uses.items()}
        self._guess: ColumnGuess | None = None
        self._combos: dict[str, FormComboBox] = {}
        self.status = label(f"Reading {self._name}…", "muted", wrap=True)
        self._progress_bar = QProgressBar()
        self._progress_bar.setRange(0, 0)
        self._error_label = label(role="error", wrap=True)
        self._button_box = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._button_box.button(QDialogButtonBox.StandardButton.Ok).setEnabled(False)
        self._button_box.accepted.connect(self.accept)
        self._button_box.rejected.connect(self.reject)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(10)
        for widget in (self.status, self._progress_bar, self._error_label):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        self._column.addWidget(self._button_box)
        csv_path, csv_options = Path(design_dir) / path, dict(options)
        self.task = BackgroundTask(lambda _task: guess_columns(csv_path, csv_options), self)
        self.task.done.connect(self._show_columns)
        self.task.failed.connect(self._show_error)
        self.task.start()

    def done(self, result: int) -> None:
        """Close the dialog and abandon the reading."""
        self.task.abandon()
        super().done(result)

    def use_combo(self, column: str) -> FormComboBox:
        """Return the combo box with the use of a column."""
        return self._combos[column]

    def column_uses(self) -> dict[str, Value]:
        """Return the uses by column, only for columns where the user chose one."""
        return dict(self._chosen)

    def _show_columns(self, guess: ColumnGuess) -> None:
        self._guess = guess
        self._progress_bar.hide()
        self.status.setText(f"{guess.rows:,} rows · {self._name}")
        self._column.takeAt(self._column.count() - 2)
        self._column.insertWidget(1, self._make_table(guess.columns), 1)
        for warning in guess.warnings[:5]:
            self._column.insertWidget(
                self._column.count() - 2, label(warning, "warning", wrap=True)
            )
        self._validate()
        self.load_finished.emit()

    def _show_error(self, text: str, details: str) -> None:
        self._progress_bar.hide()
        self._error_label.setText(text)
        self._error_label.setToolTip(details)
        self.load_finished.emit()

    def _make_table(self, columns: Sequence[Column]) -> QTableWidget:
        table = QTableWidget(len(columns), len(_HEADERS))
        table.setHorizontalHeaderLabels(list(_HEADERS))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(36)
        table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setSectionResizeMode(4, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(1, 190)
        header.resizeSection(2, 150)
        header.resizeSection(3, 60)
        for row, column in enumerate(columns):
            texts = (
                column.name,
                "",
                _type_text(column),
                str(column.missing or ""),
                _examples(column),
            )
            for index, text in enumerate(texts):
                table.setItem(row, index, QTableWidgetItem(text))
            table.setCellWidget(row, 1, self._create_use_combo(column))
        return table

    def _create_use_combo(self, column: Column) -> FormComboBox:
        combo = FormComboBox()
        for use, help_ in COLUMN_USES.items():
            combo.addItem(_TITLES[use], use)
            combo.setItemData(combo.count() - 1, help_, Qt.ItemDataRole.ToolTipRole)
        combo.setCurrentIndex(combo.findData(column.use))
        combo.setAccessibleName(f"Use of {column.name}")
        combo.activated.connect(lambda index: self._set_use(column.name, combo.itemData(index)))
        self._combos[column.name] = combo
        return combo

    def _set_use(self, name: str, use: str) -> None:
        self._chosen[name] = use
        if use in {"class", "value"}:
            for other, other_use in list(self._chosen.items()):
                if other != name and other_use in {"class", "value"}:
                    del self._chosen[other]
        columns = self._guess.columns if self._guess else ()
        for column in apply_choices(columns, self._chosen):
            combo = self._combos[column.name]
            combo.setCurrentIndex(combo.findData(column.use))
        self._validate()

    def _validate(self) -> None:
        uses = [combo.currentData() for combo in self._combos.values()]
        targets = sum(use in {"class", "value"} for use in uses)
        inputs = sum(use in {"number", "category", "ordinal"} for use in uses)
        reason = "" if targets == 1 else "Choose exactly one column to predict."
        if not inputs:
            reason = "Choose at least one column as input."
        self._error_label.setText(reason)
        self._error_label.setVisible(bool(reason))
        self._button_box.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not reason)


def _type_text(column: Column) -> str:
    return "numeric" if column.is_numeric else f"{column.distinct} categories"


def _examples(column: Column) -> str:
    return ", ".join(column.examples)
