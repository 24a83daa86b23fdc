"""Vertical lines at the changes of a run, where it was continued, and at the kept epoch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt

from dlstudio.gui.plots.curves.curve_style import abbreviate, with_alpha
from dlstudio.gui.style.theme import current_theme, text_font

CONTINUED = "continued"
"""The text at the border of two spans."""


class ChangeLines:
    """The lines of one plot; only lines that differ are redrawn."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self._lines: list[Any] = []
        self._shown: tuple[list[tuple[float, str]], list[tuple[float, str]], str] = ([], [], "")

    def show(
        self,
        changes: Sequence[tuple[float, str]],
        borders: Sequence[float] = (),
        kept: Sequence[tuple[float, str]] = (),
    ) -> None:
        """Show the changes, each with its position on the axis and its text.

        Args:
            changes: Position and text of each change.
            borders: Positions at which the run was continued.
            kept: Position and text of the epoch whose weights were kept, if it is not the last.
        """
        changes = [(position, abbreviate(text)) for position, text in changes]
        marks = [*((position, CONTINUED) for position in borders), *kept]
        shown = changes, marks, current_theme().name
        if shown == self._shown:
            return
        self._shown = shown
        for line in self._lines:
            self._plot.removeItem(line)
        self._lines = [
            *(_create_line(position, text, rank) for rank, (position, text) in enumerate(changes)),
            *(_create_mark(position, text) for position, text in marks),
        ]
        for line in self._lines:
            self._plot.addItem(line, ignoreBounds=True)


def _create_mark(position: float, text: str) -> Any:
    """Return a thin line with its text between falling losses and rising accuracies."""
    theme = current_theme()
    line = pg.InfiniteLine(
        position,
        angle=90,
        pen=pg.mkPen(with_alpha(theme.muted, 0.7), width=1),
        label=text,
        labelOpts={
            "position": 0.5,
            "color": theme.muted,
            "anchors": [(0, 0.5), (1, 0.5)],
            "fill": with_alpha(theme.panel, 0.7),
        },
    )
    line.label.setFont(text_font(11))
    return line


def _create_line(position: float, text: str, rank: int) -> Any:
    theme = current_theme()
    line = pg.InfiniteLine(
        position,
        angle=90,
        pen=pg.mkPen(theme.accent, width=1, style=Qt.PenStyle.DashLine),
        label=text,
        labelOpts={
            "position": 0.94 - 0.11 * (rank % 4),
            "color": theme.accent_text,
            "anchors": [(0, 0.5), (1, 0.5)],
            "fill": with_alpha(theme.panel, 0.7),
        },
    )
    line.label.setFont(text_font(11))
    return line
