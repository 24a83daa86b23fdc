"""The inspector's page for several selected cards: the settings they share, edited at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QVBoxLayout

from dlstudio.design.editing.definitions import placed_block
from dlstudio.design.model import Node, Project
from dlstudio.design.report import Cost
from dlstudio.design.values import Value, freeze
from dlstudio.gui.document import Document
from dlstudio.gui.panels.dressing import label
from dlstudio.gui.panels.inspector.facts_box import FactsBox
from dlstudio.gui.panels.inspector.group_row import GroupRow
from dlstudio.gui.panels.inspector.node_facts import (
    cost_lines,
    declarations_of,
    kind_of,
    names_for,
    parts_of,
    path_of,
    set_shown,
    shown_settings,
)
from dlstudio.gui.panels.inspector.page import Page
from dlstudio.gui.panels.settings_form import SettingsForm
from dlstudio.layers.settings import Setting


class SeveralPage(Page):
    """Edits what several cards have in common."""

    def __init__(self, document: Document, ids: Sequence[str]) -> None:
        """Build the page for these cards of the document's scope."""
        super().__init__()
        self._document = document
        self._ids = tuple(ids)
        self._scope = document.scope
        self.names = names_for(document)
        self.declarations = _shared([declarations_of(document, node) for node in self._nodes()])
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(11)
        column.addWidget(label(f"{len(ids)} layers", "heading"))
        column.addWidget(label(_kinds_text(document.project, self._nodes()), "muted", wrap=True))
        self.form = SettingsForm(self.declarations, self.names)
        self.form.edited.connect(self._edit)
        if self.declarations:
            column.addWidget(self.form)
        else:
            column.addWidget(label("They share no setting.", "muted"))
        self.group = GroupRow(document, self._ids)
        column.addWidget(self.group)
        self.facts = FactsBox()
        column.addWidget(self.facts)
        column.addStretch(1)
        self.show_project()
        self.show_report()

    def show_project(self) -> None:
        """Show the present settings; a dash where they differ."""
        nodes = self._nodes()
        values: dict[str, Value] = {}
        mixed: set[str] = set()
        for name, setting in self.declarations.items():
            node_values = [shown_settings(node).get(name, setting.default) for node in nodes]
            if len({freeze(value) for value in node_values}) > 1:
                mixed.add(name)
            elif node_values:
                values[name] = node_values[0]
        self.form.show_values(values, mixed)
        self.group.show_project()

    def show_report(self) -> None:
        """Show what they cost together."""
        report = self._document.report
        reports = [
            node_report
            for node_id in self._ids
            for node_report in parts_of(report, path_of(self._document, node_id))
        ]
        cost = sum((node_report.cost for node_report in reports), Cost())
        batch_size = self._document.project.training.batch_size
        self.facts.show_lines(cost_lines(cost, batch_size) if reports else ())

    def _nodes(self) -> list[Node]:
        nodes = self._document.project.graph_at(self._scope).nodes
        return [nodes[node_id] for node_id in self._ids if node_id in nodes]

    def _edit(self, name: str, value: Value) -> None:
        self._document.try_edit(
            lambda project: set_shown(project, self._ids, name, value, self._scope),
            f"Change {self.declarations[name].title.lower()} of {len(self._ids)} layers",
            merge=f"setting:{self._scope}:{','.join(self._ids)}:{name}",
        )


def _shared(declared: Sequence[Mapping[str, Setting]]) -> dict[str, Setting]:
    """Return the settings that all kinds declare in the same way."""
    first, *others = declared
    return {
        name: setting
        for name, setting in first.items()
        if all(_alike(setting, other.get(name)) for other in others)
    }


def _alike(setting: Setting, other: Setting | None) -> bool:
    return (
        type(setting) is type(other)
        and getattr(setting, "options", None) == getattr(other, "options", None)
        and getattr(setting, "count", None) == getattr(other, "count", None)
    )


def _kinds_text(project: Project, nodes: Sequence[Node]) -> str:
    kinds = [_kind_text(project, node) for node in nodes]
    return ", ".join(f"{kinds.count(kind)} × {kind}" for kind in dict.fromkeys(kinds))


def _kind_text(project: Project, node: Node) -> str:
    """Return what a card is: the title of its kind, or of the block that it places."""
    kind, block = kind_of(node), project.blocks.get(placed_block(node))
    if block is not None:
        return block.title or block.id
    return kind.title if kind else node.kind.replace("_", " ").capitalize()
