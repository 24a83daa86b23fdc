"""The activations panel: the selected layer's output, the prediction, and earlier steps."""

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

from dlstudio.design.model.canvas_metrics import NOTE_PREFIX
from dlstudio.gui.background.latest_task import LatestTask
from dlstudio.gui.inspector.node_properties import report_path
from dlstudio.gui.plots.activations.activation_drawing import ActivationDrawing
from dlstudio.gui.plots.activations.activation_history import ActivationHistory
from dlstudio.gui.plots.activations.class_bars import ClassBars
from dlstudio.gui.plots.activations.histogram import Histogram
from dlstudio.gui.plots.activations.sample_chooser import SampleChooser
from dlstudio.gui.plots.activations.sample_image import CELL_WIDTH, SampleImage
from dlstudio.gui.plots.services.live_rate import rate_text
from dlstudio.gui.plots.services.view_services import ViewServices
from dlstudio.gui.runs.session import IDLE
from dlstudio.gui.widgets.basic_widgets import ElidedLabel, label
from dlstudio.gui.widgets.number_format import format_3_digits, format_integer
from dlstudio.insight.activations.activation_views import ActivationView, LayerView, SampleChoice
from dlstudio.training.protocol.events import Snapshot
from dlstudio.training.specs.automatic import training_of

if TYPE_CHECKING:
    from dlstudio.insight.activations.activations import ActivationObserver
    from dlstudio.insight.common.observed_network import ObservedNetwork

_TRAIN_HINT = "Press Train to see the output of each layer for a sample."
_SELECT_HINT = "Select a card to inspect its layer."
_COMPACT_HEIGHT = 190
"""Height below which the step slider is hidden."""
_GAP, _BESIDE, _MARGIN = 6, 10, 12
_VALUES_WIDTH = 80
"""Width in which the range of a layer's values can be read."""
_UNITS = {"maps": "feature map", "vector": "value"}


