"""The form of the data settings: source, options, split, normalisation, augmentation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dlstudio.data.sources.framework.source import SourceSpec
from dlstudio.data.sources.framework.source_setting_types import Columns, Points
from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.edits import set_data
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.values import Value
from dlstudio.gui.data.data_form_rows import SOURCE_GROUPS, form_rows, with_source
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.path_editor import PathEditor
from dlstudio.gui.forms.setting_editors import FormComboBox
from dlstudio.gui.forms.settings_form import CollapsibleSection, SettingsForm
from dlstudio.gui.widgets.basic_widgets import button, clear_layout, label
from dlstudio.layers.framework.settings import Setting


class DataForm(QWidget):
    """Edits the document's data settings."""

    preview_requested = Signal()
    points_requested = Signal()
    columns_requested = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._shown_data: DataSettings | None = None
        self._forms: dict[str, SettingsForm] = {}
        self._path_editor: PathEditor | None = None
        self.source = create_source_combo()
        self.source.activated.connect(self._choose_source)
        self._description = label(role="small", wrap=True)
        self._body = QVBoxLayout()
        self._body.setSpacing(10)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.source)
        column.addWidget(self._description)
        column.addLayout(self._body)
        self.show_project()

    @property
    def forms(self) -> Mapping[str, SettingsForm]:
        """The sections' forms by title."""
        return self._forms

    @property
    def path_editor(self) -> PathEditor | None:
        """The editor of the file or folder, if the source has one."""
        return self._path_editor

    def show_project(self) -> None:
        """Show the document's data settings; rebuilds the rows if others are needed."""
        data = self._document.project.data
        if data is self._shown_data:
            return
        previous, self._shown_data = self._shown_data, data
        source = SOURCES.get(data.source)
        if previous is None or _rows_differ(previous, data):
            self._build(data, source)
        self.source.setCurrentIndex(self.source.findData(data.source))
        self._description.setText(_description_text(data, source))
        for title, rows in form_rows(data).items():
            if title in self._forms:
                self._forms[title].show_values({row.name: row.read(data) for row in rows})
        if source is not None and "Options" in self._forms:
            self._forms["Options"].show_values(data.options)
        if self._path_editor is not None:
            self._path_editor.show_value(data.options.get("path", ""))

    def _build(self, data: DataSettings, source: SourceSpec | None) -> None:
        clear_layout(self._body)
        self._forms = {}
        self._path_editor = None
        if source is not None:
            self._add_options(source)
        for title, rows in form_rows(data).items():
            form = SettingsForm({row.name: row.setting for row in rows})
            writers = {row.name: row.write for row in rows}
            form.edited.connect(
                lambda name, value, writers=writers: self._edit(name, writers[name], value)
            )
            self._forms[title] = form
            self._body.addWidget(CollapsibleSection(title, form))

    def _add_options(self, source: SourceSpec) -> None:
        settings: dict[str, Setting] = {
            name: setting
            for name, setting in source.options.items()
            if name != "path" and not isinstance(setting, (Points, Columns))
        }
        if "path" in source.options:
            self._path_editor = PathEditor(
                source.options["path"], self._document, folder=source.is_folder
            )
            self._path_editor.edited.connect(self._set_path)
            self._body.addWidget(self._path_editor)
        if settings:
            form = SettingsForm(settings)
            form.edited.connect(self._edit_option)
            self._forms["Options"] = form
            self._body.addWidget(form)
        self._body.addWidget(self._create_buttons(source))

    def _create_buttons(self, source: SourceSpec) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(button("Preview…", self.preview_requested.emit, icon_name="table"))
        kinds = tuple(type(setting) for setting in source.options.values())
        if Points in kinds:
            layout.addWidget(button("Draw…", self.points_requested.emit, icon_name="points"))
        if Columns in kinds:
            layout.addWidget(button("Columns…", self.columns_requested.emit, icon_name="table"))
        layout.addStretch(1)
        return row

    def _choose_source(self, index: int) -> None:
        name = self.source.itemData(index)
        if isinstance(name, str):
            self._document.try_edit(
                lambda project: set_data(project, with_source(project.data, name)),
                f"Use {SOURCES[name].title}",
            )

    def _edit(
        self, name: str, write: Callable[[DataSettings, Any], DataSettings], value: Value
    ) -> None:
        self._document.try_edit(
            lambda project: set_data(project, write(project.data, value)),
            f"Change {name.replace('_', ' ').replace('.', ' ')}",
            merge=f"data:{name}",
        )

    def _set_path(self, value: Value) -> None:
        """Set the file or folder and read it at once: shapes are unknown until it is read."""
        self._edit_option("path", value)
        if value and self._path_editor is not None and not self._path_editor.error_text:
            self.preview_requested.emit()

    def _edit_option(self, name: str, value: Value) -> None:
        def write(data: DataSettings, value: Value) -> DataSettings:
            options = {**data.options, name: value}
            return replace(data, options=options, facts=None)

        self._edit(f"option {name}", write, value)


def create_source_combo() -> FormComboBox:
    """Return a combo box of all data sources below the headings of their groups."""
    combo = FormComboBox()
    combo.setAccessibleName("Data set")
    combo.setPlaceholderText("unknown")
    combo.setMaxVisibleItems(24)
    model = QStandardItemModel(combo)
    for group in SOURCE_GROUPS:
        heading = QStandardItem(group)
        heading.setFlags(Qt.ItemFlag.NoItemFlags)
        model.appendRow(heading)
        for source in SOURCES.values():
            if source.group == group:
                item = QStandardItem(source.title)
                item.setData(source.name, Qt.ItemDataRole.UserRole)
                item.setToolTip(source.summary)
                model.appendRow(item)
    combo.setModel(model)
    return combo


def _rows_differ(before: DataSettings, after: DataSettings) -> bool:
    row_names = [
        [(title, [row.name for row in rows]) for title, rows in form_rows(data).items()]
        for data in (before, after)
    ]
    return before.source != after.source or row_names[0] != row_names[1]


def _description_text(data: DataSettings, source: SourceSpec | None) -> str:
    if source is None:
        return f"Unknown data set “{data.source}”. It may need a newer dlstudio or a plug-in."
    if data.facts is None and "path" in source.options and data.options.get("path"):
        return f"{source.summary}. Not read with these settings yet; press Preview."
    text = source.summary
    if source.download_bytes:
        text += f". Downloaded on first use: {source.download_bytes / 1e6:.0f} MB"
    return f"{text}. {source.credit}" if source.credit else f"{text}."
