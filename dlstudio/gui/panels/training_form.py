"""The form of the training settings."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.design.edits import set_training
from dlstudio.design.training_settings import TrainingSettings
from dlstudio.design.values import Value
from dlstudio.gui.document import Document
from dlstudio.gui.panels.dressing import empty
from dlstudio.gui.panels.group_bar import GroupBar, turned, turned_back
from dlstudio.gui.panels.settings_form import Fold, SettingsForm
from dlstudio.gui.panels.training_entries import Entry, sections
from dlstudio.gui.panels.value_text import format_value
from dlstudio.gui.session import TrainingSession, training_of

_OPEN = {"Training", "Optimiser"}
_ABOVE_GROUPS = "Training"
"""The section behind which the group is chosen that the next ones are about."""
_OF_A_GROUP = frozenset({"group", "optimiser", "schedule", "clipping"})
"""What entries of the chosen parameter group begin with; the others belong to the whole run."""
_LIVING = {
    "optimiser.learning_rate": "learning_rate",
    "clipping.mode": "clipping",
    "clipping.limit": "clipping",
}
"""Entries that a living run can take over, and the change that does it."""


class TrainingForm(QWidget):
    """Edits the document's training settings, one undo step an edit."""

    def __init__(self, document: Document, session: TrainingSession | None = None) -> None:
        """Show the document's settings and follow them; offer them to the session's run."""
        super().__init__()
        self._document = document
        self._session = session
        self._entries: dict[str, Entry] = {}
        self._forms: list[SettingsForm] = []
        self._open = dict.fromkeys(_OPEN, True)
        self._shown: TrainingSettings | None = None
        self.group_bar = GroupBar(document)
        self.group_bar.chosen.connect(self._show_group)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(10)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        outer.addLayout(self._column)
        self.show_project()
        if session is not None:
            session.state_changed.connect(self._make_offers)
            session.changed.connect(self._make_offers)

    @property
    def forms(self) -> tuple[SettingsForm, ...]:
        """The sections' forms."""
        return tuple(self._forms)

    def show_project(self) -> None:
        """Show the present settings; build the rows anew when others are needed."""
        training = self._document.project.training
        if training is self._shown:
            return
        self._shown = training
        self.group_bar.show_training(training)
        training = self._turned()
        names = [
            (row.name, row.setting) for section in sections(training) for row in section.entries
        ]
        if names != [(row.name, row.setting) for row in self._entries.values()]:
            self._build(training)
        values = {name: row.read(training) for name, row in self._entries.items()}
        for form in self._forms:
            form.show_values(values)
        self._make_offers()

    def _turned(self) -> TrainingSettings:
        """Return the settings with the chosen group in the first place."""
        return turned(self._document.project.training, self.group_bar.number)

    def _show_group(self) -> None:
        self._shown = None
        self.show_project()

    def _build(self, training: TrainingSettings) -> None:
        self._column.removeWidget(self.group_bar)
        empty(self._column)
        self._entries = {}
        self._forms = []
        for section in sections(training):
            form = SettingsForm({row.name: row.setting for row in section.entries})
            form.edited.connect(self._edit)
            for row in section.entries:
                form.name_choices(row.name, row.titles)
                form.editors[row.name].offer_taken.connect(partial(self._apply, row.name))
            self._entries.update({row.name: row for row in section.entries})
            self._forms.append(form)
            section_widget = Fold(section.title, form, is_open=self._open.get(section.title, False))
            section_widget.head.toggled.connect(
                lambda is_open, title=section.title: self._open.update({title: is_open})
            )
            self._column.addWidget(section_widget)
            if section.title == _ABOVE_GROUPS:
                self._column.addWidget(self.group_bar)

    def _edit(self, name: str, value: Value) -> None:
        row = self._entries[name]
        number = self.group_bar.number if name.partition(".")[0] in _OF_A_GROUP else 0
        self._document.try_edit(
            lambda project: set_training(
                project,
                turned_back(row.write(turned(project.training, number), value), number),
            ),
            f"Change {row.setting.title.lower()}",
            merge=f"training:{number}:{name}",
        )

    def _make_offers(self, _event: object = None) -> None:
        """Where a living run trains with another value, offer it the one that is shown."""
        running = training_of(self._session) if self._session is not None else None
        edited = self._turned()
        if running is not None:
            running = turned(running, self.group_bar.number)
        for form in self._forms:
            for name in form.editors.keys() & _LIVING.keys():
                read = self._entries[name].read
                if running is None or read(running) == read(edited):
                    form.editors[name].make_offer("")
                else:
                    tip = f"This run trains with {format_value(read(running))}."
                    form.editors[name].make_offer("Apply to this run", tip)

    def _apply(self, name: str) -> None:
        if self._session is None:
            return
        groups = self._turned().groups
        group_argument = {"group": groups[0].name} if len(groups) > 1 else {}
        if _LIVING[name] == "learning_rate":
            rate = groups[0].optimiser.learning_rate
            self._session.change("learning_rate", learning_rate=rate, **group_argument)
        else:
            clipping = groups[0].clipping
            self._session.change(
                "clipping", mode=clipping.mode, limit=clipping.limit, **group_argument
            )
