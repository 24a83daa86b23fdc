"""The toolbar of an analysis: its options, the start button, progress and errors."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from dlstudio.gui.plots.analyses.analysis_task import AnalysisTask
from dlstudio.gui.plots.inputs.input_source import InputSource
from dlstudio.gui.plots.inputs.state_source import StateSource
from dlstudio.gui.plots.services.view_services import ViewServices
from dlstudio.gui.widgets.basic_widgets import (
    ElidedLabel,
    button,
    label,
    pass_focus,
    set_style_property,
)

_PROGRESS_SIZE = QSize(110, 8)
_WARM_UP_MILLISECONDS = 250
"""Time for which the toolbar must be visible before the worker is started."""


class AnalysisToolbar(QWidget):
    """Starts and cancels an analysis, and shows its progress.

    Signals:
        start_requested: The start button was pressed.
    """

    start_requested = Signal()

    def __init__(
        self, services: ViewServices, start_text: str, tip: str, source: InputSource | None = None
    ) -> None:
        """Create the toolbar.

        Args:
            services: The parts of the window that the analysis uses.
            start_text: Text of the start button, unless the source has its own.
            tip: Tool tip of that button.
            source: Provides the input; None for the shown network.
        """
        super().__init__()
        self._start_text = start_text
        self.uses_worker: Callable[[], bool] = lambda: True
        """Whether a view would be computed in the worker now."""
        self._warm_up_timer = QTimer(self)
        self._warm_up_timer.setSingleShot(True)
        self._warm_up_timer.setInterval(_WARM_UP_MILLISECONDS)
        self._warm_up_timer.timeout.connect(self._warm_up)
        self.source = source or StateSource(services, self)
        self.task = AnalysisTask(services, self.source, self)
        self.start_button = button(start_text, self.start_requested.emit, look="primary", tip=tip)
        self.cancel_button = button("Cancel", self.task.cancel, tip="Cancel the analysis")
        self.progress_bar = QProgressBar()
        self.progress_bar.setTextVisible(False)
        self.progress_bar.setFixedSize(_PROGRESS_SIZE)
        self.progress_bar.setAccessibleName("Progress")
        self.status = ElidedLabel("small")
        self.choices = QHBoxLayout()
        self.choices.setSpacing(6)
        if self.source.chooser is not None:
            self.choices.addWidget(self.source.chooser)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addLayout(self.choices)
        for widget in (self.start_button, self.cancel_button, self.progress_bar):
            row.addWidget(widget)
        row.addWidget(self.status, 1)
        self.task.progress.connect(self._show_progress)
        self.task.busy_changed.connect(self._update_buttons)
        self.task.failed.connect(self._show_error)
        self.task.done.connect(lambda _result: self.show_status(self.task.note))
        self.source.changed.connect(self._update_start)
        services.network.changed.connect(self._on_network_changed)
        self._update_buttons()

    def showEvent(self, event: QShowEvent) -> None:
        """Prepare the worker while the user looks at the panel."""
        super().showEvent(event)
        self._warm_up_timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._warm_up_timer.stop()

    def _warm_up(self) -> None:
        if self.isVisible() and not self.source.missing_text and self.uses_worker():
            self.task.warm_up()

    def add_choice(self, title: str, widget: QWidget) -> None:
        """Add an option's widget with its title as a label."""
        caption = label(title, "small")
        caption.setBuddy(widget)
        widget.setAccessibleName(title)
        self.choices.addWidget(caption)
        self.choices.addWidget(widget)

    def show_status(self, text: str, role: str = "small") -> None:
        """Show a text beside the buttons."""
        set_style_property(self.status, "role", role)
        self.status.setText(text)

    def _show_progress(self, text: str, share: float | None) -> None:
        self.show_status(f"{text}…")
        self.progress_bar.setRange(0, 0 if share is None else 1000)
        if share is not None:
            self.progress_bar.setValue(round(1000 * share))

    def _show_error(self, text: str, _details: str) -> None:
        self.show_status(text, "error")

    def _on_network_changed(self) -> None:
        self.task.cancel()
        self.show_status("")
        self._update_buttons()

    def _update_buttons(self) -> None:
        busy = self.task.is_busy
        shown, hidden = self.start_button, self.cancel_button
        if busy:
            shown, hidden = hidden, shown
        shown.show()
        self._update_start()
        pass_focus(hidden, shown)
        hidden.hide()
        self.progress_bar.setVisible(busy)
        if not busy:
            self.show_status("")

    def _update_start(self) -> None:
        self.start_button.setText(self.source.start_text or self._start_text)
        has_input = not self.source.missing_text
        if has_input and not self.start_button.isEnabled() and self.isVisible():
            self._warm_up_timer.start()
        self.start_button.setEnabled(has_input)
