"""Chooses the parameter group that the training form edits; splits groups and joins them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from dlstudio.design.edits import set_training
from dlstudio.design.training_settings import ParameterGroup, Selector, TrainingSettings
from dlstudio.gui.document import Document
from dlstudio.gui.panels.dressing import button, label
from dlstudio.gui.panels.own_group import OWN_RATE, give_own_group, may_get_group
from dlstudio.gui.panels.setting_editors import QuietCombo
from dlstudio.training.task_table import TASKS

_HINT = f"Select layers, then Train \u203a {OWN_RATE}"


class GroupBar(QWidget):
    """A list of the groups and a menu; each group learns at a rate of its own.

    Signals:
        chosen: Another group is to be edited.
    """

    chosen = Signal()

    def __init__(self, document: Document) -> None:
        """Start with the first group."""
        super().__init__()
        self._document = document
        self.number = 0
        self.groups = QuietCombo()
        self.groups.setAccessibleName("Parameter group")
        self.groups.activated.connect(self._choose)
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill)
        self.more = button("Groups", lambda: None, tip="Let parts of the network learn differently")
        self.more.setMenu(self.menu)
        self._word = label("Group", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._word)
        row.addWidget(self.groups, 1)
        row.addStretch(0)
        row.addWidget(self.more)

    def show_training(self, training: TrainingSettings) -> None:
        """List the groups of these settings."""
        names = [group.name for group in training.groups]
        self.number = min(self.number, len(names) - 1)
        with QSignalBlocker(self.groups):
            if [self.groups.itemText(index) for index in range(self.groups.count())] != names:
                self.groups.clear()
                self.groups.addItems(names)
            self.groups.setCurrentIndex(self.number)
        for widget in (self._word, self.groups):
            widget.setVisible(len(names) > 1)

    def _choose(self, number: int) -> None:
        self.number = number
        self.chosen.emit()

    def choose(self, number: int) -> None:
        """Edit another group."""
        self.groups.setCurrentIndex(number)
        self._choose(number)

    def _fill(self) -> None:
        self.menu.clear()
        training = self._document.project.training
        task = TASKS.get(training.task)
        fixed = task is not None and bool(task.groups)
        hint = "The task brings these groups" if fixed else _HINT
        ready = may_get_group(self._document)
        split = self.menu.addAction(OWN_RATE if ready else hint, self._split)
        split.setEnabled(ready)
        remove = self.menu.addAction("Remove this group", self._remove)
        remove.setEnabled(len(training.groups) > 1 and not fixed)

    def _split(self) -> None:
        give_own_group(self._document)

    def _remove(self) -> None:
        number = self.number

        def without_group(training: TrainingSettings) -> TrainingSettings:
            remaining = (*training.groups[:number], *training.groups[number + 1 :])
            if all(group.selector.role or group.selector.paths for group in remaining):
                remaining = (*remaining[:-1], replace(remaining[-1], selector=Selector()))
            return _with(training, remaining)

        self._edit(without_group, "Remove a parameter group")

    def _edit(self, change: object, text: str) -> None:
        assert callable(change)
        self._document.try_edit(
            lambda project: set_training(project, change(project.training)), text
        )


def turned(training: TrainingSettings, number: int) -> TrainingSettings:
    """Return the settings with one group in the first place, where forms read and write it."""
    groups = training.groups
    number = min(number, len(groups) - 1)
    return _with(training, (groups[number], *groups[:number], *groups[number + 1 :]))


def turned_back(training: TrainingSettings, number: int) -> TrainingSettings:
    """Undo `turned`."""
    first, *others = training.groups
    number = min(number, len(others))
    return _with(training, (*others[:number], first, *others[number:]))


def _with(training: TrainingSettings, groups: tuple[ParameterGroup, ...]) -> TrainingSettings:
    return training if groups == training.groups else replace(training, groups=groups)
