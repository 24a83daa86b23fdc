"""The design's name at the right end of the menu bar."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

TITLE_WIDTH = 360


class TitleLabel(QLabel):
    """Shows the name of a design and whether it is saved; a long name is elided in the middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "muted")
        self.setContentsMargins(0, 0, 14, 0)
        self.setMinimumWidth(TITLE_WIDTH)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def show_design(self, name: str, *, clean: bool) -> None:
        """Show a design's name; `clean` without unsaved changes."""
        suffix = f" {'' if clean else '(not saved) '}\u2022 dlstudio"
        metrics, margins = self.fontMetrics(), self.contentsMargins()
        width = self.minimumWidth() - margins.left() - margins.right()
        width -= metrics.horizontalAdvance(suffix) + metrics.averageCharWidth()
        self.setText(metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, width) + suffix)
        self.setToolTip(name)
