"""Chooses the sample to show: a subset of the data and an index in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio.gui.forms.setting_editors import FormComboBox
from dlstudio.gui.style.icons import icon
from dlstudio.gui.style.theme import text_font, theme_changes
from dlstudio.gui.widgets.basic_widgets import button
from dlstudio.gui.widgets.field import StepField
from dlstudio.insight.activations.activation_views import SampleChoice

_LONGEST_SUBSET = "validation"
"""The subset with the longest name."""
_COMBO_PADDING = 64
"""Width of a combo box besides its text."""


class SampleChooser(QWidget):
    """A combo box of subsets, an index field, and buttons to the previous and next sample."""

    chosen = Signal(str, int)

    def __init__(self) -> None:
        super().__init__()
        self._choice = SampleChoice()
        self._sample_count = 1
        self.subset = FormComboBox()
        self.subset.setAccessibleName("Subset of the data")
        self.subset.activated.connect(lambda _at: self.chosen.emit(self.subset.currentText(), 0))
        self.index = StepField()
        self.index.setAccessibleName("Index of the sample")
        self.index.setFixedWidth(62)
        self.index.committed.connect(self._commit_index)
        self.previous_button = button(
            "", lambda: self._step(-1), look="quiet", tip="Previous sample"
        )
        self.next_button = button("", lambda: self._step(1), look="quiet", tip="Next sample")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3)
        for widget in (self.subset, self.previous_button, self.index, self.next_button):
            row.addWidget(widget)
        for arrow in (self.previous_button, self.next_button):
            arrow.setFixedWidth(26)
        theme_changes.changed.connect(self._apply_theme)
        self._apply_theme()

    def show_choice(self, choice: SampleChoice, subsets: Sequence[str], sample_count: int) -> None:
        """Show a choice among `subsets`; the chosen one has `sample_count` samples."""
        self._choice, self._sample_count = choice, sample_count
        self.subset.setVisible(len(subsets) > 1)
        with QSignalBlocker(self.subset):
            if [self.subset.itemText(index) for index in range(self.subset.count())] != list(
                subsets
            ):
                self.subset.clear()
                self.subset.addItems(list(subsets))
            self.subset.setCurrentText(choice.subset)
        if not self.index.isModified():
            self.index.setText(str(choice.index))

    def _step(self, step: int) -> None:
        index = (self._choice.index + step) % max(self._sample_count, 1)
        self.chosen.emit(self._choice.subset, index)

    def _commit_index(self) -> None:
        text = self.index.text().strip()
        self.index.setModified(False)
        if text.isdecimal() and int(text) < self._sample_count:
            if int(text) != self._choice.index:
                self.chosen.emit(self._choice.subset, int(text))
        else:
            self.index.setText(str(self._choice.index))

    def _apply_theme(self) -> None:
        self.previous_button.setIcon(icon("chevron-left"))
        self.next_button.setIcon(icon("chevron-right"))
        longest = QFontMetrics(text_font()).horizontalAdvance(_LONGEST_SUBSET)
        self.subset.setFixedWidth(longest + _COMBO_PADDING)
