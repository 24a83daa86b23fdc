"""The dialog that tests learning rates and sets the one that the user chooses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dlstudio.design.edits import set_training
from dlstudio.design.model.model import Project
from dlstudio.design.storage.file_errors import file_error_reason
from dlstudio.gui.actions.action_table import action_title
from dlstudio.gui.background.latest_task import LatestTask
from dlstudio.gui.document.document import Document
from dlstudio.gui.plots.curves.curve_export import save_image
from dlstudio.gui.plots.curves.table_export import not_saved_text
from dlstudio.gui.plots.rate_range.rate_chart import RateChart
from dlstudio.gui.plots.rate_range.rate_table import save_table
from dlstudio.gui.plots.rate_range.rate_work import rate_work
from dlstudio.gui.style.theme import theme_changes
from dlstudio.gui.widgets.basic_widgets import label, set_style_property
from dlstudio.gui.widgets.number_format import format_float
from dlstudio.training.rate_range.range_test import (
    RateCurve,
    suggest,
    sweep_for,
    with_rate,
)
from dlstudio.training.specs.automatic import training_of
from dlstudio.worker.client import Worker

_FILTERS = "Image (*.png);;Vector image (*.svg);;Table (*.csv)"
_PROGRESS_HEIGHT = 6
_SIZE = QSize(680, 520)


class RateRangeDialog(QDialog):
    """Starts a test when it is created; closing cancels it."""

    def __init__(
        self, document: Document, weights: Path | None, worker: Worker, parent: QWidget
    ) -> None:
        """Test the design from imported `weights`, or from new ones."""
        super().__init__(parent)
        self._document = document
        self._weights = weights
        self._worker = worker
        self._task = LatestTask(self, "The test failed")
        self._task.progress.connect(self._show_progress)
        self._task.done.connect(self._show_curve)
        self._task.failed.connect(self._show_failure)
        self.curve: RateCurve | None = None
        """What the last test measured."""
        self.chart = RateChart()
        self.chart.rate_chosen.connect(self._show_rate)
        self.message = label(role="muted", wrap=True)
        self.progress_bar = QProgressBar()
        self.progress_bar.setTextVisible(False)
        self.progress_bar.setFixedHeight(_PROGRESS_HEIGHT)
        self.progress_bar.setAccessibleName("Progress")
        self.use_button = QPushButton()
        self.save_button = QPushButton("&Save…")
        self.repeat_button = QPushButton("Test &again")
        self.setWindowTitle(action_title("find-rate"))
        self._lay_out()
        theme_changes.changed.connect(self.chart.apply_theme)
        self.start()

    @property
    def is_busy(self) -> bool:
        """Whether the test is going on."""
        return self._task.is_busy

    def start(self) -> None:
        """Test the design as it is now."""
        self.curve = None
        sweep = sweep_for(training_of(self._document.project))
        self.chart.show_sweep(sweep)
        self._show_text("Starting…")
        self._task.submit(rate_work(self._document, self._weights, sweep, self._worker))
        self._show_buttons()

    def accept(self) -> None:
        """Set the chosen rate in the design, as one undo step."""
        if self.curve is None or not self.curve.rates:
            return
        rate = self.chart.rate
        self._document.try_edit(
            lambda project: _with_base_rate(project, rate),
            f"Set the learning rate to {format_float(rate)}",
        )
        super().accept()

    def done(self, result: int) -> None:
        """Cancel the test and close."""
        self._task.cancel()
        super().done(result)

    def save_as(self, path: Path) -> None:
        """Save the chart, or the losses as a table, by the suffix of `path`.

        Raises:
            OSError: The file cannot be written.
            ValueError: The suffix is none of `.png`, `.svg` and `.csv`.
        """
        if path.suffix.lower() == ".csv" and self.curve is not None:
            save_table(path, self.curve)
        else:
            save_image(path, self.chart)

    def _lay_out(self) -> None:
        self.use_button.clicked.connect(self.accept)
        self.use_button.setProperty("look", "primary")
        self.use_button.setDefault(True)
        self.save_button.clicked.connect(self._ask_save)
        self.repeat_button.clicked.connect(self.start)
        role = QDialogButtonBox.ButtonRole
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.buttons.addButton(self.use_button, role.AcceptRole)
        self.buttons.addButton(self.save_button, role.ActionRole)
        self.buttons.addButton(self.repeat_button, role.ActionRole)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addWidget(label(self._introduction(), wrap=True))
        column.addWidget(self.chart, 1)
        column.addWidget(self.progress_bar)
        column.addWidget(self.message)
        column.addWidget(self.buttons)
        self.resize(_SIZE)

    def _introduction(self) -> str:
        training = training_of(self._document.project)
        sweep = sweep_for(training)
        start = f"the weights of {self._weights.name}" if self._weights else "new weights"
        text = (
            f"A copy of the network trains from {start} for up to {sweep.steps} steps, while the "
            f"learning rate rises from {format_float(sweep.lowest)} to "
            f"{format_float(sweep.highest)}. Good rates lie where the loss falls, well below the "
            "rate at which it rises."
        )
        if any(group.schedule.name != "constant" for group in training.groups):
            text += " The schedule of the design is ignored."
        if len(training.groups) > 1:
            text += (
                " The rate is that of the first group that is trained; the others keep their ratio "
                "to it, and their factors."
            )
        return text

    def _show_progress(self, text: str, share: float | None) -> None:
        self._show_text(f"{text}…")
        self.progress_bar.setRange(0, 0 if share is None else 1000)
        if share is not None:
            self.progress_bar.setValue(round(1000 * share))

    def _show_curve(self, curve: RateCurve | None) -> None:
        if curve is None:
            return
        self.curve = curve
        suggestion = suggest(curve)
        self.chart.show_curve(curve, suggestion.rate)
        if suggestion.rate is None:
            self._show_text(suggestion.reason, "warning")
        else:
            self._show_text(
                f"Suggested: {format_float(suggestion.rate)}, a tenth of the rate with the lowest "
                "loss. Drag the line to choose another rate; a dashed one marks the suggestion."
            )
        self._show_buttons()
        self.use_button.setDefault(suggestion.rate is not None)
        (self.chart if suggestion.rate is None else self.use_button).setFocus()

    def _show_failure(self, text: str, details: str) -> None:
        self._show_text(text, "error")
        if details:
            self._document.message.emit(f"The learning-rate test failed: {text}\n{details}")
        self._show_buttons()

    def _show_text(self, text: str, role: str = "muted") -> None:
        set_style_property(self.message, "role", role)
        self.message.setText(text)

    def _show_rate(self, rate: float) -> None:
        self.use_button.setText(f"&Use {format_float(rate)}")

    def _show_buttons(self) -> None:
        has_curve = self.curve is not None and bool(self.curve.rates)
        if not has_curve:
            self.use_button.setText("&Use this rate")
        self.use_button.setEnabled(has_curve)
        self.save_button.setEnabled(has_curve)
        self.repeat_button.setEnabled(not self.is_busy)
        self.progress_bar.setVisible(self.is_busy)

    def _ask_save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save the test", "learning-rates.png", _FILTERS)
        if not name:
            return
        try:
            self.save_as(Path(name))
        except ValueError as error:
            self._show_text(f"The curves were not saved. {error}", "error")
        except OSError as error:
            self._show_text(not_saved_text(file_error_reason(error)), "error")


def _with_base_rate(project: Project, rate: float) -> Project:
    """Return the project with explicit rates; other automatic values stay automatic."""
    resolved = with_rate(training_of(project), rate)
    groups = tuple(
        replace(group, optimiser=other.optimiser)
        for group, other in zip(project.training.groups, resolved.groups, strict=True)
    )
    return set_training(project, replace(project.training, groups=groups))
