"""Chooses the sample that is sent through the network: a part of the data, a number in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio.gui.icons import icon
from dlstudio.gui.panels.dressing import button
from dlstudio.gui.panels.field import Field
from dlstudio.gui.panels.setting_editors import QuietCombo
from dlstudio.gui.theme import text_font, theme_changes
from dlstudio.insight.views import SampleChoice

_LONGEST = "validation"
"""The part with the longest name."""
_FRAME = 52
"""What a list takes beside its words."""


class SampleChooser(QWidget):
    """A list of parts, a number, and arrows to the next and the previous sample."""

    chosen = Signal(str, int)

    def __init__(self) -> None:
        """Start without parts."""
        super().__init__()
        self._choice = SampleChoice()
        self._samples = 1
        self.part = QuietCombo()
        self.part.setAccessibleName("Part of the data")
        self.part.activated.connect(lambda _at: self.chosen.emit(self.part.currentText(), 0))
        self.index = Field()
        self.index.setAccessibleName("Number of the sample")
        self.index.setFixedWidth(62)
        self.index.committed.connect(self._typed)
        self.back = button("", lambda: self._go(-1), look="quiet", tip="Previous sample")
        self.forth = button("", lambda: self._go(1), look="quiet", tip="Next sample")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3)
        for widget in (self.part, self.back, self.index, self.forth):
            row.addWidget(widget)
        for arrow in (self.back, self.forth):
            arrow.setFixedWidth(26)
        theme_changes.changed.connect(self._dress)
        self._dress()

    def show_choice(self, choice: SampleChoice, parts: Sequence[str], samples: int) -> None:
        """Show a choice among `parts`, of which the chosen one has `samples` samples."""
        self._choice, self._samples = choice, samples
        with QSignalBlocker(self.part):
            if [self.part.itemText(index) for index in range(self.part.count())] != list(parts):
                self.part.clear()
                self.part.addItems(list(parts))
            self.part.setCurrentText(choice.part)
        if not self.index.isModified():
            self.index.setText(str(choice.index))

    def _go(self, step: int) -> None:
        index = (self._choice.index + step) % max(self._samples, 1)
        self.chosen.emit(self._choice.part, index)

    def _typed(self) -> None:
        text = self.index.text().strip()
        self.index.setModified(False)
        if text.isdecimal() and int(text) < self._samples:
            if int(text) != self._choice.index:
                self.chosen.emit(self._choice.part, int(text))
        else:
            self.index.setText(str(self._choice.index))

    def _dress(self) -> None:
        self.back.setIcon(icon("chevron-left"))
        self.forth.setIcon(icon("chevron-right"))
        longest = QFontMetrics(text_font()).horizontalAdvance(_LONGEST)
        self.part.setFixedWidth(longest + _FRAME)
