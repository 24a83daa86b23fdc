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
            held = {group_of(training, each) for each in self._parts()}
            self.combo.setCurrentIndex(held.pop() if len(held) == 1 else -1)
        learns = self._scope == TOP and bool(self._learning())
        self.setVisible(learns and is_free(training))

    def _learning(self) -> list[str]:
        """Return those of the cards that have weights."""
        project = self._document.project
        nodes = project.graph_at(self._scope).nodes
        return [each for each in self._ids if each in nodes and holds_weights(project, nodes[each])]

    def _parts(self) -> list[str]:
        """Return the paths of all layers with weights in the cards, those inside blocks too."""
        project = self._document.project
        nodes = project.graph_at(self._scope).nodes
        return [
            path for each in self._learning() for path in weight_paths(project, nodes[each], each)
        ]

    def _choose(self, at: int) -> None:
        training, layers = self._document.project.training, self._learning()
        if at < len(training.groups):
            changed, text = moved(training, layers, at), "Move layers to another group"
        else:
            changed, text = parted(training, layers), GIVE_GROUP
        self._document.try_edit(lambda project: set_training(project, changed), text)
