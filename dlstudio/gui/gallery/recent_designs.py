"""The recent designs of the gallery's sidebar, each with an outline and its last result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from dlstudio.design.library.example_results import run_fingerprint, stored_results
from dlstudio.design.library.files import FileError, load
from dlstudio.design.model.model import Project
from dlstudio.gui.gallery.card_metrics import scale
from dlstudio.gui.gallery.card_painter import elided, rounded_top
from dlstudio.gui.gallery.network_thumbnail import network_thumbnail
from dlstudio.gui.gallery.picture_loader import picture_of
from dlstudio.gui.style.theme import current_theme, font_size, text_font
from dlstudio.gui.widgets.metric_format import format_metric
from dlstudio.training.metrics.metric_names import metric_label, split_name
from dlstudio.training.storage.runs import RunInfo, list_runs, runs_dir_for

MAX_DESIGNS = 5
_PICTURE = QSize(66, 46)
_MAIN_METRICS = ("accuracy", "mean_iou", "sequence_accuracy", "mae", "loss")


class RecentDesign(QAbstractButton):
    """One recent design; its outline and result are read after the page is shown."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._picture = QPixmap()
        self._result = ""
        self.setText(path.stem)
        self.setToolTip(str(path))
        self.setAccessibleName(f"Open {path.stem}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(round((_PICTURE.height() + 8) * max(1.0, scale() * 0.9)))

    @property
    def result(self) -> str:
        """The last result and its day; empty without a run."""
        return self._result

    def read(self) -> None:
        """Read the design and its last run."""
        try:
            project = load(self.path)
        except FileError:
            self._result = "cannot be read"
        else:
            self._picture = _picture(project)
            runs = list_runs(runs_dir_for(self.path))
            self._result = result_text(runs[-1], datetime.now().astimezone()) if runs else ""
        self.setAccessibleDescription(self._result)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        rect = QRectF(self.rect())
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(rect, 6, 6)
        place = QRectF(4, (rect.height() - _PICTURE.height()) / 2, *_PICTURE.toTuple())
        painter.save()
        painter.setClipPath(rounded_top(place, 5))
        painter.fillRect(place, theme.colour("card"))
        if not self._picture.isNull():
            painter.drawPixmap(place, self._picture, QRectF(self._picture.rect()))
        painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        self._draw_text(painter, rect.adjusted(_PICTURE.width() + 14, 0, -4, 0))
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 1.5))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def _draw_text(self, painter: QPainter, rect: QRectF) -> None:
        theme = current_theme()
        title, small = text_font(weight=QFont.Weight.Medium), text_font(max(font_size() - 1, 11))
        height = QFontMetricsF(title).height()
        top = rect.center().y() - (height if self._result else height / 2)
        painter.setFont(title)
        painter.setPen(theme.colour("text"))
        row = QRectF(rect.left(), top, rect.width(), height)
        painter.drawText(row, elided(self.text(), title, rect.width()))
        painter.setFont(small)
        painter.setPen(theme.colour("muted"))
        row.translate(0, height + 1)
        painter.drawText(row, elided(self._result, small, rect.width()))


class RecentDesigns(QWidget):
    """The list of recent designs.

    Signals:
        chosen: A design was chosen; carries its path.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[RecentDesign] = []
        self._unread: list[RecentDesign] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._read_next)

    @property
    def is_complete(self) -> bool:
        """Whether every design was read."""
        return not self._unread

    def show_paths(self, paths: Sequence[Path]) -> None:
        """Show these designs, at most `MAX_DESIGNS`."""
        for entry in self.entries:
            self._column.removeWidget(entry)
            entry.hide()
            entry.deleteLater()
        self.entries = [RecentDesign(path) for path in paths[:MAX_DESIGNS]]
        for entry in self.entries:
            entry.clicked.connect(self._choose)
            self._column.addWidget(entry)
        self._unread = list(self.entries)
        self._timer.start(0)

    def _choose(self) -> None:
        entry = self.sender()
        if isinstance(entry, RecentDesign):
            self.chosen.emit(entry.path)

    def _read_next(self) -> None:
        if self._unread:
            self._unread.pop(0).read()
            self._timer.start(0)


def result_text(run: RunInfo, now: datetime) -> str:
    """Return the main result of a run and its day: `97.8 % test · yesterday`."""
    day = day_text(datetime.fromtimestamp(run.started).astimezone(), now)
    for subset in ("test", "validation"):
        for metric in _MAIN_METRICS:
            name = f"{subset}_{metric}"
            if name in run.metrics:
                value = format_metric(name, run.metrics[name])
                text = value if value.endswith("%") else f"{metric_label(metric)} {value}"
                return f"{text} {split_name(name)[0]} · {day}"
    return day


def day_text(day: datetime, now: datetime) -> str:
    """Return a day as `today`, `yesterday`, a weekday of the last week, or a date."""
    days = (now.date() - day.date()).days
    if days <= 0:
        return "today"
    if days == 1:
        return "yesterday"
    return f"{day:%A}" if days < 7 else f"{day.day} {day:%B}"


def _picture(project: Project) -> QPixmap:
    """Return the picture of the example with the same run, else the outline of the network."""
    mark = run_fingerprint(project)
    for name, result in stored_results().items():
        if result.fingerprint == mark and result.has_picture:
            return picture_of(name)
    return network_thumbnail(project, _PICTURE * 2, current_theme())
