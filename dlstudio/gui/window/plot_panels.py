"""Builds the panels that need pyqtgraph, which is imported after the first paint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from dlstudio.gui.document.document import Document
from dlstudio.gui.plots.activations.activations_panel import ActivationsPanel
from dlstudio.gui.plots.analyses.anomalies_panel import AnomaliesPanel
from dlstudio.gui.plots.analyses.linear_probe_panel import LinearProbePanel
from dlstudio.gui.plots.curves.curves_panel import CurvesPanel
from dlstudio.gui.plots.samples.samples_panel import SamplesPanel
from dlstudio.gui.plots.services.shown_run import ShownRun
from dlstudio.gui.plots.services.view_services import ViewServices
from dlstudio.gui.plots.views.view_panel import ViewPanel
from dlstudio.gui.plots.views.view_panels import create_view_panels, panel_of
from dlstudio.gui.runs.earlier.previous_run import PreviousRunLoader
from dlstudio.gui.runs.placeholder_text import PlaceholderText
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.runs.trained_network import TrainedNetwork
from dlstudio.worker.view_worker import ViewWorker


@dataclass(frozen=True, slots=True)
class PlotPanels:
    """The curves and the panels of all views, with the objects that they show.

    Attributes:
        curves: The curves of the runs.
        views: The panel of each view by its name, in the order of their tabs.
        activations, samples, anomalies, probe: Panels of single views, also in `views`.
        trained_network: The network that the views show.
        previous_run: Loads the last run of an opened design for the curves.
        placeholder_text: Explains why a panel is empty.
        view_worker: Computes the slow views; close it with the window.
    """

    curves: CurvesPanel
    views: Mapping[str, QWidget]
    activations: ActivationsPanel
    samples: SamplesPanel
    anomalies: AnomaliesPanel
    probe: LinearProbePanel
    trained_network: TrainedNetwork
    previous_run: PreviousRunLoader
    placeholder_text: PlaceholderText
    view_worker: ViewWorker

    def tabs(self) -> Iterator[tuple[str, QWidget]]:
        """Yield the name of the tab and the panel, in the order of the tabs."""
        yield "curves", self.curves
        yield from self.views.items()

    def shared_view_panels(self) -> Iterator[ViewPanel]:
        """Yield the panels of the views that have no panel of their own."""
        for panel in self.views.values():
            if isinstance(panel, ViewPanel):
                yield panel


def create_plot_panels(document: Document, session: TrainingSession, parent: QObject) -> PlotPanels:
    """Return new panels; `parent` owns the objects that they show."""
    curves = CurvesPanel(session)
    previous_run = PreviousRunLoader(document, session, parent)
    network = TrainedNetwork(document, session, parent)
    placeholder_text = PlaceholderText(document, session, network, parent)
    shown_run = ShownRun(session, parent)
    previous_run.changed.connect(shown_run.show_previous)
    worker = ViewWorker()
    views = create_view_panels(ViewServices(document, session, network, worker, shown_run))
    return PlotPanels(
        curves=curves,
        views=views,
        activations=panel_of(views, ActivationsPanel),
        samples=panel_of(views, SamplesPanel),
        anomalies=panel_of(views, AnomaliesPanel),
        probe=panel_of(views, LinearProbePanel),
        trained_network=network,
        previous_run=previous_run,
        placeholder_text=placeholder_text,
        view_worker=worker,
    )
