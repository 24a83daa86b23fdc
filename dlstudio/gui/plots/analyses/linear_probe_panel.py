"""The linear probe panel: how well a layer separates the classes, trained and untrained."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout

from dlstudio.design.model.canvas_metrics import NOTE_PREFIX
from dlstudio.design.model.values import Value
from dlstudio.gui.forms.setting_editors import FormComboBox
from dlstudio.gui.inspector.node_properties import report_path
from dlstudio.gui.plots.analyses.analysis_panel import BUSY_HINT, AnalysisPanel
from dlstudio.gui.plots.analyses.analysis_toolbar import AnalysisToolbar
from dlstudio.gui.plots.drawings.bars import BarsDrawing
from dlstudio.gui.plots.drawings.class_scatter import ClassLegend, ClassScatter
from dlstudio.gui.plots.services.view_services import ViewServices
from dlstudio.gui.style.theme import current_theme, theme_changes
from dlstudio.gui.widgets.basic_widgets import ElidedLabel
from dlstudio.gui.widgets.number_format import format_integer
from dlstudio.insight.analyses.probe_views import ProbeView
from dlstudio.insight.views.probe import VIEW
from dlstudio.insight.views.values import Bars

_NETWORK_OUTPUT = "Network output"
_LABEL_COUNTS = {
    "1 per class": 1,
    "5 per class": 5,
    "10 per class": 10,
    "100 per class": 100,
    "all": 0,
}
_BARS_WIDTH = 172
_DEFAULT_LABELS = "10 per class"
_PURPOSE = (
    "Can a linear classifier separate the classes at this layer? A probe is trained on a few\n"
    "labels, in the trained network and in the same network before training.\n"
)
_TRAIN_HINT = "Press Train, then Probe."
_PROBE_HINT = "Choose a layer and press Probe."


class LinearProbePanel(AnalysisPanel):
    """Trains a linear probe on a layer's output on demand."""

    def __init__(self, services: ViewServices) -> None:
        tip = "Train a linear classifier on the layer's output"
        super().__init__(services.document, AnalysisToolbar(services, "Probe", tip))
        self._document = document = services.document
        self._network = network = services.network
        self.view: ProbeView | None = None
        self.layer = FormComboBox()
        self.labels = FormComboBox()
        self.heading = ElidedLabel("title")
        self.bars = BarsDrawing()
        self.trained = ClassScatter()
        self.untrained = ClassScatter()
        self.legend = ClassLegend()
        self._build()
        self.toolbar.start_requested.connect(self.probe)
        self.toolbar.task.done.connect(self._show_result)
        self.toolbar.task.busy_changed.connect(self._update_placeholder)
        for combo in (self.layer, self.labels):
            combo.activated.connect(lambda _index: self._probe_again())
        network.changed.connect(self._clear)
        network.origin_changed.connect(self._show)
        document.selection_changed.connect(lambda _selection: self._use_selected_layer())
        document.report_changed.connect(self._update_options)
        theme_changes.changed.connect(self._apply_theme)
        self._clear()

    @property
    def options(self) -> dict[str, Value]:
        """The chosen layer and number of labels."""
        path = self.layer.currentText() if self.layer.currentIndex() > 0 else ""
        return {"layer": path, "labels": _LABEL_COUNTS[self.labels.currentText()]}

    def probe(self) -> None:
        """Start probing in the background."""
        self.toolbar.task.start(VIEW, self.options)

    def showEvent(self, event: QShowEvent) -> None:
        """Update the list of layers."""
        super().showEvent(event)
        self._update_options()

    def _build(self) -> None:
        self.layer.setMinimumContentsLength(16)
        self.layer.setToolTip("The layer to probe; selecting a card chooses its layer")
        self.labels.addItems(list(_LABEL_COUNTS))
        self.labels.setCurrentText(_DEFAULT_LABELS)
        self.labels.setMinimumContentsLength(9)
        self.labels.setToolTip("Number of labelled samples per class for training the probe")
        self.toolbar.add_choice("Layer", self.layer)
        self.toolbar.add_choice("Labels", self.labels)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        self.bars.setFixedWidth(_BARS_WIDTH)
        middle.addWidget(self.bars)
        middle.addWidget(self.trained, 1)
        middle.addWidget(self.untrained, 1)
        middle.addWidget(self.legend)
        self.build_layout(self.heading, middle)

    def _probe_again(self) -> None:
        if self.view is not None or self.toolbar.task.is_busy:
            self.probe()

    def _show_result(self, view: ProbeView) -> None:
        self.view = view
        self._show()

    def _clear(self) -> None:
        self.view = None
        self._update_options()
        self._show()

    def _update_options(self) -> None:
        """Update the list of layers and the placeholder."""
        if self.isVisible():
            self._update_layers()
        self._update_placeholder()

    def _update_placeholder(self) -> None:
        project = self._network.project or self._document.project
        reason = VIEW.needs(project, self._document.dataset_info)
        next_step = _PROBE_HINT if self._network.is_available else _TRAIN_HINT
        if self.toolbar.task.is_busy:
            next_step = BUSY_HINT
        self.set_placeholder(_PURPOSE + (reason or next_step), usable=not reason)

    def _update_layers(self) -> None:
        report = self._document.report
        paths = [
            path for path, node in report.nodes.items() if node.kind not in {"input", "output"}
        ]
        items = [_NETWORK_OUTPUT, *paths]
        if [self.layer.itemText(index) for index in range(self.layer.count())] == items:
            return
        previous = self.layer.currentText()
        with QSignalBlocker(self.layer):
            self.layer.clear()
            self.layer.addItems(items)
            self.layer.setCurrentIndex(max(self.layer.findText(previous), 0))
        if not previous:
            self._use_selected_layer()

    def _use_selected_layer(self) -> None:
        """Choose the selected card's layer; for a block, its last one."""
        node_ids = [
            node_id for node_id in self._document.selection if not node_id.startswith(NOTE_PREFIX)
        ]
        if len(node_ids) != 1 or not self.isVisible():
            return
        path = report_path(self._document, node_ids[0])
        names = [self.layer.itemText(index) for index in range(1, self.layer.count())]
        layers = [name for name in names if name == path or name.startswith(f"{path}.")]
        if path and layers:
            self.layer.setCurrentText(path if path in layers else layers[-1])

    def _show(self) -> None:
        view = self.view
        self.set_result_visible(visible=view is not None)
        if view is None:
            return
        self._apply_theme()
        names = view.class_names
        self.legend.show_names(names)
        for plane, title, score in (
            (self.trained, "Trained", view.trained),
            (self.untrained, "Untrained", view.untrained),
        ):
            plot_title = f"{title} · {100 * score.explained_variance:.0f} % of the variance"
            plane.show_points(plot_title, score.plane, view.labels)
        layer_name = view.choice.path or _NETWORK_OUTPUT
        width = f"{format_integer(view.width)} features"
        if view.pooled:
            width += f", averaged from {format_integer(view.pooled)}"
        labels = f"{format_integer(view.labelled)} labels"
        if view.draws > 1:
            labels += f", {view.draws} draws"
        self.heading.set_texts(
            f"{layer_name} · {width} · {labels} · "
            f"tested on {format_integer(view.tested)} samples · "
            f"{self._network.age_text(view.step)}",
            f"{layer_name} · {width} · {labels}",
            layer_name,
        )

    def _apply_theme(self) -> None:
        if self.view is not None:
            theme = current_theme()
            colours = (theme.curves[0], theme.curves[1], theme.muted)
            self.bars.show_value(_accuracy_bars(self.view), colours)
        for widget in (self.trained, self.untrained, self.legend):
            widget.update()


def _accuracy_bars(view: ProbeView) -> Bars:
    trained, untrained = view.trained, view.untrained
    return Bars(
        ("Trained", "Untrained", "Most frequent class"),
        np.array([100 * trained.accuracy, 100 * untrained.accuracy, 100 * view.chance], np.float32),
        np.array([100 * trained.spread, 100 * untrained.spread, 0.0], np.float32),
        low=0.0,
        high=100.0,
        unit="%",
        title="Accuracy of the linear probe",
    )
