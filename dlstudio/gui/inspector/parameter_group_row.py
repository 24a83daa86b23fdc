"""The inspector row that assigns the selected layers to a parameter group."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker

from dlstudio.design.edits import set_training
from dlstudio.design.model.model import TOP
from dlstudio.gui.canvas.model.frozen import has_weights, weight_paths
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.setting_editors import MIXED, FormComboBox
from dlstudio.gui.forms.settings_form import FormGrid
from dlstudio.gui.training.group_edits import (
    CREATE_GROUP,
    can_edit_groups,
    group_number,
    move_paths,
    split_group,
)

NEW_GROUP = "separate learning rate"
_TIP = (
    "The parameter group of these weights. Each group has its own optimiser and learning rate, "
    "edited under Training while no card is selected."
)


class ParameterGroupRow(FormGrid):
    """A combo box of the groups; hidden without weights, or if the task defines the groups."""

    def __init__(self, document: Document, ids: Sequence[str]) -> None:
        """Edit these cards of the document's scope; call `show_project` once it has a parent."""
        super().__init__()
        self._document = document
        self._scope = document.scope
        self._ids = tuple(ids)
        self.combo = FormComboBox()
        self.combo.setAccessibleName("Group")
        self.combo.setToolTip(_TIP)
        self.combo.setPlaceholderText(MIXED)
        self.combo.activated.connect(self._choose)
        self.add_row("Group", self.combo, _TIP)

    def show_project(self) -> None:
        """Show the current groups and the one of the cards."""
        project = self._document.project
        training = project.training
        names = [group.name for group in training.groups]
        with QSignalBlocker(self.combo):
            self.combo.clear()
            self.combo.addItems([*names, NEW_GROUP])
            numbers = {group_number(training, path) for path in self._weighted_paths()}
            self.combo.setCurrentIndex(numbers.pop() if len(numbers) == 1 else -1)
        has_weights = self._scope == TOP and bool(self._weighted_ids())
        self.setVisible(has_weights and can_edit_groups(training))

    def _weighted_ids(self) -> list[str]:
        """Return the ids of the cards that have weights."""
        project = self._document.project
        nodes = project.graph_at(self._scope).nodes
        return [
            node_id
            for node_id in self._ids
            if node_id in nodes and has_weights(project, nodes[node_id])
        ]

    def _weighted_paths(self) -> list[str]:
        """Return the paths of all layers with weights in the cards, also inside blocks."""
        project = self._document.project
        nodes = project.graph_at(self._scope).nodes
        return [
            path
            for node_id in self._weighted_ids()
            for path in weight_paths(project, nodes[node_id], node_id)
        ]

    def _choose(self, index: int) -> None:
        training, layers = self._document.project.training, self._weighted_ids()
        if index < len(training.groups):
            new_training, text = move_paths(training, layers, index), "Move layers to group"
        else:
            new_training, text = split_group(training, layers), CREATE_GROUP
        self._document.try_edit(lambda project: set_training(project, new_training), text)
