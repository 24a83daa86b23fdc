"""The dialog in which points of several classes are drawn by hand."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QMouseEvent, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dlstudio.data.sources.framework.source_setting_types import Point, Points
from dlstudio.gui.style.theme import current_theme
from dlstudio.gui.widgets.basic_widgets import button, label
from dlstudio.gui.widgets.class_markers import class_colour
from dlstudio.gui.widgets.plane import begin_plane

AXIS_LIMIT = 2.0
"""Both axes range from −AXIS_LIMIT to AXIS_LIMIT."""
_CLASS_COUNT = 4
_SPACING = 12.0
_DOT_RADIUS = 5.0
_LETTERS = "ABCDEFGHIJ"


class PointEditor(QWidget):
    """Adds points along a drag of the mouse; the right button erases."""

    changed = Signal()

    def __init__(self, points: Iterable[object]) -> None:
        super().__init__()
        self.points: tuple[Point, ...] = _parse_points(points)
        self.label = 0
        """The class of new points."""
        self._undo_stack: list[tuple[Point, ...]] = []
        self._last_position: QPointF | None = None
        self.setMinimumSize(QSize(320, 320))
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("Point editor")

    def clear(self) -> None:
        self._set_points((), remember=True)

    def undo(self) -> None:
        """Undo the last stroke or clear."""
        if self._undo_stack:
            self._set_points(self._undo_stack.pop(), remember=False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._undo_stack.append(self.points)
        self._last_position = None
        self._apply_stroke(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons():
            self._apply_stroke(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current_theme()
        painter = begin_plane(self)
        painter.setPen(QPen(theme.colour("grid"), 1))
        centre = self._to_widget(0.0, 0.0)
        painter.drawLine(QPointF(centre.x(), 6), QPointF(centre.x(), self.height() - 6))
        painter.drawLine(QPointF(6, centre.y()), QPointF(self.width() - 6, centre.y()))
        painter.setPen(QPen(theme.colour("canvas"), 1))
        for x, y, label_ in self.points:
            painter.setBrush(class_colour(label_))
            painter.drawEllipse(self._to_widget(x, y), _DOT_RADIUS, _DOT_RADIUS)
        painter.end()

    def _apply_stroke(self, event: QMouseEvent) -> None:
        position = event.position()
        if not QRectF(self.rect()).contains(position):
            return
        if event.buttons() & Qt.MouseButton.RightButton:
            self._set_points(
                tuple(point for point in self.points if not self._is_near(point, position))
            )
        elif (
            self._last_position is None
            or (position - self._last_position).manhattanLength() >= _SPACING
        ):
            self._last_position = position
            self._set_points((*self.points, (*self._from_widget(position), self.label)))

    def _is_near(self, point: Point, position: QPointF) -> bool:
        return (
            self._to_widget(point[0], point[1]) - position
        ).manhattanLength() < 2.5 * _DOT_RADIUS

    def _set_points(self, points: tuple[Point, ...], *, remember: bool = False) -> None:
        if points != self.points:
            if remember:
                self._undo_stack.append(self.points)
            self.points = points
            self.update()
            self.changed.emit()

    def _to_widget(self, x: float, y: float) -> QPointF:
        widget_x = (x + AXIS_LIMIT) / (2 * AXIS_LIMIT) * self.width()
        return QPointF(widget_x, (AXIS_LIMIT - y) / (2 * AXIS_LIMIT) * self.height())

    def _from_widget(self, position: QPointF) -> tuple[float, float]:
        x = position.x() / self.width() * 2 * AXIS_LIMIT - AXIS_LIMIT
        y = AXIS_LIMIT - position.y() / self.height() * 2 * AXIS_LIMIT
        return round(x, 3), round(y, 3)


class PointsDialog(QDialog):
    """The point editor with class buttons, undo and clear."""

    def __init__(self, points: object, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Draw points")
        self.editor = PointEditor(points if isinstance(points, (tuple, list)) else ())
        self._count = label(role="muted")
        self.classes = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(label("Drag to draw, drag with the right button to erase.", "muted"))
        column.addLayout(self._create_tools())
        column.addWidget(self.editor, 1)
        column.addWidget(self._count)
        box = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        column.addWidget(box)
        self.editor.changed.connect(self._show_counts)
        self._show_counts()

    def _create_tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        for index in range(_CLASS_COUNT):
            class_button = QPushButton(f"Class {_LETTERS[index]}")
            class_button.setCheckable(True)
            class_button.setChecked(index == 0)
            class_button.setShortcut(QKeySequence(str(index + 1)))
            class_button.setStyleSheet(
                f"QPushButton {{ border-left: 5px solid {class_colour(index).name()}; }}"
                f"QPushButton:checked {{ border-color: {class_colour(index).name()}; }}"
            )
            self.classes.addButton(class_button, index)
            row.addWidget(class_button)
        self.classes.idClicked.connect(lambda index: setattr(self.editor, "label", index))
        row.addStretch(1)
        undo = button("Undo", self.editor.undo, look="quiet", icon_name="undo")
        undo.setShortcut(QKeySequence(QKeySequence.StandardKey.Undo))
        row.addWidget(undo)
        row.addWidget(button("Clear", self.editor.clear, look="quiet", icon_name="delete"))
        return row

    def _show_counts(self) -> None:
        labels = [point[2] for point in self.editor.points]
        counts = ", ".join(
            f"{labels.count(index)} of class {_LETTERS[index]}" for index in sorted(set(labels))
        )
        self._count.setText(counts or "No points yet; draw at least two classes.")


def _parse_points(points: Iterable[object]) -> tuple[Point, ...]:
    setting = Points(title="Points", help="", default=())
    return setting.parse(tuple(points))
