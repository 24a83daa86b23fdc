"""The inspector's page when the inside of a block is shown and nothing is selected."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from dlstudio.design.blocks import placements
from dlstudio.design.report import Cost
from dlstudio.gui.document import Document
from dlstudio.gui.panels.dressing import label
from dlstudio.gui.panels.figures import whole
from dlstudio.gui.panels.inspector.block_form import BlockForm
from dlstudio.gui.panels.inspector.facts_box import FactsBox
from dlstudio.gui.panels.inspector.node_facts import batch_note, cost_lines, parts_of
from dlstudio.gui.panels.inspector.page import Page
from dlstudio.gui.placement import scope_prefix, way_prefix


class BlockPage(Page):
    """What the block is, and what it costs where it stands first."""

    def __init__(self, document: Document) -> None:
        """Show the block of the document's scope."""
        super().__init__()
        self._document = document
        self._scope = document.scope
        self._title = label(role="heading", wrap=True)
        self._places = label(role="muted", wrap=True)
        self.facts = FactsBox()
        self.form = BlockForm(document, self._scope)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(11)
        for widget in (self._title, self._places, self.facts, self.form):
            column.addWidget(widget)
        column.addStretch(1)
        self.show_project()
        self.show_report()

    def show_project(self) -> None:
        """Show the present definition."""
        project = self._document.project
        block = project.blocks.get(self._scope)
        if block is None:
            return
        self._title.setText(block.title or block.id)
        number = len(placements(project, block.id))
        times = {0: "nowhere yet", 1: "once"}.get(number, f"{number} times")
        self._places.setText(f"A block, placed {times}. What is changed here changes everywhere.")
        self.form.show_project()

    def show_report(self) -> None:
        """Show what it costs."""
        report, project = self._document.report, self._document.project
        block = project.blocks.get(self._scope)
        if block is None:
            return
        path = self._document.way if self._document.scope == self._scope else None
        if path is None:
            prefix = scope_prefix(project, self._scope, report.nodes)
        else:
            prefix = way_prefix(project, path, report.nodes)
        rows = [("Layers", whole(len(block.graph.nodes)))]
        reports = parts_of(report, prefix.removesuffix(".")) if prefix else []
        batch_size = project.training.batch_size
        if reports:
            rows += cost_lines(
                sum((node_report.cost for node_report in reports), Cost()), batch_size
            )
        self.facts.show_lines(rows, batch_note(batch_size) if reports else "")
