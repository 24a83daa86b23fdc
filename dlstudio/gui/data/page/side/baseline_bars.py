"""Results of simple models as bars, beside which a network can be judged."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dlstudio.gui.style.theme import current_theme, mono_font, text_font
from dlstudio.training.metrics.linear_baseline import Baseline

_ROW = 24
_LINEAR = "#b39c7d"


class BaselineBars(QWidget):
    """One bar for the guess, one for the linear model."""

    def __init__(self) -> None:
        super().__init__()
        self._baseline: Baseline | None = None
        self._is_busy = False

    def sizeHint(self) -> QSize:
        return QSize(240, len(self._rows()) * _ROW)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def show_busy(self) -> None:
        """Dim the last result: another one is being computed."""
        self._is_busy = True
        self.update()

    def show_baseline(self, baseline: Baseline | None) -> None:
        """Show results, or nothing."""
        self._baseline, self._is_busy = baseline, False
        self.setAccessibleName(", ".join(f"{name}: {text}" for name, text, _ in self._rows()))
        self.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current_theme()
        if self._is_busy:
            painter.setOpacity(0.45)
        rows = self._rows()
        painter.setFont(text_font(0))
        name_width = max(
            (painter.fontMetrics().horizontalAdvance(name) for name, _, _ in rows), default=0
        )
        name_width = min(name_width + 12, 3 * self.width() // 5)
        bold = mono_font(0, mono_font().Weight.DemiBold)
        for index, (name, text, share) in enumerate(rows):
            line = QRectF(0, index * _ROW, self.width(), _ROW)
            painter.setFont(text_font(0))
            painter.setPen(theme.colour("text"))
            elided = painter.fontMetrics().elidedText(
                name, Qt.TextElideMode.ElideRight, name_width - 6
            )
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, elided)
            painter.setFont(bold)
            painter.drawText(
                line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text
            )
            right = painter.fontMetrics().horizontalAdvance("000.0 %") + 10
            width = max(self.width() - name_width - right, 10)
            track = QRectF(name_width, line.center().y() - 5, width, 10)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(track, 5, 5)
            painter.setBrush(theme.colour("wire") if index == 0 else QColor(_LINEAR))
            track.setWidth(max(width * share, 4))
            painter.drawRoundedRect(track, 5, 5)
        painter.end()

    def _rows(self) -> list[tuple[str, str, float]]:
        """Return the title, result and length of each bar."""
        baseline = self._baseline
        if baseline is None:
            return []
        results = [(baseline.guess_title, baseline.guess)]
        if baseline.linear_title:
            results.append((baseline.linear_title, baseline.linear))
        if baseline.measure == "accuracy":
            return [(name, f"{100 * value:.1f} %", value) for name, value in results]
        worst = max([value for _, value in results] + [1e-12])
        return [(name, f"{value:.4g}", value / worst) for name, value in results]


def baseline_text(baseline: Baseline | None) -> str:
    """Return what the results mean for a network."""
    if baseline is None:
        return "There is no simple model to compare with for this data."
    if baseline.unit:
        return (
            f"Correct of {baseline.rows:,} {baseline.unit} of the {baseline.subset} samples. "
            f"A network is worth it if it beats {100 * baseline.best:.0f}\u00a0%."
        )
    rows = f"{baseline.rows:,} {baseline.subset} samples"
    if baseline.measure == "accuracy":
        points = f"{100 * baseline.standard_error:.0f}"
        text = f"Correct of {rows}; with so many, the standard error is {points} points."
        if baseline.best > 0.995:
            return f"{text} A linear model already suffices."
        best = f"{100 * baseline.best:.0f}\u00a0%"
        return f"{text} A network is worth it if it beats {best} by more than that."
    text = f"Mean absolute error on {rows}, ± {baseline.standard_error:.3g}."
    if baseline.linear_title:
        text += f" R² of the ridge regression: {baseline.r2:.2f}."
    return f"{text} A network is worth it if its error is below {baseline.best:.4g}."
