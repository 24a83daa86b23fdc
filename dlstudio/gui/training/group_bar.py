"""Chooses the parameter group that the training form edits; creates and removes groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from dlstudio.design.edits import set_training
from dlstudio.design.model.training_settings import ParameterGroup, Selector, TrainingSettings
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.setting_editors import FormComboBox
from dlstudio.gui.training.group_edits import OWN_RATE, can_create_group, create_group
from dlstudio.gui.widgets.basic_widgets import button, label
from dlstudio.gui.widgets.menu_heading import clear_menu
from dlstudio.training.specs.registry import TASKS

_HINT = f"Select layers, then Train \u203a {OWN_RATE}"


class GroupBar(QWidget):
    """A combo box of the parameter groups, and a menu to create and remove them.

    Signals:
        group_changed: The user chose another group.
    """

    group_changed = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.number = 0
        self.combo = FormComboBox()
        self.combo.setAccessibleName("Parameter group")
        self.combo.activated.connect(self._choose)
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.menu_button = button(
            "Groups", lambda: None, tip="Train parts of the network with different settings"
        )
        self.menu_button.setMenu(self.menu)
        self._caption = label("Group", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._caption)
        row.addWidget(self.combo, 1)
        row.addStretch(0)
        row.addWidget(self.menu_button)

    def show_training(self, training: TrainingSettings) -> None:
        names = [group.name for group in training.groups]
        self.number = min(self.number, len(names) - 1)
        with QSignalBlocker(self.combo):
            if [self.combo.itemText(index) for index in range(self.combo.count())] != names:
                self.combo.clear()
                self.combo.addItems(names)
            self.combo.setCurrentIndex(self.number)
        for widget in (self._caption, self.combo):
            widget.setVisible(len(names) > 1)

    def _choose(self, number: int) -> None:
        self.number = number
        self.group_changed.emit()

    def choose(self, number: int) -> None:
        """Edit the group of a number; emits `group_changed`."""
        self.combo.setCurrentIndex(number)
        self._choose(number)

    def _fill_menu(self) -> None:
        clear_menu(self.menu)
        training = self._document.project.training
        task = TASKS.get(training.task)
        fixed = task is not None and bool(task.groups)
        hint = "The task defines these groups" if fixed else _HINT
        ready = can_create_group(self._document)
        split = self.menu.addAction(OWN_RATE if ready else hint, self._create_group)
        split.setEnabled(ready)
        remove = self.menu.addAction("Remove this group", self._remove_group)
        remove.setEnabled(len(training.groups) > 1 and not fixed)

    def _create_group(self) -> None:
        create_group(self._document)

    def _remove_group(self) -> None:
        number = self.number

        def without_group(training: TrainingSettings) -> TrainingSettings:
            remaining = (*training.groups[:number], *training.groups[number + 1 :])
            if all(group.selector.role or group.selector.paths for group in remaining):
                remaining = (*remaining[:-1], replace(remaining[-1], selector=Selector()))
            return _with_groups(training, remaining)

        self._edit(without_group, "Remove parameter group")

    def _edit(self, change: Callable[[TrainingSettings], TrainingSettings], text: str) -> None:
        self._document.try_edit(
            lambda project: set_training(project, change(project.training)), text
        )


def with_group_first(training: TrainingSettings, number: int) -> TrainingSettings:
    """Return the settings with one group moved to the first place, which the form edits."""
    groups = training.groups
    number = min(number, len(groups) - 1)
    return _with_groups(training, (groups[number], *groups[:number], *groups[number + 1 :]))


def restore_group_order(training: TrainingSettings, number: int) -> TrainingSettings:
    """Undo `with_group_first`."""
    first, *others = training.groups
    number = min(number, len(others))
    return _with_groups(training, (*others[:number], first, *others[number:]))


def _with_groups(
    training: TrainingSettings, groups: tuple[ParameterGroup, ...]
) -> TrainingSettings:
    return training if groups == training.groups else replace(training, groups=groups)