class ActivationsPanel(QWidget):
    """Shows the selected layer's output for a chosen sample during and after a run."""

    thumbnails_changed = Signal(object)
    """Thumbnails for the cards by path: see `Thumbnails.set_all`."""
    view_changed = Signal(object)
    """The current view, or None; the inspector shows it too."""

    def __init__(self, services: ViewServices) -> None:
        """Observe every run of the session, and the network restored without a run."""
        super().__init__()
        self._document = services.document
        self._session = services.session
        self._observer: ActivationObserver | None = None
        self._capture_task = LatestTask(self, "The layer could not be inspected")
        self._choice = SampleChoice()
        self._follows_latest = True
        self._is_compact = False
        self.history = ActivationHistory()
        self._network = services.network
        self.heading = ElidedLabel("title")
        self.statistics = ElidedLabel("small")
        self.drawing = ActivationDrawing()
        self.histogram = Histogram()
        self.bars = ClassBars()
        self.sample_image = SampleImage()
        self.chooser = SampleChooser()
        self.step_text = ElidedLabel("small")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self._build()
        self._connect()
        self._show()

    @property
    def view(self) -> ActivationView | None:
        """The displayed view: the latest, or the one chosen with the slider."""
        views = self.history.views
        if not views:
            return None
        return (
            views[-1] if self._follows_latest else views[min(self.slider.value(), len(views) - 1)]
        )

    @property
    def layer(self) -> LayerView | None:
        """The displayed layer's output, if any."""
        view = self.view
        return view.layers.get(self._shown_path(view)) if view else None

    @property
    def is_busy(self) -> bool:
        """Whether a network is being loaded or a layer captured in the background."""
        return self._network.is_loading or self._capture_task.is_busy

    def show_placeholder(self, activity: str, blocker: str) -> None:
        """Set the text shown while there is no view: current activity, or what blocks training."""
        self._placeholder.setText(f"{activity or blocker or _TRAIN_HINT}\n{_SELECT_HINT}")

    def choose_sample(self, subset: str, index: int) -> None:
        """Show another sample."""
        self._choice = SampleChoice(subset, max(index, 0))
        self._request_view()

    def _build(self) -> None:
        self._placeholder = label(role="muted", wrap=True)
        self._placeholder.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.show_placeholder("", "")
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
        column.addLayout(self._build_time_row())
        column.addLayout(self._build_bottom_row())
        self._stack = QStackedWidget()
        self._stack.addWidget(self._placeholder)
        self._stack.addWidget(self._body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(_MARGIN, 8, _MARGIN, 6)
        outer.addWidget(self._stack)

    def _build_time_row(self) -> QHBoxLayout:
        self.slider.setAccessibleName("Step of the run")
        self.slider.setToolTip("Drag to view earlier steps")
        self.slider.valueChanged.connect(self._scrub)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.slider, 1)
        row.addWidget(self.step_text)
        return row

    def _build_bottom_row(self) -> QHBoxLayout:
        self.statistics.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        values = QVBoxLayout()
        values.setSpacing(1)
        values.addWidget(self.statistics)
        values.addWidget(self.histogram)
        row = QHBoxLayout()
        row.setSpacing(_GAP)
        row.addWidget(self.sample_image, 1)
        row.addWidget(self.chooser)
        row.addLayout(values, 1)
        return row

    def _connect(self) -> None:
        self.chooser.chosen.connect(self.choose_sample)
        self._network.observe(self._create_observer)
        self._network.changed.connect(self._on_network_changed)
        self._network.origin_changed.connect(self._show_view)
        self._session.snapshot.connect(self._on_snapshot)
        self._capture_task.done.connect(self._on_captured)
        self._capture_task.failed.connect(self._document.message)
        self._session.finished.connect(lambda _event: self._capture_again())
        self._document.selection_changed.connect(lambda _selection: self._request_view())

    def _create_observer(self, network: ObservedNetwork) -> ActivationObserver:
        from dlstudio.insight.activations.activations import ActivationObserver

        self._capture_task.cancel()
        training = training_of(self._network.project or self._document.project)
        self._observer = ActivationObserver(training, self._session.live_scheduler, network)
        self._observer.select(self._selected_path(), self._choice)
        return self._observer

    def _on_network_changed(self) -> None:
        if not self._network.is_available:
            self._clear()
        elif self._network.is_at_rest:
            self._capture_again()

    def _selected_path(self) -> str:
        node_ids = [
            node_id for node_id in self._document.selection if not node_id.startswith(NOTE_PREFIX)
        ]
        return report_path(self._document, node_ids[0]) if len(node_ids) == 1 else ""

    def _shown_path(self, view: ActivationView) -> str:
        return _path_to_show(view, self._selected_path())

    def _request_view(self) -> None:
        """Request the selected layer from the run, or from a background task without one."""
        path = self._selected_path()
        if self._observer is not None:
            self._observer.select(path, self._choice)
        views = self.history.views
        if not (views and _covers(views[-1], path, self._choice)) and self._session.state == IDLE:
            self._capture_again()
        self._show()

    def _capture_again(self) -> None:
        observer = self._observer
        if observer is not None:
            path, choice, step = self._selected_path(), self._choice, self._session.run.history.step
            self._capture_task.submit(lambda _task: observer.capture_on_copy(path, choice, step))

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        if isinstance(snapshot.payload, ActivationView):
            self._add_view(snapshot.payload)

    def _on_captured(self, view: ActivationView | None) -> None:
        if view is not None:
            self._add_view(view)

    def _add_view(self, view: ActivationView) -> None:
        self._choice = view.choice
        self.history.add(view)
        self.thumbnails_changed.emit(view.thumbnails)
        self._show()

    def _clear(self) -> None:
        self._observer = None
        self._capture_task.cancel()
        self.history.clear()
        self._follows_latest = True
        self.thumbnails_changed.emit({})
        self._show()

    def _scrub(self, index: int) -> None:
        self._follows_latest = index >= len(self.history.views) - 1
        self._show_view()
        self.view_changed.emit(self.view)

    def _show(self) -> None:
        views = self.history.views
        self._stack.setCurrentIndex(1 if views else 0)
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(len(views) - 1, 0))
        if self._follows_latest:
            self.slider.setValue(self.slider.maximum())
        self.slider.blockSignals(False)
        if self.isVisible() or not views:
            self._show_view()
        self.view_changed.emit(self.view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the step slider if the panel is low."""
        super().resizeEvent(event)
        if (self.height() < _COMPACT_HEIGHT) != self._is_compact:
            self._is_compact = self.height() < _COMPACT_HEIGHT
            self._show_view()

    def minimumSizeHint(self) -> QSize:
        """Include the sample and the prediction, even while they are hidden."""
        hint = super().minimumSizeHint()
        margins = 2 * _MARGIN
        chooser_width = self.chooser.minimumSizeHint().width()
        bar_width = CELL_WIDTH + _GAP + chooser_width + _GAP + _VALUES_WIDTH + margins
        output_width = self.drawing.minimumWidth() + _BESIDE + self.bars.minimumWidth() + margins
        return QSize(max(hint.width(), bar_width, output_width), hint.height())

    def showEvent(self, event: QShowEvent) -> None:
        """Show the view that arrived while the panel was hidden."""
        super().showEvent(event)
        self._show_view()

    def _show_view(self) -> None:
        view, layer = self.view, self.layer
        self.drawing.show_layer(layer)
        self.histogram.show_layer(layer)
        self.bars.show_view(view)
        self.sample_image.show_view(view)
        if view is None:
            return
        path = self._shown_path(view)
        form = f" · {_form_text(layer)}" if layer else ""
        source = self._network.samples_note or f"the {view.choice.subset} set"
        sample = f"sample {view.choice.index} of {source}"
        self.heading.set_texts(f"{path}{form} · {sample}", f"{path}{form}", path)
        self.statistics.set_texts(
            *(_statistics_texts(layer) if layer else ("no values for this layer", "–"))
        )
        self._show_time(view)
        self.chooser.show_choice(view.choice, view.subsets, view.samples)

    def _show_time(self, view: ActivationView) -> None:
        last = format_integer(self.history.views[-1].step)
        of_run = not self._network.is_restored
        self.slider.setVisible(of_run and not self._is_compact)
        self.step_text.setVisible(not self._is_compact)
        state = self._network.age_text(view.step)
        if of_run:
            self.step_text.set_texts(state, f"step {format_integer(view.step)} of {last}")
            self.step_text.setToolTip(rate_text(self._session.live_scheduler, "activations"))
        else:
            self.step_text.set_texts(state, self._network.samples_note or state)


def _covers(view: ActivationView, path: str, choice: SampleChoice) -> bool:
    return view.choice == choice and (not path or path in view.layers)


def _path_to_show(view: ActivationView, selected: str) -> str:
    """Return the layer to show: the selected one, the last in a selected block, or the first."""
    if selected in view.layers:
        return selected
    inside = [path for path in view.layers if selected and path.startswith(f"{selected}.")]
    if inside:
        return inside[-1]
    maps = [path for path, layer in view.layers.items() if layer.form == "maps"]
    maps = [path for path in maps if path in view.thumbnails]
    return next(iter(maps or view.layers), "")


def _form_text(layer: LayerView) -> str:
    if layer.form == "sequence":
        steps, features = layer.shape
        return f"{format_integer(steps)} steps × {format_integer(features)} features"
    count = layer.shape[0] if layer.shape else 1
    noun = _UNITS[layer.form]
    return f"{count} {noun}{'s' if count != 1 else ''}"


def _statistics_texts(layer: LayerView) -> tuple[str, str]:
    low, high = (_signed(value) for value in (layer.low, layer.high))
    return f"{low} … {high} · {100 * layer.zeros:.0f} % zeros", f"{low} … {high}"


def _signed(value: float) -> str:
    return f"−{format_3_digits(-value)}" if value < 0 else format_3_digits(value)
