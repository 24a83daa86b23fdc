"""The inspector's page of the network, its data and its training; shown without a selection."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from dlstudio.design.model.model import Node
from dlstudio.design.model.training_settings import chosen
from dlstudio.gui.actions.action_table import action_title
from dlstudio.gui.data.data_dialogs import open_points, open_preview
from dlstudio.gui.data.data_form import DataForm
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.settings_form import CollapsibleSection
from dlstudio.gui.inspector.about_links import about_html
from dlstudio.gui.inspector.node_properties import batch_note, cost_rows
from dlstudio.gui.inspector.page import InspectorPage
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.training.training_form import TrainingForm
from dlstudio.gui.widgets.basic_widgets import label
from dlstudio.gui.widgets.number_format import format_integer
from dlstudio.gui.widgets.property_table import PropertyTable
from dlstudio.layers.registry import find
from dlstudio.training.specs.automatic import training_of


class NetworkPage(InspectorPage):
    """Summary of the network, data settings, training settings."""

    def __init__(self, document: Document, session: TrainingSession | None = None) -> None:
        """Build the page; with `session`, settings can be applied to its run."""
        super().__init__()
        self._document = document
        self._weights = session.shown_weights if session is not None else None
        if self._weights is not None:
            self._weights.changed.connect(self._show_weights)
        self._title = label(role="heading", wrap=True)
        self.description = label(role="muted", wrap=True)
        self.description.setTextFormat(Qt.TextFormat.RichText)
        self.description.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.description.linkActivated.connect(self.link_activated)
        self.property_table = PropertyTable()
        self.weights = label(role="muted", wrap=True)
        self._summary = label(role="mono", wrap=True)
        self._summary.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._summary.setAccessibleName(action_title("summary"))
        self.data = DataForm(document)
        self.data.preview_requested.connect(lambda: open_preview(document, self))
        self.data.points_requested.connect(lambda: open_points(document, self))
        self.training = TrainingForm(document, session)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(11)
        for widget in (self._title, self.description, self.property_table, self.weights):
            column.addWidget(widget)
        column.addWidget(CollapsibleSection(action_title("summary"), self._summary))
        column.addWidget(label("Data", "title"))
        column.addWidget(self.data)
        column.addWidget(self.training)
        column.addStretch(1)
        self.show_project()
        self.show_report()

    def show_project(self) -> None:
        """Show the current project."""
        project = self._document.project
        self._title.setText(project.title or "Network")
        self.description.setText(about_html(project))
        self.description.setVisible(bool(project.about))
        self.data.show_project()
        self.training.show_project()

    def show_report(self) -> None:
        """Show the cost and the shapes of the last check."""
        report, project = self._document.report, self._document.project
        rows = [("Layers", format_integer(len(project.graph.nodes)))]
        batch_size = chosen(training_of(project).batch_size)
        if report.nodes:
            rows += cost_rows(report.cost, batch_size)
        self.property_table.show_rows(rows, batch_note(batch_size) if report.nodes else "")
        self._summary.setText("\n".join(text_summary(self._document)))
        self._show_weights()

    def _show_weights(self) -> None:
        shown = self._weights if self._document.project.graph.nodes else None
        self.weights.setText(f"Weights: {shown.origin.text}" if shown is not None else "")
        self.weights.setVisible(shown is not None)


def text_summary(document: Document) -> Iterator[str]:
    """Yield a line for each layer: its name, output shapes and parameters."""
    nodes = document.project.graph.nodes
    for path, node_report in document.report.nodes.items():
        shapes = ", ".join(signal.text() for signal in node_report.outputs.values())
        parameter_text = (
            f", {node_report.cost.parameters:,} parameters" if node_report.cost.parameters else ""
        )
        name = _display_name(nodes.get(path), path, node_report.kind)
        yield f"{name}: {shapes or 'unknown'}{parameter_text}"


def _display_name(node: Node | None, path: str, kind: str) -> str:
    if node is not None and node.title:
        return node.title
    layer_kind = find(kind)
    return f"{layer_kind.title} {path}" if layer_kind else path
