"""Sliders for the latent dimensions; a move is decoded at once."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from dlstudio.gui.widgets.basic_widgets import ElidedLabel, button, label
from dlstudio.insight.samples.sample_views import LatentView

MAX_SLIDERS = 16
"""Only the dimensions that change the sample most get a slider."""
_STEPS = 200
_WIDTH = 286


class LatentSliders(QWidget):
    """Moves a sample along the dimensions of the latent space.

    Signals:
        moved: The new position, as a tuple of floats.
        reset_requested: The sample's own position should be restored.
        shuffle_requested: Another sample should be shown.
    """

    moved = Signal(object)
    reset_requested = Signal()
    shuffle_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._view: LatentView | None = None
        self.sliders: list[QSlider] = []
        self._names: list[QLabel] = []
        self._values: list[QLabel] = []
        self.reset_button = button("Reset", self.reset_requested.emit, icon_name="reset")
        self.reset_button.setToolTip("Restore the sample's own position")
        self.shuffle_button = button("Shuffle", self.shuffle_requested.emit, icon_name="runs")
        self.shuffle_button.setToolTip("Show another sample")
        self._heading = ElidedLabel("caption")
        self.setFixedWidth(_WIDTH)
        self._build()

    def show_space(self, view: LatentView | None) -> None:
        """Show a sample's position; a slider being dragged keeps its value."""
        self._view = view
        if view is None:
            return
        count = min(len(view.order), MAX_SLIDERS)
        more = f" of {len(view.order)}" if len(view.order) > count else ""
        self._heading.set_texts(
            f"{count}{more} latent dimensions", f"{count}{more} dimensions", f"{count}{more}"
        )
        self._heading.setToolTip("The dimensions that change the sample most come first")
        while len(self.sliders) < count:
            self._add_slider()
        for index, slider in enumerate(self.sliders):
            row = (slider, self._names[index], self._values[index])
            for widget in row:
                widget.setVisible(index < count)
            if index < count:
                self._update_slider(index, int(view.order[index]), view)

    def _build(self) -> None:
        inner = QWidget()
        self._grid = QGridLayout(inner)
        self._grid.setContentsMargins(0, 0, 8, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self._heading, 1)
        buttons.addWidget(self.reset_button)
        buttons.addWidget(self.shuffle_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(buttons)
        column.addWidget(area, 1)

    def sizeHint(self) -> QSize:
        """Return a fixed width and a small height, because the sliders scroll."""
        return QSize(_WIDTH, 120)

    def _add_slider(self) -> None:
        index = len(self.sliders)
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, _STEPS)
        slider.setPageStep(_STEPS // 10)
        slider.valueChanged.connect(lambda _value: self._on_slider_moved(index))
        name, value = label(role="tag"), label(role="mono")
        value.setMinimumWidth(46)
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for column, widget in enumerate((name, slider, value)):
            self._grid.addWidget(widget, index, column)
        self._grid.setRowStretch(index, 0)
        self._grid.setRowStretch(index + 1, 1)
        self.sliders.append(slider)
        self._names.append(name)
        self._values.append(value)

    def _update_slider(self, index: int, axis: int, view: LatentView) -> None:
        slider = self.sliders[index]
        self._names[index].setText(f"z{axis}")
        slider.setAccessibleName(f"Latent dimension {axis}")
        if slider.isSliderDown():
            return
        low, high = float(view.low[axis]), float(view.high[axis])
        share = (float(view.position[axis]) - low) / max(high - low, 1e-9)
        with QSignalBlocker(slider):
            slider.setValue(round(min(max(share, 0.0), 1.0) * _STEPS))
        self._values[index].setText(_value_text(float(view.position[axis])))

    def _on_slider_moved(self, index: int) -> None:
        """Emit the new position; the values of the other dimensions stay exact."""
        view = self._view
        if view is None:
            return
        axis = int(view.order[index])
        low, high = float(view.low[axis]), float(view.high[axis])
        value = low + self.sliders[index].value() / _STEPS * (high - low)
        self._values[index].setText(_value_text(value))
        position = view.position.copy()
        position[axis] = value
        self._view = LatentView(position, view.low, view.high, view.order)
        self.moved.emit(tuple(np.asarray(position, np.float64).tolist()))


def _value_text(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
