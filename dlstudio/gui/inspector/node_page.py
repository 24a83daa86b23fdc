"""The inspector's page for one selected card."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from dlstudio.design.blocks import promote_setting
from dlstudio.design.changes.diff import Change
from dlstudio.design.edits import set_title
from dlstudio.design.library.library import explanation_of
from dlstudio.design.model.identifiers import next_free_id
from dlstudio.design.model.model import BLOCK, Node
from dlstudio.design.model.training_settings import chosen
from dlstudio.design.model.values import Ref, Value
from dlstudio.gui.actions.action_table import action_title
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.settings_form import CollapsibleSection, SettingsForm
from dlstudio.gui.forms.value_format import format_value
from dlstudio.gui.inspector.block_form import BlockForm
from dlstudio.gui.inspector.node_properties import (
    apply_form_value,
    batch_note,
    declarations_of,
    find_layer_view,
    form_values,
    have_references_changed,
    kind_of,
    node_problems,
    property_rows,
    references_in_scope,
    report_path,
    wiring_paths,
)
from dlstudio.gui.inspector.output_preview import OutputPreview
from dlstudio.gui.inspector.page import InspectorPage
from dlstudio.gui.inspector.parameter_group_row import ParameterGroupRow
from dlstudio.gui.inspector.weight_sharing_row import WeightSharingRow
from dlstudio.gui.problems.problem_card import ProblemCard
from dlstudio.gui.widgets.basic_widgets import button, clear_layout, label
from dlstudio.gui.widgets.category_swatch import CategorySwatch
from dlstudio.gui.widgets.collapsible_text import CollapsibleText
from dlstudio.gui.widgets.field import UndoAwareLineEdit
from dlstudio.gui.widgets.property_table import PropertyTable
from dlstudio.insight.activations.activation_views import ActivationView
from dlstudio.training.specs.automatic import training_of

_OPEN_TIP = "Show and edit the layers inside; double-clicking the card does the same"


class NodePage(InspectorPage):
    """Title, explanation, form, properties, formula and problems of one card."""

    def __init__(self, document: Document, node_id: str, *, definition_open: bool = False) -> None:
        super().__init__()
        self._document = document
        self._id = node_id
        self._scope = document.scope
        self._view: ActivationView | None = None
        node = self._node()
        self.names = references_in_scope(document)
        """The names its editors offer; the page is rebuilt when they change."""
        self.declarations = declarations_of(document, node)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 14, 14, 14)
        self._column.setSpacing(11)
        self._add_header(node)
        self._problems = QVBoxLayout()
        self._problems.setSpacing(8)
        self._column.addLayout(self._problems)
        self.form = SettingsForm(self.declarations, self.names)
        self.form.edited.connect(self._edit)
        self.form.parameter_requested.connect(self._make_parameter)
        self._column.addWidget(self.form)
        self.weights_row = WeightSharingRow(document, node_id)
        self.group_row = ParameterGroupRow(document, [node_id])
        for row in (self.weights_row, self.group_row):
            self._column.addWidget(row)
        self.property_table = PropertyTable()
        self._column.addWidget(self.property_table)
        self._add_definition(node, is_open=definition_open)
        self._add_formula(node)
        self.output_preview = OutputPreview(_preview_title(node))
        self._column.addWidget(self.output_preview)
        self._column.addStretch(1)
        self.show_project()
        self.show_report()

    def show_project(self) -> None:
        """Show the node's current settings."""
        node = self._document.project.graph_at(self._scope).nodes.get(self._id)
        if node is None:
            return
        self.form.show_values(form_values(node))
        self.weights_row.show_project()
        self.group_row.show_project()
        if self.definition_form is not None:
            self.definition_form.show_project()
        if self.title.text() != node.title and not self.title.is_editing:
            self.title.setText(node.title)

    def show_report(self) -> None:
        """Show the node's properties and problems from the last check."""
        report = self._document.report
        path = report_path(self._document, self._id)
        self._show_properties()
        clear_layout(self._problems)
        problems = node_problems(report, path, wiring_paths(self._document, self._id))
        for problem in sorted(problems, key=attrgetter("rank")):
            card = ProblemCard(problem)
            card.repair_requested.connect(self._document.repair)
            self._problems.addWidget(card)

    def show_view(self, view: ActivationView | None) -> None:
        """Show the measured time and output of the layer."""
        self._view = view
        self._show_properties()
        path = report_path(self._document, self._id)
        self.output_preview.show_layer(find_layer_view(view, path) if view else None)

    def is_outdated(self, change: Change) -> bool:
        """Whether the names its editors offer, or the settings of its form, have changed."""
        if change.is_layout_only:
            return False
        if have_references_changed(self._document, self.names):
            return True
        node = self._document.project.graph_at(self._scope).nodes.get(self._id)
        if node is None:
            return False
        return dict(declarations_of(self._document, node)) != dict(self.declarations)

    def _show_properties(self) -> None:
        path, times = report_path(self._document, self._id), self._view.times if self._view else {}
        batch_size = chosen(training_of(self._document.project).batch_size)
        rows = tuple(property_rows(self._document, path, batch_size, times))
        self.property_table.show_rows(rows, batch_note(batch_size) if len(rows) > 2 else "")

    def _node(self) -> Node:
        return self._document.project.graph_at(self._scope).nodes[self._id]

    def _add_header(self, node: Node) -> None:
        kind = kind_of(node)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(CategorySwatch(kind.category if kind else "blocks"))
        self.title = _TitleEdit(self._kind_title(node))
        self.title.editingFinished.connect(self._rename)
        row.addWidget(self.title, 1)
        id_label = label(node.id, "tag")
        id_label.setToolTip("The layer's name in the compiled network and in exported code")
        id_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(id_label)
        self._column.addLayout(row)
        explanation = self._explanation(node)
        if explanation:
            self._column.addWidget(CollapsibleText(explanation))

    def _kind_title(self, node: Node) -> str:
        kind = kind_of(node)
        if kind is not None:
            return kind.title
        block = self._document.project.blocks.get(str(node.settings.get("block", "")))
        return block.title or block.id if block else node.kind

    def _explanation(self, node: Node) -> str:
        kind = kind_of(node)
        if kind is not None:
            return kind.explanation
        if node.kind == BLOCK:
            block = self._document.project.blocks.get(str(node.settings.get("block", "")))
            return explanation_of(block) if block else ""
        settings_text = ", ".join(
            f"{name} = {format_value(value)}" for name, value in _plain_settings(node)
        )
        return (
            f"Unknown layer kind “{node.kind}”. The card is kept unchanged, but the network cannot "
            "be trained with it." + (f" Settings: {settings_text}." if settings_text else "")
        )

    def _add_definition(self, node: Node, *, is_open: bool) -> None:
        block = str(node.settings.get("block", "")) if node.kind == BLOCK else ""
        self.definition_form: BlockForm | None = None
        if block in self._document.project.blocks:
            open_button = button(
                action_title("enter-block"), self._open_block, icon_name="block", tip=_OPEN_TIP
            )
            self._column.addWidget(open_button, 0, Qt.AlignmentFlag.AlignLeft)
            self.definition_form = BlockForm(self._document, block)
            self.definition_section = CollapsibleSection(
                "Definition (all placements)", self.definition_form, is_open=is_open
            )
            self._column.addWidget(self.definition_section)

    def _open_block(self) -> None:
        """Open the placed block on the canvas."""
        path = self._document.placement_path
        block = str(self._node().settings.get("block", ""))
        self._document.set_scope(block, None if path is None else (*path, self._id))

    @property
    def is_definition_open(self) -> bool:
        """Whether the definition of a placed block is expanded."""
        return self.definition_form is not None and self.definition_section.header.isChecked()

    def _add_formula(self, node: Node) -> None:
        kind = kind_of(node)
        if kind is None or not kind.formula:
            return
        formula_label = label(wrap=True)
        formula_label.setTextFormat(Qt.TextFormat.RichText)
        formula_label.setObjectName("formula")
        formula_label.setText(
            f'<div style="font-family: serif; font-size: 16px">{kind.formula}</div>'
        )
        formula_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._column.addWidget(formula_label)

    def _edit(self, name: str, value: Value) -> None:
        text = f"Change {self.declarations[name].title.lower()} of {self._id}"
        merge = f"setting:{self._scope}:{self._id}:{name}"
        self._document.try_edit(
            lambda project: apply_form_value(project, [self._id], name, value, self._scope),
            text,
            merge,
        )

    def _make_parameter(self, setting: str) -> None:
        """Bind a setting to a new parameter of the open block."""
        value = self._node().settings.get(setting, self.declarations[setting].default)
        first = value[0] if isinstance(value, tuple) and value else value
        names = {
            parameter.name for parameter in self._document.project.blocks[self._scope].parameters
        }
        name = setting if setting not in names else next_free_id(names, setting)
        default = first if isinstance(first, Ref) else int(first) if isinstance(first, int) else 1
        if isinstance(first, Ref) and first.name in names:
            default = self.names.get(first.name, 1)
        self._document.try_edit(
            lambda project: promote_setting(
                project, self._id, setting, name, default, scope=self._scope
            ),
            f"Make {setting} a parameter",
        )

    def _rename(self) -> None:
        title = self.title.text().strip()
        self.title.setText(title)
        self._document.try_edit(
            lambda project: set_title(project, self._id, title, scope=self._scope),
            f"Rename {self._id}",
        )


class _TitleEdit(UndoAwareLineEdit):
    """The card's title, edited in place."""

    def __init__(self, kind_title: str) -> None:
        super().__init__()
        self.setPlaceholderText(kind_title)
        self.setToolTip("Click to rename the layer")
        self.setAccessibleName("Title")
        self.setFrame(False)
        self.setProperty("role", "title")


def _preview_title(node: Node) -> str:
    kind = kind_of(node)
    if kind is not None and kind.category == "convolution":
        return "Filter responses"
    return "Image of the sample" if node.kind == "input" else "Output for the sample"


def _plain_settings(node: Node) -> list[tuple[str, Value]]:
    return [
        (name, value) for name, value in node.settings.items() if not isinstance(value, Mapping)
    ]
