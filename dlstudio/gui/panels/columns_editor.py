"""A table in which each column of a CSV file gets its use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dlstudio.data.csv_file import Column, guess_columns, settle
from dlstudio.data.errors import DataError
from dlstudio.data.option_settings import COLUMN_USES
from dlstudio.design.values import Value
from dlstudio.gui.panels.dressing import label
from dlstudio.gui.panels.setting_editors import QuietCombo

_TITLES = {
    "number": "Input: number",
    "category": "Input: words",
    "ordinal": "Input: ordered words",
    "class": "Predict: class",
    "value": "Predict: number",
    "ignore": "Left out",
}
_HEADS = ("Column", "Use", "Looks like", "Empty", "Examples")


class ColumnsEditor(QDialog):
    """Shows what was guessed and lets it be corrected."""

    def __init__(
        self, options: Mapping[str, Value], design_dir: str, parent: QWidget | None = None
    ) -> None:
        """Read the table.

        Raises:
            DataError: There is no file, or it holds no table.
        """
        super().__init__(parent)
        self.setWindowTitle("Columns")
        self.resize(720, 440)
        path = str(options.get("path") or "")
        if not path:
            raise DataError("Choose the table's file first.")
        self._guess = guess_columns(Path(design_dir) / path, options)
        chosen = options.get("columns")
        held = chosen if isinstance(chosen, Mapping) else {}
        self._chosen = {name: str(use) for name, use in held.items()}
        self._combos: dict[str, QuietCombo] = {}
        self._reason = label(role="error", wrap=True)
        self.table = self._make_table()
        self._box = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._box.accepted.connect(self.accept)
        self._box.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(label(f"{self._guess.rows:,} rows · {Path(path).name}", "muted"))
        column.addWidget(self.table, 1)
        for warning in self._guess.warnings[:5]:
            column.addWidget(label(warning, "warning", wrap=True))
        column.addWidget(self._reason)
        column.addWidget(self._box)
        self._judge()

    def combo(self, column: str) -> QuietCombo:
        """Return the list of uses of a column."""
        return self._combos[column]

    def uses(self) -> dict[str, Value]:
        """Return the columns whose use differs from the guess or was chosen before."""
        return dict(self._chosen)

    def _make_table(self) -> QTableWidget:
        columns = self._guess.columns
        table = QTableWidget(len(columns), len(_HEADS))
        table.setHorizontalHeaderLabels(list(_HEADS))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(36)
        table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        head = table.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        head.setSectionResizeMode(4, QHeaderView.ResizeMode.Stretch)
        head.resizeSection(1, 190)
        head.resizeSection(2, 150)
        head.resizeSection(3, 60)
        for row, column in enumerate(columns):
            texts = (column.name, "", _looks(column), str(column.missing or ""), _examples(column))
            for place, text in enumerate(texts):
                table.setItem(row, place, QTableWidgetItem(text))
            table.setCellWidget(row, 1, self._uses_of(column))
        return table

    def _uses_of(self, column: Column) -> QuietCombo:
        combo = QuietCombo()
        for use, help_ in COLUMN_USES.items():
            combo.addItem(_TITLES[use], use)
            combo.setItemData(combo.count() - 1, help_, Qt.ItemDataRole.ToolTipRole)
        combo.setCurrentIndex(combo.findData(column.use))
        combo.setAccessibleName(f"Use of {column.name}")
        combo.activated.connect(lambda index: self._choose(column.name, combo.itemData(index)))
        self._combos[column.name] = combo
        return combo

    def _choose(self, name: str, use: str) -> None:
        self._chosen[name] = use
        if use in {"class", "value"}:
            for other, chosen in list(self._chosen.items()):
                if other != name and chosen in {"class", "value"}:
                    del self._chosen[other]
        for column in settle(self._guess.columns, self._chosen):
            combo = self._combos[column.name]
            combo.setCurrentIndex(combo.findData(column.use))
        self._judge()

    def _judge(self) -> None:
        uses = [combo.currentData() for combo in self._combos.values()]
        targets = sum(use in {"class", "value"} for use in uses)
        inputs = sum(use in {"number", "category", "ordinal"} for use in uses)
        reason = "" if targets == 1 else "Choose exactly one column to predict."
        if not inputs:
            reason = "Choose at least one column as input."
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        self._box.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not reason)


def _looks(column: Column) -> str:
    return "numbers" if column.numeric else f"words, {column.distinct} different"


def _examples(column: Column) -> str:
    return ", ".join(column.examples)
