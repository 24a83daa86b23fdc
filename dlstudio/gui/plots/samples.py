"""The panel of live samples: what the network makes of its own while it learns, and on demand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

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

from dlstudio.design.model import Project
from dlstudio.gui.document import Document
from dlstudio.gui.panels.dressing import ElidedLabel, button, label
from dlstudio.gui.panels.field import Field
from dlstudio.gui.panels.figures import whole
from dlstudio.gui.panels.overflow import name_buttons
from dlstudio.gui.plots.latent_sliders import LatentSliders
from dlstudio.gui.plots.making_bar import MakingBar
from dlstudio.gui.plots.prompt_line import PromptLine
from dlstudio.gui.plots.sample_drawing import SampleDrawing
from dlstudio.gui.plots.sample_files import filters_for, place_of, save_samples
from dlstudio.gui.plots.sample_options import SampleOptions
from dlstudio.gui.plots.sample_source import SampleSource
from dlstudio.gui.session import TrainingSession
from dlstudio.gui.theme import theme_changes
from dlstudio.insight.sample_views import SamplesView
from dlstudio.training.task_table import INTERPOLATION, TASKS

if TYPE_CHECKING:
    from dlstudio.insight.reopened import Reopened

_PURPOSE = "Here you see what the network makes: answers, pictures, texts, forecasts."
_PRESS = "Press Train to watch it get better."
_MAKING = "Making samples…"
_STOPPED = "No samples were made. Press “Draw others” to try again."
_SAVE_TIP = "Save as a picture, or texts as text"
_LATENT_TIP = "Move single latent numbers and see what becomes of a sample"
_ROOMY = 640
"""Width in pixels from which the buttons carry their names."""


class SamplesPanel(QWidget):
    """Follows what a run's network makes; another seed makes others.

    Signals:
        not_saved: In words, why a picture could not be written.
    """

    not_saved = Signal(str)

    def __init__(self, document: Document, session: TrainingSession) -> None:
        """Watch every run of the session."""
        super().__init__()
        self.source = SampleSource(document, session, self)
        self.view: SamplesView | None = None
        self.heading = ElidedLabel("title")
        self.trouble = label(role="error", wrap=True)
        self.drawing = SampleDrawing()
        self.seed = Field()
        self.again = button(
            "Draw others", self.draw_others, icon_name="runs", tip="Draw with the next seed"
        )
        self.options = SampleOptions()
        self.latent = button(
            "Latent", self._explore, icon_name="curves", tip=_LATENT_TIP, look="switch"
        )
        self.latent.setCheckable(True)
        self._goes_on = self._obstacle = ""
        self.sliders = LatentSliders()
        self.prompt = PromptLine()
        self.save = button("Save…", self._ask_place, icon_name="export", tip=_SAVE_TIP)
        self.making = MakingBar()
        self._named = {
            widget: widget.text() for widget in (self.latent, self.options, self.again, self.save)
        }
        self._build()
        self._connect()
        self._show()

    @property
    def is_busy(self) -> bool:
        """Whether samples are being made outside of a run."""
        return self.source.is_busy

    def take_restored(self, found: Reopened) -> None:
        """Draw from a network that was opened with its weights, once somebody looks."""
        self.source.take_restored(found)

    def say_next(self, goes_on: str, obstacle: str) -> None:
        """Tell, while there is nothing to show, what goes on or what Train waits for."""
        self._goes_on, self._obstacle = goes_on, obstacle
        self._wait(making=self.source.is_busy)

    def draw_others(self) -> None:
        """Draw with the next seed; from the end of a way go on to the next sample."""
        request = self.source.request
        if request.sampler == INTERPOLATION and not request.explores:
            self._draw(start=request.end, end=request.end + 1)
            self.options.show_request(self.source.request)
        else:
            self._draw(seed=request.seed + 1, latent=())

    def save_as(self, path: Path) -> None:
        """Write what is on show as a picture, or texts as text.

        Raises:
            OSError: It cannot be written.
            ValueError: It is not saved with this ending.
        """
        if self.view is not None:
            save_samples(path, self.drawing, self.view)

    def showEvent(self, event: QShowEvent) -> None:
        """Make what is due, and follow the run."""
        super().showEvent(event)
        self.source.watch(watched=True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Let the run make nothing that nobody sees."""
        super().hideEvent(event)
        self.source.watch(watched=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the buttons' names to icons and tips where it is narrow."""
        super().resizeEvent(event)
        name_buttons(self._named, shown=self.width() >= _ROOMY)

    def _build(self) -> None:
        self._waiting = label(role="muted", wrap=True)
        self._wait(making=False)
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._head())
        column.addWidget(self.prompt)
        column.addWidget(self.trouble)
        column.addLayout(self._middle(), 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._waiting)
        self._stack.addWidget(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 8, 12, 8)
        outer.addWidget(self._stack, 1)
        outer.addWidget(self.making)

    def _middle(self) -> QHBoxLayout:
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

    def _head(self) -> QHBoxLayout:
        self.seed.setFixedWidth(64)
        self.seed.setAccessibleName("Seed")
        self.seed.setToolTip("Everything that is drawn follows from the seed")
        for control, name in self._named.items():
            control.setAccessibleName(name)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.heading, 1)
        head.addWidget(label("Seed", "small"))
        for widget in (self.seed, *self._named):
            head.addWidget(widget)
        return head

    def _connect(self) -> None:
        self.seed.committed.connect(self._typed)
        self.options.wanted.connect(lambda name, value: self._draw(**{name: value}))
        self.source.drawn.connect(self._take)
        self.source.failed.connect(self._complain)
        self.source.emptied.connect(self._forget)
        self.source.network_changed.connect(self._show_network)
        self.prompt.wanted.connect(lambda text: self._draw(text=text))
        self.sliders.moved.connect(lambda position: self._draw(latent=position))
        self.sliders.reset_wanted.connect(lambda: self._draw(latent=()))
        self.sliders.shuffle_wanted.connect(self.draw_others)
        self.source.busy_changed.connect(self.making.show_busy)
        self.source.busy_changed.connect(self._show_busy)
        self.source.progress.connect(self.making.show_share)
        self.making.stop_wanted.connect(self._stop)
        theme_changes.changed.connect(self.drawing.dress)

    @Slot(bool)
    def _show_busy(self, busy: bool) -> None:
        self._wait(making=busy)

    def _wait(self, *, making: bool) -> None:
        goes_on = _MAKING if making else self._goes_on
        self._waiting.setText(f"{_PURPOSE}\n{goes_on or self._obstacle or _PRESS}")

    def _explore(self) -> None:
        self._draw(explores=self.latent.isChecked(), latent=())

    def _show_network(self, project: Project, is_other: bool) -> None:
        self.options.show_project(project, anew=is_other)
        if not is_other:
            return
        task = project.training.task
        self.prompt.show_task(task)
        self.latent.setVisible(task in TASKS and TASKS[task].latent)
        self.latent.setChecked(False)

    def _draw(self, **wanted: object) -> None:
        self.trouble.hide()
        self.source.draw_with(**wanted)

    def _take(self, view: SamplesView) -> None:
        self.view = view
        self._show()

    def _complain(self, text: str) -> None:
        self.trouble.setText(text)
        self.trouble.show()
        self.latent.setChecked(self.source.request.explores)
        self.options.show_request(self.source.request)
        self._stack.setCurrentIndex(1)

    def _forget(self) -> None:
        self.view = None
        self._wait(making=False)
        self._show()

    def _stop(self) -> None:
        self.source.cancel()
        if self.view is None:
            self._complain(_STOPPED)

    def _typed(self) -> None:
        text = self.seed.text().strip()
        self.seed.setModified(False)
        if text.isdecimal() and len(text) < 10:
            if int(text) != self.source.request.seed:
                self._draw(seed=int(text))
        else:
            self._show()

    def _show(self) -> None:
        view = self.view
        self.drawing.show_view(view)
        self.sliders.setVisible(view is not None and view.latent is not None)
        self.sliders.show_space(view.latent if view else None)
        self._stack.setCurrentIndex(1 if view else 0)
        if view is None:
            self.trouble.hide()
            return
        if not self.seed.isModified():
            self.seed.setText(str(view.seed))
        restored = self.source.is_restored
        age = "with the restored weights" if restored else f"step {whole(view.step)}"
        count, content = _count_text(view), " · ".join(_told(view))
        variants = [(count, content, age), (count, age), (count, content), (count,), (age,)]
        self.heading.say(*(" · ".join(filter(None, texts)) for texts in variants))

    def _ask_place(self) -> None:
        if self.view is None:
            return
        proposal = "samples.txt" if self.view.form == "texts" else "samples.png"
        name, selected_filter = QFileDialog.getSaveFileName(
            self, "Save the samples", proposal, filters_for(self.view)
        )
        if not name:
            return
        try:
            self.save_as(place_of(name, selected_filter))
        except ValueError as error:
            self.not_saved.emit(f"The samples were not saved. {error}")
        except OSError as error:
            reason = error.strerror or str(error)
            self.not_saved.emit(f"The samples were not saved: {reason}. Choose another folder.")


def _count_text(view: SamplesView) -> str:
    count = len(view)
    samples = f"{count} sample{'' if count == 1 else 's'}"
    predicted, right = view.tokens
    if predicted:
        return f"{right} of {predicted} masked tokens right · {samples}"
    if view.right is None:
        return samples
    return f"{view.right} of {samples} right"


def _told(view: SamplesView) -> list[str]:
    """Return the rows' titles where no legend names them, and what is what in texts."""
    first_kinds = [line.pieces[0].kind for line in view.captions if line.pieces]
    if view.form == "texts" and "given" in first_kinds:
        return ["what was given is grey"]
    has_titles = view.form in {"pictures", "masks"} and not view.captions
    return [row.title for row in view.rows] if has_titles else []
