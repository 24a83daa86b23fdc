"""The anomalies panel: how well reconstruction error separates anomalies from normal samples."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dlstudio.design.model.values import Value
from dlstudio.gui.plots.analyses.analysis_panel import BUSY_HINT, AnalysisPanel
from dlstudio.gui.plots.analyses.analysis_toolbar import AnalysisToolbar
from dlstudio.gui.plots.analyses.anomaly_sources import AnomalySourceMenu, source_title
from dlstudio.gui.plots.analyses.error_histogram import ErrorHistogram
from dlstudio.gui.plots.samples.sample_drawing import SampleDrawing
from dlstudio.gui.plots.services.view_services import ViewServices
from dlstudio.gui.style.theme import theme_changes
from dlstudio.gui.widgets.basic_widgets import ElidedLabel, label
from dlstudio.gui.widgets.field import StepField
from dlstudio.gui.widgets.number_format import format_integer
from dlstudio.insight.analyses.anomaly_views import AnomalyView, threshold
from dlstudio.insight.views.anomalies import VIEW

_PURPOSE = (
    "A network trained to reconstruct normal samples reconstructs anomalies badly: "
    "its error separates them.\n"
)
_TRAIN_HINT = "Press Train, then Compare."
_COMPARE_HINT = "Press Compare to measure how well."
_QUANTILE = 0.95


class AnomaliesPanel(AnalysisPanel):
    """Compares the reconstruction errors of normal and anomalous samples on demand."""

    def __init__(self, services: ViewServices) -> None:
        tip = "Compare reconstruction errors of normal and anomalous samples"
        super().__init__(services.document, AnalysisToolbar(services, "Compare", tip))
        self._document = document = services.document
        self._network = network = services.network
        self.view: AnomalyView | None = None
        self._threshold = 0.0
        self._quantile: float | None = _QUANTILE
        self.source = AnomalySourceMenu()
        self.quantile = StepField(has_steps=True)
        self.summary = ElidedLabel("title")
        self.chart = ErrorHistogram()
        self.normal = SampleDrawing()
        self.anomalous = SampleDrawing()
        self._titles = [label("Normal, worst", "small"), label("Anomalous, worst", "small")]
        self._build()
        self.toolbar.start_requested.connect(self.compare)
        self.toolbar.task.done.connect(self._show_result)
        self.toolbar.task.busy_changed.connect(self._update_placeholder)
        self.source.chosen.connect(lambda _choice: self._compare_again())
        self.quantile.committed.connect(self._commit_percent)
        self.quantile.stepped.connect(self._step_percent)
        self.chart.threshold_moved.connect(self._set_threshold)
        network.changed.connect(self._clear)
        network.origin_changed.connect(self._show)
        document.project_changed.connect(lambda _change: self._update_sources())
        theme_changes.changed.connect(self._redraw)
        self._clear()

    def compare(self) -> None:
        """Start the comparison in the background."""
        choice = self.source.choice
        options: dict[str, Value] = {
            "source": choice.name,
            "folder": str(choice.options.get("path", "")),
            "seed": choice.seed,
        }
        self.toolbar.task.start(VIEW, options)

    def showEvent(self, event: QShowEvent) -> None:
        """Update the anomaly sources, which depend on the data."""
        super().showEvent(event)
        self._update_sources()

    def _build(self) -> None:
        self.toolbar.add_choice("Anomalies", self.source)
        self.quantile.setFixedWidth(72)
        self.quantile.setToolTip("Share of normal samples below the threshold")
        self.quantile.setAccessibleName("Normal samples below the threshold, in per cent")
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.summary, 1)
        head.addWidget(label("Normal below", "small"))
        head.addWidget(self.quantile)
        head.addWidget(label("%", "small"))
        samples = QWidget()
        images = QVBoxLayout(samples)
        images.setContentsMargins(0, 0, 0, 0)
        images.setSpacing(6)
        for title, drawing in zip(self._titles, (self.normal, self.anomalous), strict=True):
            images.addWidget(title)
            images.addWidget(drawing)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(samples)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.chart, 1)
        middle.addWidget(area, 1)
        self.build_layout(head, middle)

    def _compare_again(self) -> None:
        if self.view is not None or self.toolbar.task.is_busy:
            self.compare()

    def _show_result(self, view: AnomalyView) -> None:
        self.view = view
        if self._quantile is None:
            self._quantile = _QUANTILE
        self._threshold = threshold(view.normal, self._quantile)
        self.normal.show_view(view.normal_worst)
        self.anomalous.show_view(view.anomalous_worst)
        for title in self._titles:  # images have their titles beside them
            title.setVisible(view.normal_worst.form == "texts")
        self._show()

    def _clear(self) -> None:
        self.view = None
        self._update_sources()
        self._show()

    def _update_sources(self) -> None:
        """Offer anomalies for the data of the network, or of the design if there is no network."""
        if self.isVisible():
            project = self._network.project or self._document.project
            self.source.show_data(project.data)
        self._update_placeholder()

    def _update_placeholder(self) -> None:
        project = self._network.project or self._document.project
        reason = VIEW.needs(project, self._document.dataset_info)
        next_step = _COMPARE_HINT if self._network.is_available else _TRAIN_HINT
        if self.toolbar.task.is_busy:
            next_step = BUSY_HINT
        self.set_placeholder(_PURPOSE + (reason or next_step), usable=not reason)

    def _set_threshold(self, value: float) -> None:
        """Set the threshold; the share of normal samples below follows from it."""
        self._threshold = value
        self._quantile = None
        self._show()

    def _step_percent(self, steps: int) -> None:
        self._set_percent(self._normal_percent() + steps)

    def _commit_percent(self) -> None:
        if not self.quantile.is_editing:
            return
        try:
            self._set_percent(float(self.quantile.text().strip().rstrip("%").replace(",", ".")))
        except ValueError:
            self._show()

    def _set_percent(self, percent: float) -> None:
        if self.view is not None and 0 <= percent <= 100:
            self._quantile = percent / 100
            self._threshold = threshold(self.view.normal, self._quantile)
        self._show()

    def _normal_percent(self) -> float:
        if self._quantile is not None:
            return 100 * self._quantile
        return (
            100 * (1 - self.view.score_at(self._threshold).false_alarm_rate)
            if self.view
            else 100 * _QUANTILE
        )

    def _show(self) -> None:
        view = self.view
        self.set_result_visible(visible=view is not None)
        if view is None:
            return
        score = view.score_at(self._threshold)
        self.chart.show_view(view, self._threshold, source_title(view.source))
        self.quantile.setText(f"{self._normal_percent():.4g}")
        above = (
            f"{100 * score.false_alarm_rate:.1f} % of normal, "
            f"{100 * score.detection_rate:.1f} % of anomalous"
        )
        area = f"AUROC {view.auroc:.3f}"
        counts = (
            f"{format_integer(len(view.normal))} {view.normal_subset} and "
            f"{format_integer(len(view.anomalous))} anomalous samples"
        )
        self.summary.set_texts(
            f"{area} · above the threshold: {above} · {counts} · "
            f"{self._network.age_text(view.step)}",
            f"{area} · above the threshold: {above}",
            f"{area} · above: {above}",
            area,
        )

    def _redraw(self) -> None:
        for widget in (self.chart, self.normal, self.anomalous):
            widget.update()
