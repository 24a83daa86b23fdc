"""The panel of live samples: what the network makes of its own while it learns, and on demand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from dlstudio.gui.document import Document
from dlstudio.gui.newest_wish import NewestWish
from dlstudio.gui.panels.dressing import ElidedLabel, button, label
from dlstudio.gui.panels.field import Field
from dlstudio.gui.panels.figures import whole
from dlstudio.gui.plots.sample_drawing import SampleDrawing
from dlstudio.gui.plots.sample_options import SampleOptions
from dlstudio.gui.session import IDLE, TrainingSession
from dlstudio.gui.theme import current, theme_changes
from dlstudio.insight.sample_views import SamplesView
from dlstudio.training.events import Snapshot
from dlstudio.training.sampling import SampleRequest

if TYPE_CHECKING:
    from dlstudio.insight.samples import SampleProbe
    from dlstudio.training.observer import Observer

_WAITING = (
    "Networks that rebuild, generate, write or forecast show here what they make.\n"
    "Press Train to watch it get better."
)
_WIDTH = 1600


class SamplesPanel(QWidget):
    """Follows what a run's network makes; another seed makes others.

    Signals:
        not_saved: In words, why a picture could not be written.
    """

    not_saved = Signal(str)

    def __init__(self, document: Document, session: TrainingSession) -> None:
        """Watch every run of the session."""
        super().__init__()
        self._document = document
        self._session = session
        self._probe: SampleProbe | None = None
        self._draws = NewestWish(self, "The samples could not be made")
        self._draws.done.connect(self._drawn)
        self._draws.failed.connect(document.message)
        self._request = SampleRequest()
        self.view: SamplesView | None = None
        self.heading = ElidedLabel("title")
        self.drawing = SampleDrawing()
        self.seed = Field()
        self.again = button(
            "Draw others", self.draw_others, icon_name="runs", tip="Draw with the next seed"
        )
        self.options = SampleOptions()
        self.options.wanted.connect(lambda name, value: self.draw_with(**{name: value}))
        self.save = button("Save…", self._ask_place, icon_name="export", tip="Save as a picture")
        self._build()
        session.observers.append(self._make_probe)
        session.snapshot.connect(self._take)
        session.history_reset.connect(self._forget)
        document.reset.connect(self._forget)
        theme_changes.changed.connect(self.drawing.update)
        self._show()

    def draw_others(self) -> None:
        """Draw with the next seed."""
        self.draw_with(seed=(self.view.seed if self.view else 0) + 1)

    def draw_with(self, **wanted: Any) -> None:
        """Have other samples made, by the run or by a worker where there is none.

        Args:
            wanted: Fields of `SampleRequest`; what is not named stays as it was.
        """
        self._request = replace(self._request, **wanted)
        if self._probe is None:
            return
        self._probe.ask(self._request)
        if self._session.state == IDLE:
            self._draw_again(self._probe)

    def save_as(self, path: Path) -> None:
        """Write what is on show as a picture; OSError where it cannot be written."""
        ratio = self.drawing.height() / max(self.drawing.width(), 1)
        picture = QImage(_WIDTH, max(round(_WIDTH * ratio), 1), QImage.Format.Format_RGB32)
        picture.fill(current().colour("panel"))
        scale = _WIDTH / max(self.drawing.width(), 1)
        painter = QPainter(picture)
        painter.scale(scale, scale)
        self.drawing.draw(painter, QRectF(self.drawing.rect()))
        painter.end()
        writer = QImageWriter(str(path))
        if not writer.write(picture):
            raise OSError(writer.errorString())

    def _build(self) -> None:
        waiting = label(_WAITING, "muted")
        waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.seed.setFixedWidth(72)
        self.seed.setAccessibleName("Seed")
        self.seed.setToolTip("Everything that is drawn follows from the seed")
        self.seed.committed.connect(self._typed)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.heading, 1)
        head.addWidget(label("Seed", "small"))
        for widget in (self.seed, self.options, self.again, self.save):
            head.addWidget(widget)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.drawing, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(waiting)
        self._stack.addWidget(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 8, 12, 8)
        outer.addWidget(self._stack)

    def _make_probe(self) -> Observer:
        from dlstudio.insight.samples import SampleProbe

        self._draws.forget()
        self._probe = SampleProbe()
        project = self._session.project
        if project is not None and self.options.show_task(project.training.task):
            self._request = SampleRequest()
        self._probe.ask(self._request)
        return self._probe

    def _draw_again(self, probe: SampleProbe) -> None:
        request, step = self._request, self._session.history.step
        self._draws.ask(lambda _reading: probe.draw_again(request, step))

    def _drawn(self, view: SamplesView | None) -> None:
        if view is not None:
            self.view = view
            self._show()

    def _take(self, snapshot: Snapshot) -> None:
        if isinstance(snapshot.payload, SamplesView):
            self.view = snapshot.payload
            self._show()

    def _forget(self) -> None:
        self._draws.forget()
        self._probe = None
        self.view = None
        self._show()

    def _typed(self) -> None:
        text = self.seed.text().strip()
        self.seed.setModified(False)
        if text.isdecimal() and len(text) < 10:
            self.draw_with(seed=int(text))
        else:
            self._show()

    def _show(self) -> None:
        view = self.view
        self._stack.setCurrentIndex(1 if view else 0)
        self.drawing.show_view(view)
        if view is None:
            return
        if not self.seed.isModified():
            self.seed.setText(str(view.seed))
        count = max(map(len, view.rows), default=0)
        titles = " · ".join(row.title for row in view.rows)
        self.heading.setText(f"{count} samples · {titles} · step {whole(view.step)}")

    def _ask_place(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, "Save the samples", "samples.png", "Picture (*.png)"
        )
        if not name:
            return
        try:
            self.save_as(Path(name))
        except OSError as error:
            reason = error.strerror or str(error)
            self.not_saved.emit(f"The samples were not saved: {reason}. Choose another folder.")
