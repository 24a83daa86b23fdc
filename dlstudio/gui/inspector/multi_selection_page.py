"""The inspector's page of several selected cards: their common settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QVBoxLayout

from dlstudio.design.changes.diff import Change
from dlstudio.design.editing.definitions import placed_block_id
from dlstudio.design.model.model import Node, Project
from dlstudio.design.model.report import Cost
from dlstudio.design.model.training_settings import chosen
from dlstudio.design.model.values import Value, freeze
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.settings_form import SettingsForm
from dlstudio.gui.inspector.node_properties import (
    apply_form_value,
    cost_rows,
    declarations_of,
    form_values,
    have_references_changed,
    kind_of,
    node_reports,
    references_in_scope,
    report_path,
)
from dlstudio.gui.inspector.page import InspectorPage
from dlstudio.gui.inspector.parameter_group_row import ParameterGroupRow
from dlstudio.gui.widgets.basic_widgets import label
from dlstudio.gui.widgets.property_table import PropertyTable
from dlstudio.layers.framework.settings import Setting
from dlstudio.training.specs.automatic import training_of


class MultiSelectionPage(InspectorPage):
    """Edits the common settings of several cards at once."""

    def __init__(self, document: Document, ids: Sequence[str]) -> None:
        super().__init__()
        self._document = document
        self._ids = tuple(ids)
        self._scope = document.scope
        self.names = references_in_scope(document)
        self.declarations = _shared_settings(
            [declarations_of(document, node) for node in self._nodes()]
        )
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
            column.addWidget(label("No settings in common.", "muted"))
        self.group_row = ParameterGroupRow(document, self._ids)
        column.addWidget(self.group_row)
        self.property_table = PropertyTable()
        column.addWidget(self.property_table)
        column.addStretch(1)
        self.show_project()
        self.show_report()

    def show_project(self) -> None:
        """Show the current values; a setting whose values differ is shown as mixed."""
        nodes = self._nodes()
        values: dict[str, Value] = {}
        mixed: set[str] = set()
        for name, setting in self.declarations.items():
            node_values = [form_values(node).get(name, setting.default) for node in nodes]
            if len({freeze(value) for value in node_values}) > 1:
                mixed.add(name)
            elif node_values:
                values[name] = node_values[0]
        self.form.show_values(values, mixed)
        self.group_row.show_project()

    def show_report(self) -> None:
        """Show the total cost of the cards."""
        report = self._document.report
        reports = [
            node_report
            for node_id in self._ids
            for node_report in node_reports(report, report_path(self._document, node_id))
        ]
        cost = sum((node_report.cost for node_report in reports), Cost())
        batch_size = chosen(training_of(self._document.project).batch_size)
        self.property_table.show_rows(cost_rows(cost, batch_size) if reports else ())

    def is_outdated(self, change: Change) -> bool:
        """Whether the names its editors offer have changed."""
        return not change.is_layout_only and have_references_changed(self._document, self.names)

    def _nodes(self) -> list[Node]:
        nodes = self._document.project.graph_at(self._scope).nodes
        return [nodes[node_id] for node_id in self._ids if node_id in nodes]

    def _edit(self, name: str, value: Value) -> None:
        self._document.try_edit(
            lambda project: apply_form_value(project, self._ids, name, value, self._scope),
            f"Change {self.declarations[name].title.lower()} of {len(self._ids)} layers",
            merge=f"setting:{self._scope}:{','.join(self._ids)}:{name}",
        )


def _shared_settings(declarations: Sequence[Mapping[str, Setting]]) -> dict[str, Setting]:
    """Return the settings that all cards declare with the same type and options."""
    first, *others = declarations
    return {
        name: setting
        for name, setting in first.items()
        if all(_is_compatible(setting, other.get(name)) for other in others)
    }


def _is_compatible(setting: Setting, other: Setting | None) -> bool:
    return (
        type(setting) is type(other)
        and getattr(setting, "options", None) == getattr(other, "options", None)
        and getattr(setting, "count", None) == getattr(other, "count", None)
    )


def _kinds_text(project: Project, nodes: Sequence[Node]) -> str:
    kinds = [_kind_text(project, node) for node in nodes]
    return ", ".join(f"{kinds.count(kind)} × {kind}" for kind in dict.fromkeys(kinds))


def _kind_text(project: Project, node: Node) -> str:
    """Return the title of a card's kind, or of its block."""
    kind, block = kind_of(node), project.blocks.get(placed_block_id(node))
    if block is not None:
        return block.title or block.id
    return kind.title if kind else node.kind.replace("_", " ").capitalize()
