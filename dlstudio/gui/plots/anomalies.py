"""The view of odd samples: how well the error of a reconstruction tells them from usual ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from dlstudio.gui.document import Document
from dlstudio.gui.panels.dressing import ElidedLabel, label
from dlstudio.gui.panels.field import Field
from dlstudio.gui.panels.figures import whole
from dlstudio.gui.plots.error_chart import ErrorChart
from dlstudio.gui.plots.look_bar import LookBar
from dlstudio.gui.plots.network_at_hand import NetworkAtHand
from dlstudio.gui.plots.odd_sources import OddSources, title_of
from dlstudio.gui.plots.sample_drawing import SampleDrawing
from dlstudio.gui.plots.slow_panel import SlowPanel
from dlstudio.gui.run_plan import run_options
from dlstudio.gui.theme import theme_changes
from dlstudio.insight.anomaly_views import AnomalyView, threshold

if TYPE_CHECKING:
    from dlstudio.data.parts import Progress
    from dlstudio.training.observer import RunView

_TASKS = frozenset({"reconstruction", "variational"})
_WAITING = (
    "A network that learnt to rebuild usual samples rebuilds odd ones badly: "
    "its error tells them apart.\n"
)
_OTHER_TASK = "This is for tasks that rebuild what goes in, such as Reconstruction."
_UNTRAINED = "Press Train, then Compare."
_READY = "Press Compare to see how well."
_QUANTILE = 0.95


class AnomaliesPanel(SlowPanel):
    """Compares the errors of usual and odd samples when it is asked to."""

    def __init__(self, document: Document, network: NetworkAtHand) -> None:
        """Look at the network at hand."""
        tip = "Send usual and odd samples through the network"
        super().__init__(document, LookBar(network, "Compare", tip))
        self._document = document
        self._network = network
        self.view: AnomalyView | None = None
        self._limit = 0.0
        self._quantile: float | None = _QUANTILE
        self.source = OddSources()
        self.quantile = Field(steps=True)
        self.figures = ElidedLabel("title")
        self.chart = ErrorChart()
        self.usual = SampleDrawing()
        self.odd = SampleDrawing()
        self._build()
        self.bar.wanted.connect(self.compare)
        self.bar.look.done.connect(self._take)
        self.source.chosen.connect(lambda _choice: self._compare_again())
        self.quantile.committed.connect(self._typed)
        self.quantile.stepped.connect(self._step)
        self.chart.moved.connect(self._move)
        network.changed.connect(self._forget)
        document.project_changed.connect(lambda _change: self._follow())
        theme_changes.changed.connect(self._redraw)
        self._forget()

    def compare(self) -> None:
        """Begin to compare."""
        choice = self.source.choice
        options = run_options(self._document, "")

        def analyse(view: RunView, progress: Progress) -> AnomalyView:
            from dlstudio.insight.anomaly import survey

            return survey(
                view,
                choice,
                progress,
                data_dir=options.data_dir,
                design_dir=options.design_dir,
            )

        self.bar.look.start(analyse)

    def showEvent(self, event: QShowEvent) -> None:
        """Offer what fits the data."""
        super().showEvent(event)
        self._follow()

    def _build(self) -> None:
        self.bar.add_choice("Odd samples", self.source)
        self.quantile.setFixedWidth(72)
        self.quantile.setToolTip("So many of the usual samples stay below the threshold")
        self.quantile.setAccessibleName("Usual samples below the threshold, in per cent")
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.figures, 1)
        head.addWidget(label("Usual below", "small"))
        head.addWidget(self.quantile)
        head.addWidget(label("%", "small"))
        images = QVBoxLayout()
        images.setSpacing(6)
        images.addWidget(self.usual)
        images.addWidget(self.odd)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.chart, 1)
        middle.addLayout(images, 1)
        self.lay_out(head, middle)

    def _compare_again(self) -> None:
        if self.view is not None or self.bar.look.is_busy:
            self.compare()

    def _take(self, view: AnomalyView) -> None:
        self.view = view
        if self._quantile is None:
            self._quantile = _QUANTILE
        self._limit = threshold(view.usual, self._quantile)
        self.usual.show_view(view.usual_worst)
        self.odd.show_view(view.odd_worst)
        self._show()

    def _forget(self) -> None:
        self.view = None
        self._follow()
        self._show()

    def _follow(self) -> None:
        """Offer odd samples for the data of the network, or of the design before it has one."""
        project = self._network.project or self._document.project
        if self.isVisible():
            self.source.show_data(project.data)
        fits = project.training.task in _TASKS
        next_step = _READY if self._network.is_there else _UNTRAINED
        self.wait(_WAITING + (next_step if fits else _OTHER_TASK), usable=fits)

    def _move(self, limit: float) -> None:
        """Take a threshold that was chosen by hand; its share of usual samples follows."""
        self._limit = limit
        self._quantile = None
        self._show()

    def _step(self, steps: int) -> None:
        self._take_share(self._shown_share() + steps)

    def _typed(self) -> None:
        if not self.quantile.holds_typing:
            return
        try:
            self._take_share(float(self.quantile.text().strip().rstrip("%").replace(",", ".")))
        except ValueError:
            self._show()

    def _take_share(self, percent: float) -> None:
        if self.view is not None and 0 <= percent <= 100:
            self._quantile = percent / 100
            self._limit = threshold(self.view.usual, self._quantile)
        self._show()

    def _shown_share(self) -> float:
        if self._quantile is not None:
            return 100 * self._quantile
        return 100 * (1 - self.view.at(self._limit).false_alarms) if self.view else 100 * _QUANTILE

    def _show(self) -> None:
        view = self.view
        self.show_found(there=view is not None)
        if view is None:
            return
        score = view.at(self._limit)
        self.chart.show_view(view, self._limit, title_of(view.choice))
        self.quantile.setText(f"{self._shown_share():.4g}")
        above = f"{100 * score.false_alarms:.1f} % of usual, {100 * score.found:.1f} % of odd"
        area = f"AUROC {view.auroc:.3f}"
        counts = (
            f"{whole(len(view.usual))} {view.usual_part} and {whole(len(view.odd))} odd samples"
        )
        self.figures.say(
            f"{area} · above the threshold: {above} · {counts} · {self._network.after(view.step)}",
            f"{area} · above the threshold: {above}",
            f"{area} · above: {above}",
            area,
        )

    def _redraw(self) -> None:
        for widget in (self.chart, self.usual, self.odd):
            widget.update()
