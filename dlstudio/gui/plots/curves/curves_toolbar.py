"""The controls above the curves, and the text for the pointer position. Imports no run."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QSlider, QToolButton, QWidget

from dlstudio.gui.plots.curves.chart import ChartSettings
from dlstudio.gui.plots.curves.curve_style import VIEWS
from dlstudio.gui.style.icons import icon
from dlstudio.gui.widgets.basic_widgets import ElidedLabel, label, set_style_property

_GAP = 4
_WIDE_WIDTH = 618
"""Width from which all controls have labels."""
_ICON_AND_TEXT = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
_ICON_ONLY = Qt.ToolButtonStyle.ToolButtonIconOnly


class CurvesToolbar(QWidget):
    """Changes the settings of a chart.

    Signals:
        view_changed: The user chose other quantities to plot.
        axes_changed: The user chose another unit or scale of the axes.
        smoothing_changed: The user changed the smoothing of the training loss.
        fit_requested: The user wants to see the whole run.
        export_requested: The user wants to save the curves.
    """

    view_changed = Signal()
    axes_changed = Signal()
    smoothing_changed = Signal()
    fit_requested = Signal()
    export_requested = Signal()

    def __init__(self, settings: ChartSettings) -> None:
        """Show `settings` and change them in place."""
        super().__init__()
        self._settings = settings
        self.readout = ElidedLabel("small")
        self.view_button = self._create_view_button()
        self._smoothing_label = label("Smooth", "small")
        self.smoothing = self._create_smoothing()
        self.by_epoch = _toggle_button("Epochs", "Show epochs instead of steps", on=True)
        self.logarithmic = _toggle_button("Log", "Logarithmic scale for the loss", on=False)
        self.fit_button = _tool_button("", "fit", "Show the whole run (double click on the plot)")
        self.export_button = _tool_button("", "export", "Save the curves as PNG, SVG or CSV")
        self.by_epoch.toggled.connect(self._set_by_epoch)
        self.logarithmic.toggled.connect(self._set_logarithmic)
        self.fit_button.clicked.connect(self.fit_requested)
        self.export_button.clicked.connect(self.export_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addWidget(self.view_button)
        row.addWidget(self.readout, 1)
        for widget in (self._smoothing_label, self.smoothing, self.by_epoch, self.logarithmic,
                       self.fit_button, self.export_button):  # fmt: skip
            row.addWidget(widget)

    def show_readout(self, *variants: str) -> None:
        """Show a text in the longest variant that fits, and reserve space for the shortest."""
        self.readout.set_texts(*variants)
        self.readout.setMinimumWidth(self.readout.fontMetrics().horizontalAdvance(variants[-1]))

    def set_compact(self, compact: bool) -> None:
        """Use buttons of small height."""
        for tool in (
            self.view_button,
            self.by_epoch,
            self.logarithmic,
            self.fit_button,
            self.export_button,
        ):
            set_style_property(tool, "density", "compact" if compact else "")
        self.updateGeometry()  # else the panel keeps the old height until a later event

    def apply_theme(self) -> None:
        """Draw the icons in the colours of the theme."""
        for tool, name in (
            (self.view_button, "curves"),
            (self.fit_button, "fit"),
            (self.export_button, "export"),
        ):
            tool.setIcon(icon(name))

    def minimumSizeHint(self) -> QSize:
        """Return the size needed without the labels that can be hidden."""
        controls = (
            self.readout,
            self.smoothing,
            self.by_epoch,
            self.logarithmic,
            self.export_button,
        )
        width = sum(
            max(control.minimumWidth(), control.minimumSizeHint().width()) + _GAP
            for control in controls
        )
        width += 2 * self.fit_button.minimumSizeHint().width() + _GAP  # the view's icon is as wide
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide labels if narrow."""
        super().resizeEvent(event)
        self._hide_labels_if_narrow()

    def _hide_labels_if_narrow(self) -> None:
        self._smoothing_label.setVisible(self.width() >= _WIDE_WIDTH)
        has_text = self.width() >= self.minimumSizeHint().width() + self._view_text_width()
        self.view_button.setToolButtonStyle(_ICON_AND_TEXT if has_text else _ICON_ONLY)

    def _view_text_width(self) -> int:
        """Return the width that the text adds to the view button."""
        return 4 + self.view_button.fontMetrics().horizontalAdvance(f" {self.view_button.text()} ")

    def _create_view_button(self) -> QToolButton:
        view_button = _tool_button("Loss and metrics", "curves", "Quantity to plot")
        view_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        menu = QMenu(view_button)
        for name, title in VIEWS.items():
            menu.addAction(title, partial(self._set_view, name))
        view_button.setMenu(menu)
        return view_button

    def _create_smoothing(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, 100)
        slider.setValue(round(100 * self._settings.smoothing))
        slider.setMinimumWidth(40)
        slider.setMaximumWidth(84)
        slider.setToolTip("Smoothing of the training loss")
        slider.setAccessibleName("Smoothing")
        slider.valueChanged.connect(self._set_smoothing)
        return slider

    def _set_view(self, name: str) -> None:
        self._settings.view = name
        self.view_button.setText(VIEWS[name])
        self._hide_labels_if_narrow()
        self.view_changed.emit()

    def _set_by_epoch(self, on: bool) -> None:
        self._settings.by_epoch = on
        self.axes_changed.emit()

    def _set_logarithmic(self, on: bool) -> None:
        self._settings.logarithmic = on
        self.axes_changed.emit()

    def _set_smoothing(self, value: int) -> None:
        self._settings.smoothing = value / 100
        self.smoothing_changed.emit()


def _tool_button(text: str, icon_name: str, tip: str) -> QToolButton:
    tool = QToolButton()
    tool.setText(text)
    tool.setIcon(icon(icon_name))
    tool.setToolTip(tip)
    tool.setAccessibleName(tip)
    tool.setProperty("look", "quiet")
    tool.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    if text:
        tool.setToolButtonStyle(_ICON_AND_TEXT)
    return tool


def _toggle_button(text: str, tip: str, *, on: bool) -> QToolButton:
    toggle = QToolButton()
    toggle.setText(text)
    toggle.setToolTip(tip)
    toggle.setCheckable(True)
    toggle.setChecked(on)
    return toggle
