"""The panel of live activations: the selected layer, the network's answer, the way through time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSlider,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dlstudio.gui.document import Document
from dlstudio.gui.newest_wish import NewestWish
from dlstudio.gui.panels.dressing import ElidedLabel, label
from dlstudio.gui.panels.figures import three_figures, whole
from dlstudio.gui.panels.inspector.node_facts import path_of
from dlstudio.gui.plots.layer_drawing import LayerDrawing
from dlstudio.gui.plots.network_at_hand import NetworkAtHand
from dlstudio.gui.plots.sample_chooser import SampleChooser
from dlstudio.gui.plots.side_drawings import ClassBars, Histogram, SamplePicture
from dlstudio.gui.plots.snapshots import Snapshots
from dlstudio.gui.session import IDLE, TrainingSession, learnt_from_other
from dlstudio.insight.views import ActivationView, LayerView, SampleChoice
from dlstudio.training.events import Snapshot

if TYPE_CHECKING:
    from dlstudio.insight.activations import ActivationProbe
    from dlstudio.insight.reopened import Reopened
    from dlstudio.training.observer import Observer

_PRESS = "Press Train to see what each layer makes of a sample."
_SELECT = "Select a card to look into its layer."
_LOW = 190
"""Height below which the way through time is left out."""
_GAP, _BESIDE, _MARGIN = 6, 10, 12
_WORDS = {"maps": "feature map", "vector": "value"}


class ActivationsPanel(QWidget):
    """Follows the selected layer and a chosen sample through the run."""

    thumbnails = Signal(object)
    """Pictures for the cards: uint8 arrays (k, h, w) by path."""
    viewed = Signal(object)
    """The view on show, or None: other places tell of it too."""

    def __init__(
        self, document: Document, session: TrainingSession, network: NetworkAtHand
    ) -> None:
        """Watch every run of the session, and the network that is restored without one."""
        super().__init__()
        self._document = document
        self._session = session
        self._probe: ActivationProbe | None = None
        self._looks = NewestWish(self, "The layer could not be looked into")
        self._choice = SampleChoice()
        self._follows = True
        self._is_low = False
        self.snapshots = Snapshots()
        self._network = network
        self.heading = ElidedLabel("title")
        self.figures = ElidedLabel("small")
        self.drawing = LayerDrawing()
        self.histogram = Histogram()
        self.bars = ClassBars()
        self.picture = SamplePicture()
        self.chooser = SampleChooser()
        self.step_text = label(role="small")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self._build()
        self._connect()
        self._show()

    @property
    def view(self) -> ActivationView | None:
        """What is on show."""
        views = self.snapshots.views
        if not views:
            return None
        return views[-1] if self._follows else views[min(self.slider.value(), len(views) - 1)]

    @property
    def layer(self) -> LayerView | None:
        """The layer on show."""
        view = self.view
        return view.layers.get(self._path(view)) if view else None

    @property
    def is_busy(self) -> bool:
        """Whether more is about to be shown, without a run."""
        return self._network.is_reading or self._looks.is_busy

    def say_next(self, goes_on: str, obstacle: str) -> None:
        """Tell, while there is nothing to show, what goes on or what Train waits for."""
        self._waiting.setText(f"{goes_on or obstacle or _PRESS}\n{_SELECT}")

    def choose_sample(self, part: str, index: int) -> None:
        """Send another sample through the network."""
        self._choice = SampleChoice(part, max(index, 0))
        self._ask()

    def _build(self) -> None:
        self._waiting = label(role="muted", wrap=True)
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.say_next("", "")
        self._body = QWidget()
        middle = QHBoxLayout()
        middle.setSpacing(_BESIDE)
        middle.addWidget(self.drawing, 1)
        middle.addWidget(self.bars)
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(7)
        column.addWidget(self.heading)
        column.addLayout(middle, 1)
        column.addLayout(self._time())
        column.addLayout(self._bottom())
        self._stack = QStackedWidget()
        self._stack.addWidget(self._waiting)
        self._stack.addWidget(self._body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(_MARGIN, 8, _MARGIN, 6)
        outer.addWidget(self._stack)

    def _time(self) -> QHBoxLayout:
        self.slider.setAccessibleName("Step of the run")
        self.slider.setToolTip("Drag to look back in time")
        self.slider.valueChanged.connect(self._scrub)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.slider, 1)
        row.addWidget(self.step_text)
        return row

    def _bottom(self) -> QHBoxLayout:
        self.figures.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        values = QVBoxLayout()
        values.setSpacing(1)
        values.addWidget(self.figures)
        values.addWidget(self.histogram)
        row = QHBoxLayout()
        row.setSpacing(_GAP)
        row.addWidget(self.picture)
        row.addWidget(self.chooser)
        row.addLayout(values, 1)
        return row

    def _connect(self) -> None:
        self.chooser.chosen.connect(self.choose_sample)
        self._session.observers.append(self._make_probe)
        self._session.snapshot.connect(self._take)
        self._looks.done.connect(self._keep_seen)
        self._looks.failed.connect(self._document.message)
        self._network.restored.connect(self._take_restored)
        self._network.lost.connect(self._forget)
        self._network.failed.connect(self._document.message)
        self._session.history_reset.connect(self._forget)
        self._session.finished.connect(lambda _event: self._look_again())
        self._document.selection_changed.connect(lambda _selection: self._ask())
        self._document.reset.connect(self._forget)
        self._document.project_changed.connect(lambda _change: self._forget_other_data())

    def _make_probe(self) -> Observer:
        from dlstudio.insight.activations import ActivationProbe

        self._looks.forget()
        project = self._session.project or self._document.project
        self._probe = ActivationProbe(project.training)
        self._probe.select(self._selected(), self._choice)
        return self._probe

    def _take_restored(self, found: Reopened) -> None:
        self._probe = found.probe
        self._look_again()

    def _selected(self) -> str:
        node_ids = [
            node_id for node_id in self._document.selection if not node_id.startswith("note:")
        ]
        return path_of(self._document, node_ids[0]) if len(node_ids) == 1 else ""

    def _path(self, view: ActivationView) -> str:
        return _shown_path(view, self._selected())

    def _ask(self) -> None:
        """Have the selected layer looked at, by the run or by a worker where there is none."""
        path = self._selected()
        if self._probe is not None:
            self._probe.select(path, self._choice)
        views = self.snapshots.views
        if not (views and _shows(views[-1], path, self._choice)) and self._session.state == IDLE:
            self._look_again()
        self._show()

    def _look_again(self) -> None:
        probe = self._probe
        if probe is not None:
            path, choice, step = self._selected(), self._choice, self._session.history.step
            self._looks.ask(lambda _reading: probe.look_again(path, choice, step))

    def _take(self, snapshot: Snapshot) -> None:
        if isinstance(snapshot.payload, ActivationView):
            self._keep(snapshot.payload)

    def _keep_seen(self, view: ActivationView | None) -> None:
        if view is not None:
            self._keep(view)

    def _keep(self, view: ActivationView) -> None:
        self._choice = view.choice
        self.snapshots.add(view)
        self.thumbnails.emit(view.thumbnails)
        self._show()

    def _forget(self) -> None:
        self._probe = None
        self._looks.forget()
        self.snapshots.clear()
        self._follows = True
        self.thumbnails.emit({})
        self._show()

    def _forget_other_data(self) -> None:
        """Show no sample of data that the design no longer names."""
        of_run = self.snapshots.views and not self._network.is_restored
        if of_run and learnt_from_other(self._session, self._document.project.data):
            self._forget()

    def _scrub(self, place: int) -> None:
        self._follows = place >= len(self.snapshots.views) - 1
        self._show_view()
        self.viewed.emit(self.view)

    def _show(self) -> None:
        views = self.snapshots.views
        self._stack.setCurrentIndex(1 if views else 0)
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(len(views) - 1, 0))
        if self._follows:
            self.slider.setValue(self.slider.maximum())
        self.slider.blockSignals(False)
        if self.isVisible() or not views:
            self._show_view()
        self.viewed.emit(self.view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the way through time out where the layer itself would have no room."""
        super().resizeEvent(event)
        if (self.height() < _LOW) != self._is_low:
            self._is_low = self.height() < _LOW
            self._show_view()

    def minimumSizeHint(self) -> QSize:
        """Return what is needed once there are a sample's picture and an answer as well."""
        hint = super().minimumSizeHint()
        image_width = self.picture.width() + _GAP if self.picture.isHidden() else 0
        margins = 2 * _MARGIN
        output_width = self.drawing.minimumWidth() + _BESIDE + self.bars.minimumWidth() + margins
        return QSize(max(hint.width() + image_width, output_width), hint.height())

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what came while hidden."""
        super().showEvent(event)
        self._show_view()

    def _show_view(self) -> None:
        view, layer = self.view, self.layer
        self.drawing.show_layer(layer)
        self.histogram.show_layer(layer)
        self.bars.show_view(view)
        self.picture.show_view(view)
        if view is None:
            return
        path = self._path(view)
        form = f" · {_form_text(layer)}" if layer else ""
        sample = f"sample {view.choice.index} of the {view.choice.part} set"
        self.heading.say(f"{path}{form} · {sample}", f"{path}{form}", path)
        self.figures.say(*(_figures_texts(layer) if layer else ("no figures for this layer", "–")))
        self._show_time(view)
        self.chooser.show_choice(view.choice, view.parts, view.samples)

    def _show_time(self, view: ActivationView) -> None:
        last = self.snapshots.views[-1].step
        of_run = not self._network.is_restored
        self.slider.setVisible(of_run and not self._is_low)
        self.step_text.setVisible(not self._is_low)
        self.step_text.setText(
            f"step {whole(view.step)} of {whole(last)}" if of_run else "with the restored weights"
        )


def _shows(view: ActivationView, path: str, choice: SampleChoice) -> bool:
    return view.choice == choice and (not path or path in view.layers)


def _shown_path(view: ActivationView, wanted: str) -> str:
    """Return the layer to show: the selected one, inside a block its last, else the first."""
    if wanted in view.layers:
        return wanted
    inside = [path for path in view.layers if wanted and path.startswith(f"{wanted}.")]
    if inside:
        return inside[-1]
    maps = [path for path, layer in view.layers.items() if layer.form == "maps"]
    maps = [path for path in maps if path in view.thumbnails]
    return next(iter(maps or view.layers), "")


def _form_text(layer: LayerView) -> str:
    if layer.form == "sequence":
        steps, features = layer.shape
        return f"{whole(steps)} steps × {whole(features)} features"
    count = layer.shape[0] if layer.shape else 1
    noun = _WORDS[layer.form]
    return f"{count} {noun}{'s' if count != 1 else ''}"


def _figures_texts(layer: LayerView) -> tuple[str, str]:
    low, high = (_signed(value) for value in (layer.low, layer.high))
    return f"{low} … {high} · {100 * layer.zeros:.0f} % zeros", f"{low} … {high}"


def _signed(value: float) -> str:
    return f"−{three_figures(-value)}" if value < 0 else three_figures(value)
