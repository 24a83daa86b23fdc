"""The samples panel: predictions or generated samples, during a run and on demand."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dlstudio.design.model.model import Project
from dlstudio.design.storage.file_errors import file_error_reason
from dlstudio.gui.plots.samples.generation_progress import GenerationProgress
from dlstudio.gui.plots.samples.latent_sliders import LatentSliders
from dlstudio.gui.plots.samples.prompt_line import PromptLine
from dlstudio.gui.plots.samples.sample_drawing import SampleDrawing
from dlstudio.gui.plots.samples.sample_export import export_path, filters_for, save_samples
from dlstudio.gui.plots.samples.sample_options import SampleOptions
from dlstudio.gui.plots.samples.sample_source import SampleSource
from dlstudio.gui.plots.services.view_services import ViewServices
from dlstudio.gui.style.theme import theme_changes
from dlstudio.gui.widgets.basic_widgets import ElidedLabel, button, label
from dlstudio.gui.widgets.field import StepField
from dlstudio.gui.widgets.overflow import show_button_text
from dlstudio.insight.samples.sample_views import SamplesView
from dlstudio.training.specs.core.task_spec import INTERPOLATION
from dlstudio.training.specs.registry import TASKS

_PURPOSE = "This panel shows the network's output: predictions, images, texts, forecasts."
_TRAIN_HINT = "Press Train to see it improve."
_GENERATING = "Generating samples…"
_STOPPED = "No samples were generated. Press “New samples” to try again."
_SAVE_TIP = "Save as an image, or texts as a text file"
_LATENT_TIP = "Move along latent dimensions"
_WIDE_WIDTH = 640
"""Width in pixels from which the buttons show their texts."""


class SamplesPanel(QWidget):
    """Shows the samples of a run's network; the seed chooses which.

    Signals:
        save_failed: Message why the samples could not be saved.
    """

    save_failed = Signal(str)

    def __init__(self, services: ViewServices) -> None:
        super().__init__()
        self._network = services.network
        self.source = SampleSource(services.network, services.session, self)
        self.view: SamplesView | None = None
        self.heading = ElidedLabel("title")
        self.error_label = label(role="error", wrap=True)
        self.drawing = SampleDrawing()
        self.seed = StepField()
        self.next_button = button(
            "New samples", self.sample_next, icon_name="runs", tip="Sample with the next seed"
        )
        self.options = SampleOptions()
        self.latent_button = button(
            "Latent", self._toggle_latent, icon_name="curves", tip=_LATENT_TIP, look="switch"
        )
        self.latent_button.setCheckable(True)
        self._activity = self._blocker = ""
        self.sliders = LatentSliders()
        self.prompt = PromptLine()
        self.save_button = button("Save…", self._ask_export, icon_name="export", tip=_SAVE_TIP)
        self.progress = GenerationProgress()
        self._button_texts = {
            widget: widget.text()
            for widget in (self.latent_button, self.options, self.next_button, self.save_button)
        }
        self._build()
        self._connect()
        self._show()

    @property
    def is_busy(self) -> bool:
        """Whether samples are being generated outside a run."""
        return self.source.is_busy

    def show_placeholder(self, activity: str, blocker: str) -> None:
        """Set the placeholder text: the current activity, or what blocks training."""
        self._activity, self._blocker = activity, blocker
        self._update_placeholder(generating=self.source.is_busy)

    def sample_next(self) -> None:
        """Sample with the next seed; an interpolation continues from its end to the next sample."""
        request = self.source.request
        if request.sampler == INTERPOLATION and not request.explore_latent:
            self._request_samples(start=request.end, end=request.end + 1)
            self.options.show_request(self.source.request)
        else:
            self._request_samples(seed=request.seed + 1, latent=())

    def save_as(self, path: Path) -> None:
        """Save the samples: see `save_samples`.

        Raises:
            OSError: The file cannot be written.
            ValueError: The suffix is not supported.
        """
        if self.view is not None:
            save_samples(path, self.drawing, self.view)

    def showEvent(self, event: QShowEvent) -> None:
        """Start generating samples."""
        super().showEvent(event)
        self.source.set_visible(visible=True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop generating samples."""
        super().hideEvent(event)
        self.source.set_visible(visible=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show only the buttons' icons if the panel is narrow."""
        super().resizeEvent(event)
        show_button_text(self._button_texts, visible=self.width() >= _WIDE_WIDTH)

    def _build(self) -> None:
        self._placeholder = label(role="muted", wrap=True)
        self._update_placeholder(generating=False)
        self._placeholder.setAlignment(Qt.AlignmentFlag.AlignCenter)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._build_head())
        column.addWidget(self.prompt)
        column.addWidget(self.error_label)
        column.addLayout(self._build_middle(), 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._placeholder)
        self._stack.addWidget(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 8, 12, 8)
        outer.addWidget(self._stack, 1)
        outer.addWidget(self.progress)

    def _build_middle(self) -> QHBoxLayout:
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(self.drawing)
        area.setAccessibleName("Samples")
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addWidget(area, 1)
        middle.addWidget(self.sliders)
        return middle

    def _build_head(self) -> QHBoxLayout:
        self.seed.setFixedWidth(64)
        self.seed.setAccessibleName("Seed")
        self.seed.setToolTip("All randomness comes from this seed")
        for control, name in self._button_texts.items():
            control.setAccessibleName(name)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.heading, 1)
        head.addWidget(label("Seed", "small"))
        for widget in (self.seed, *self._button_texts):
            head.addWidget(widget)
        return head

    def _connect(self) -> None:
        self.seed.committed.connect(self._commit_seed)
        self.options.option_changed.connect(
            lambda name, value: self._request_samples(**{name: value})
        )
        self.source.samples_ready.connect(self._show_samples)
        self._network.origin_changed.connect(self._show_heading)
        self.source.failed.connect(self._show_error)
        self.source.cleared.connect(self._clear)
        self.source.network_changed.connect(self._show_network)
        self.prompt.submitted.connect(lambda text: self._request_samples(text=text))
        self.sliders.moved.connect(lambda position: self._request_samples(latent=position))
        self.sliders.reset_requested.connect(lambda: self._request_samples(latent=()))
        self.sliders.shuffle_requested.connect(self.sample_next)
        self.source.busy_changed.connect(self.progress.show_busy)
        self.source.busy_changed.connect(self._show_busy)
        self.source.progress.connect(self.progress.show_progress)
        self.progress.stop_requested.connect(self._stop)
        theme_changes.changed.connect(self.drawing.apply_theme)

    @Slot(bool)
    def _show_busy(self, busy: bool) -> None:
        self._update_placeholder(generating=busy)

    def _update_placeholder(self, *, generating: bool) -> None:
        activity = _GENERATING if generating else self._activity
        self._placeholder.setText(f"{_PURPOSE}\n{activity or self._blocker or _TRAIN_HINT}")

    def _toggle_latent(self) -> None:
        self._request_samples(explore_latent=self.latent_button.isChecked(), latent=())

    def _show_network(self, project: Project, is_other_task: bool) -> None:
        self.options.show_project(project, reset=is_other_task)
        if not is_other_task:
            return
        task = project.training.task
        self.prompt.show_task(task)
        self.latent_button.setVisible(task in TASKS and TASKS[task].latent)
        self.latent_button.setChecked(False)

    def _request_samples(self, **changes: object) -> None:
        self.error_label.hide()
        self.source.request_samples(**changes)

    def _show_samples(self, view: SamplesView) -> None:
        self.view = view
        self._show()

    def _show_error(self, text: str) -> None:
        self.error_label.setText(text)
        self.error_label.show()
        self.latent_button.setChecked(self.source.request.explore_latent)
        self.options.show_request(self.source.request)
        self._stack.setCurrentIndex(1)

    def _clear(self) -> None:
        self.view = None
        self._update_placeholder(generating=False)
        self._show()

    def _stop(self) -> None:
        self.source.cancel()
        if self.view is None:
            self._show_error(_STOPPED)

    def _commit_seed(self) -> None:
        text = self.seed.text().strip()
        self.seed.setModified(False)
        if text.isdecimal() and len(text) < 10:
            if int(text) != self.source.request.seed:
                self._request_samples(seed=int(text))
        else:
            self._show()

    def _show(self) -> None:
        view = self.view
        self.drawing.show_view(view)
        self.sliders.setVisible(view is not None and view.latent is not None)
        self.sliders.show_space(view.latent if view else None)
        self._stack.setCurrentIndex(1 if view else 0)
        if view is None:
            self.error_label.hide()
            return
        if not self.seed.isModified():
            self.seed.setText(str(view.seed))
        self._show_heading()

    def _show_heading(self) -> None:
        view = self.view
        if view is None:
            return
        age, note = self._network.age_text(view.step), self._network.samples_note
        count, content = _count_text(view), " · ".join(_content_titles(view))
        variants = [(count, content, age), (count, age), (count, content), (count,), (age,)]
        if note:
            variants = [(count, content, age), (count, age), (count, note), (note,)]
        self.heading.set_texts(*(" · ".join(filter(None, texts)) for texts in variants))
        if self.source.rate_text:
            self.heading.setToolTip(f"{self.heading.toolTip()}\n{self.source.rate_text}")

    def _ask_export(self) -> None:
        if self.view is None:
            return
        proposal = "samples.txt" if self.view.form == "texts" else "samples.png"
        name, selected_filter = QFileDialog.getSaveFileName(
            self, "Save the samples", proposal, filters_for(self.view)
        )
        if not name:
            return
        try:
            self.save_as(export_path(name, selected_filter))
        except ValueError as error:
            self.save_failed.emit(f"The samples were not saved. {error}")
        except OSError as error:
            reason = file_error_reason(error)
            self.save_failed.emit(f"The samples were not saved: {reason}. Choose another folder.")


def _count_text(view: SamplesView) -> str:
    count = len(view)
    samples = f"{count} sample{'' if count == 1 else 's'}"
    predicted, right = view.token_counts
    if predicted:
        return f"{right} of {predicted} masked tokens right · {samples}"
    if view.correct_count is None:
        return samples
    return f"{view.correct_count} of {samples} right"


def _content_titles(view: SamplesView) -> list[str]:
    """Return the rows' titles if no legend shows them, or the note on texts."""
    first_kinds = [line.spans[0].kind for line in view.captions if line.spans]
    if view.form == "texts" and "given" in first_kinds:
        return ["input in grey"]
    has_titles = view.form in {"pictures", "masks"} and not view.captions
    return [row.title for row in view.rows] if has_titles else []
