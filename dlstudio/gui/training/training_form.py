"""The form of the training settings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.design.edits import set_training
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.design.model.values import Value
from dlstudio.gui.actions.action_table import ACTIONS_BY_ID
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.form_row import FormRow
from dlstudio.gui.forms.setting_editor import SettingEditor
from dlstudio.gui.forms.settings_form import CollapsibleSection, SettingsForm
from dlstudio.gui.forms.value_format import format_value
from dlstudio.gui.runs.session import TrainingSession, effective_training
from dlstudio.gui.training.group_bar import GroupBar, restore_group_order, with_group_first
from dlstudio.gui.training.rate_test import FIND_RATE, rate_test_obstacle
from dlstudio.gui.training.training_form_rows import (
    AUTOMATIC_ROWS,
    Section,
    epochs_help,
    sections,
)
from dlstudio.gui.widgets.basic_widgets import clear_layout
from dlstudio.training.options.class_balance import weighted_names
from dlstudio.training.specs.automatic import training_of
from dlstudio.training.specs.registry import offered_monitors

_OPEN_BY_DEFAULT = {"Training", "Optimiser"}
_SECTION_ABOVE_GROUPS = "Training"
"""The section above the group bar; the sections below edit the chosen group."""
_GROUP_PREFIXES = frozenset({"group", "optimiser", "schedule", "clipping"})
"""Prefixes of the rows of the chosen parameter group; the other rows concern the whole run."""
_RATE = "optimiser.learning_rate"
_LIVE_CHANGES = {
    _RATE: "learning_rate",
    "clipping.mode": "clipping",
    "clipping.limit": "clipping",
}
"""Rows that can be applied to a running training, and the change that does it."""


class TrainingForm(QWidget):
    """Edits the document's training settings, one undo step per edit.

    Signals:
        rate_test_requested: The user wants to find a learning rate.
    """

    rate_test_requested = Signal()

    def __init__(self, document: Document, session: TrainingSession | None = None) -> None:
        """Show the document's settings; with a session also offer to apply them to its run."""
        super().__init__()
        self._document = document
        self._session = session
        self._rows: dict[str, FormRow[TrainingSettings]] = {}
        self._forms: list[SettingsForm] = []
        self._open_sections = dict.fromkeys(_OPEN_BY_DEFAULT, True)
        self._shown: tuple[object, ...] | None = None
        """The settings as stored and with numbers in the place of automatic values, the classes
        and the metrics that can be monitored."""
        self.group_bar = GroupBar(document)
        self.group_bar.group_changed.connect(self._show_group)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(10)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        outer.addLayout(self._column)
        self.show_project()
        if session is not None:
            session.state_changed.connect(self._show_actions)
            session.setting_changed.connect(self._show_actions)
            document.report_changed.connect(self._show_actions)

    @property
    def forms(self) -> tuple[SettingsForm, ...]:
        """The sections' forms."""
        return tuple(self._forms)

    def show_project(self) -> None:
        """Show the document's training settings; rebuilds the rows if others are needed."""
        training = self._document.project.training
        resolved = training_of(self._document.project)
        facts = self._document.dataset_info
        monitors = offered_monitors(training, facts)
        shown = (training, resolved, weighted_names(facts), monitors)
        if shown == self._shown:
            return
        self._shown = shown
        self.group_bar.show_training(training)
        training = self._with_chosen_group_first()
        needed = sections(training, facts)
        rows = [row for section in needed for row in section.rows]
        if list(map(_appearance, rows)) != list(map(_appearance, self._rows.values())):
            self._build(needed)
        values = {name: row.read(training) for name, row in self._rows.items()}
        resolved = with_group_first(resolved, self.group_bar.number)
        for form in self._forms:
            form.show_values(values)
            for name in form.editors.keys() & AUTOMATIC_ROWS:
                form.show_automatic(name, self._rows[name].read(resolved))
            if "epochs" in form.editors:
                form.editors["epochs"].setToolTip(epochs_help(resolved))
        self._show_actions()

    def _with_chosen_group_first(self) -> TrainingSettings:
        """Return the settings with the chosen group first."""
        return with_group_first(self._document.project.training, self.group_bar.number)

    def _resolved_group_first(self) -> TrainingSettings:
        """Return the settings with numbers for automatic values, and the chosen group first."""
        return with_group_first(training_of(self._document.project), self.group_bar.number)

    def _show_group(self) -> None:
        self._shown = None
        self.show_project()

    def _build(self, needed: Sequence[Section]) -> None:
        self._column.removeWidget(self.group_bar)
        clear_layout(self._column)
        self._rows = {}
        self._forms = []
        for section in needed:
            form = SettingsForm({row.name: row.setting for row in section.rows})
            form.edited.connect(self._edit)
            for row in section.rows:
                form.set_choice_titles(row.name, row.titles)
                form.editors[row.name].action_triggered.connect(
                    partial(self._apply_to_run, row.name)
                )
            self._rows.update({row.name: row for row in section.rows})
            self._forms.append(form)
            section_widget = CollapsibleSection(
                section.title, form, is_open=self._open_sections.get(section.title, False)
            )
            section_widget.header.toggled.connect(
                lambda is_open, title=section.title: self._open_sections.update({title: is_open})
            )
            self._column.addWidget(section_widget)
            if section.title == _SECTION_ABOVE_GROUPS:
                self._column.addWidget(self.group_bar)

    def _edit(self, name: str, value: Value) -> None:
        row = self._rows[name]
        number = self.group_bar.number if name.partition(".")[0] in _GROUP_PREFIXES else 0
        self._document.try_edit(
            lambda project: set_training(
                project,
                restore_group_order(
                    row.write(with_group_first(project.training, number), value), number
                ),
            ),
            f"Change {row.setting.title.lower()}",
            merge=f"training:{number}:{name}",
        )

    def _show_actions(self, _event: object = None) -> None:
        """Offer to apply a value to the running training if its value differs.

        A form that is hidden can show other settings; it is brought up to date before it is shown.
        """
        if self._shown is not None and self._shown[0] != self._document.project.training:
            return
        running = effective_training(self._session) if self._session is not None else None
        edited = self._resolved_group_first()
        if running is not None:
            running = with_group_first(running, self.group_bar.number)
        for form in self._forms:
            for name in form.editors.keys() & _LIVE_CHANGES.keys():
                read = self._rows[name].read
                if running is None and name == _RATE and self._session is not None:
                    self._offer_rate_test(form.editors[name])
                elif running is None or read(running) == read(edited):
                    form.editors[name].show_action("")
                else:
                    tip = f"This run uses {format_value(read(running))}."
                    form.editors[name].action_button.setEnabled(True)
                    form.editors[name].show_action("Apply to this run", tip)

    def _offer_rate_test(self, editor: SettingEditor) -> None:
        obstacle = rate_test_obstacle(self._document, self._session)
        tip = f"No rate can be tested: {obstacle}" if obstacle else ACTIONS_BY_ID[FIND_RATE].tip
        editor.show_action("Find a rate…", tip)
        editor.action_button.setEnabled(not obstacle)

    def _apply_to_run(self, name: str) -> None:
        if self._session is None:
            return
        if name == _RATE and effective_training(self._session) is None:
            self.rate_test_requested.emit()
            return
        groups = self._resolved_group_first().groups
        group_argument = {"group": groups[0].name} if len(groups) > 1 else {}
        if _LIVE_CHANGES[name] == "learning_rate":
            rate = groups[0].optimiser.learning_rate
            self._session.change_setting("learning_rate", learning_rate=rate, **group_argument)
        else:
            clipping = groups[0].clipping
            self._session.change_setting(
                "clipping", mode=clipping.mode, limit=clipping.limit, **group_argument
            )


def _appearance(row: FormRow[TrainingSettings]) -> tuple[object, ...]:
    return row.name, row.setting, row.titles
