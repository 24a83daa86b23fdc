"""Which parameter group the selected layers learn in; a group has a rate of its own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker

from dlstudio.design.edits import set_training
from dlstudio.design.model import TOP
from dlstudio.gui.canvas.rest import holds_weights, weight_paths
from dlstudio.gui.document import Document
from dlstudio.gui.panels.own_group import GIVE_GROUP, group_of, is_free, moved, parted
from dlstudio.gui.panels.setting_editors import MIXED, QuietCombo
from dlstudio.gui.panels.settings_form import Rows

NEW = "own learning rate"
_TIP = (
    "The parameter group that these weights learn in. Each group has its own optimiser and "
    "learning rate, edited under Training while no card is selected."
)


class GroupRow(Rows):
    """A list of the groups; hidden where there are no weights, or the task makes the groups."""

    def __init__(self, document: Document, ids: Sequence[str]) -> None:
        """Stand for cards of the document's scope; `show_project` once it has a parent."""
        super().__init__()
        self._document = document
        self._scope = document.scope
        self._ids = tuple(ids)
        self.combo = QuietCombo()
        self.combo.setAccessibleName("Group")
        self.combo.setToolTip(_TIP)
        self.combo.setPlaceholderText(MIXED)
        self.combo.activated.connect(self._choose)
        self.add("Group", self.combo, _TIP)

    def show_project(self) -> None:
        """List the groups there are now."""
        project = self._document.project
        training = project.training
        names = [group.name for group in training.groups]
        with QSignalBlocker(self.combo):
            self.combo.clear()
            self.combo.addItems([*names, NEW])
            numbers = {group_of(training, path) for path in self._parts()}
            self.combo.setCurrentIndex(numbers.pop() if len(numbers) == 1 else -1)
        has_weights = self._scope == TOP and bool(self._learning())
        self.setVisible(has_weights and is_free(training))

    def _learning(self) -> list[str]:
        """Return those of the cards that have weights."""
        project = self._document.project
        nodes = project.graph_at(self._scope).nodes
        return [
            node_id
            for node_id in self._ids
            if node_id in nodes and holds_weights(project, nodes[node_id])
        ]

    def _parts(self) -> list[str]:
        """Return the paths of all layers with weights in the cards, those inside blocks too."""
        project = self._document.project
        nodes = project.graph_at(self._scope).nodes
        return [
            path
            for node_id in self._learning()
            for path in weight_paths(project, nodes[node_id], node_id)
        ]

    def _choose(self, at: int) -> None:
        training, layers = self._document.project.training, self._learning()
        if at < len(training.groups):
            new_training, text = moved(training, layers, at), "Move layers to another group"
        else:
            new_training, text = parted(training, layers), GIVE_GROUP
        self._document.try_edit(lambda project: set_training(project, new_training), text)
