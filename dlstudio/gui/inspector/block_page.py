"""The inspector's page of an open block while nothing is selected."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from dlstudio.design.blocks import placements
from dlstudio.design.model.report import Cost
from dlstudio.design.model.training_settings import chosen
from dlstudio.gui.document.block_paths import path_prefix, scope_prefix
from dlstudio.gui.document.document import Document
from dlstudio.gui.inspector.block_form import BlockForm
from dlstudio.gui.inspector.node_properties import batch_note, cost_rows, node_reports
from dlstudio.gui.inspector.page import InspectorPage
from dlstudio.gui.widgets.basic_widgets import label
from dlstudio.gui.widgets.number_format import format_integer
from dlstudio.gui.widgets.property_table import PropertyTable
from dlstudio.training.specs.automatic import training_of


class BlockPage(InspectorPage):
    """The definition of the block, and its cost in the opened placement."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._scope = document.scope
        self._title = label(role="heading", wrap=True)
        self._placements_label = label(role="muted", wrap=True)
        self.property_table = PropertyTable()
        self.form = BlockForm(document, self._scope)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(11)
        for widget in (self._title, self._placements_label, self.property_table, self.form):
            column.addWidget(widget)
        column.addStretch(1)
        self.show_project()
        self.show_report()

    def show_project(self) -> None:
        """Show the current definition."""
        project = self._document.project
        block = project.blocks.get(self._scope)
        if block is None:
            return
        self._title.setText(block.title or block.id)
        number = len(placements(project, block.id))
        usage = {0: "not placed yet", 1: "placed once"}.get(number, f"placed {number} times")
        self._placements_label.setText(f"A block, {usage}. Changes apply to all its placements.")
        self.form.show_project()

    def show_report(self) -> None:
        """Show the block's size and cost."""
        report, project = self._document.report, self._document.project
        block = project.blocks.get(self._scope)
        if block is None:
            return
        path = self._document.placement_path if self._document.scope == self._scope else None
        if path is None:
            prefix = scope_prefix(project, self._scope, report.nodes)
        else:
            prefix = path_prefix(project, path, report.nodes)
        rows = [("Layers", format_integer(len(block.graph.nodes)))]
        reports = node_reports(report, prefix.removesuffix(".")) if prefix else []
        batch_size = chosen(training_of(project).batch_size)
        if reports:
            rows += cost_rows(
                sum((node_report.cost for node_report in reports), Cost()), batch_size
            )
        self.property_table.show_rows(rows, batch_note(batch_size) if reports else "")
