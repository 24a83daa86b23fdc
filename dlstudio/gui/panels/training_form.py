"""The form of the training settings."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.design.edits import set_training
from dlstudio.design.training_settings import TrainingSettings
from dlstudio.design.values import Value
from dlstudio.gui.document import Document
from dlstudio.gui.panels.dressing import empty
from dlstudio.gui.panels.settings_form import Fold, SettingsForm
from dlstudio.gui.panels.training_entries import Entry, sections

_OPEN = {"Training", "Optimiser"}


class TrainingForm(QWidget):
    """Edits the document's training settings, one undo step an edit."""

    def __init__(self, document: Document) -> None:
        """Show the document's settings and follow them."""
        super().__init__()
        self._document = document
        self._entries: dict[str, Entry] = {}
        self._forms: list[SettingsForm] = []
        self._open = dict.fromkeys(_OPEN, True)
        self._shown: TrainingSettings | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self.show_project()

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
        names = [(e.name, e.setting) for part in sections(training) for e in part.entries]
        if names != [(e.name, e.setting) for e in self._entries.values()]:
            self._build(training)
        values = {name: entry.read(training) for name, entry in self._entries.items()}
        for form in self._forms:
            form.show_values(values)

    def _build(self, training: TrainingSettings) -> None:
        empty(self._column)
        self._entries = {}
        self._forms = []
        for section in sections(training):
            form = SettingsForm({entry.name: entry.setting for entry in section.entries})
            form.edited.connect(self._edit)
            for entry in section.entries:
                form.name_choices(entry.name, entry.titles)
            self._entries.update({entry.name: entry for entry in section.entries})
            self._forms.append(form)
            fold = Fold(section.title, form, is_open=self._open.get(section.title, False))
            fold.head.toggled.connect(
                lambda is_open, title=section.title: self._open.update({title: is_open})
            )
            self._column.addWidget(fold)

    def _edit(self, name: str, value: Value) -> None:
        entry = self._entries[name]
        self._document.try_edit(
            lambda project: set_training(project, entry.write(project.training, value)),
            f"Change {entry.setting.title.lower()}",
            merge=f"training:{name}",
        )
