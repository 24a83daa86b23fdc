"""Uses the user's own files as a design's data, and locates them again after a move."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from dlstudio.data.sources.path_detection import readers_of, settings_for
from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.edits import set_about, set_data, set_project_title
from dlstudio.design.library.examples import example_names, example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.gui.data.data_dialogs import open_preview
from dlstudio.gui.document.document import Document
from dlstudio.gui.prompts.prompts import Answer, Prompts


class DataImporter(QObject):
    """Sets the user's files in the data settings."""

    def __init__(self, document: Document, prompts: Prompts, window: QWidget) -> None:
        """Edit `document`; `window` is the parent of the previews."""
        super().__init__(window)
        self._document = document
        self._prompts = prompts
        self._window = window

    def open(self) -> bool:
        """Ask for a file or folder and use it; return False if cancelled or unsupported."""
        kind = self._prompts.choose_data_kind()
        if not kind:
            return False
        path = self._choose_path(folder=kind == "folder")
        return path is not None and self.import_path(path)

    def import_path(self, path: Path) -> bool:
        """Use a file or folder as data and open its preview; return False if unsupported."""
        sources = readers_of(path)
        if not sources:
            self._document.message.emit(
                f"{path.name} is not supported: expected a table, a text, arrays or a folder"
            )
            return False
        source = sources[0]
        if len(sources) > 1:
            chosen = self._prompts.choose_source(path.name, sources)
            if chosen is None:
                return False
            source = chosen
        settings = settings_for(path, source, self._document.project.data, self._stored_path(path))
        self._document.try_edit(lambda project: _with_data(project, settings), f"Use {path.name}")
        open_preview(self._document, self._window)
        return True

    def offer_to_relocate(self) -> None:
        """Offer to locate the data if the path in the design does not exist."""
        stored_path = self._document.project.data.options.get("path")
        if (
            not isinstance(stored_path, str)
            or not stored_path
            or self._resolve(stored_path).exists()
        ):
            return
        if self._prompts.locate_missing_data(str(self._resolve(stored_path))) is Answer.YES:
            source = SOURCES.get(self._document.project.data.source)
            path = self._choose_path(folder=source is not None and source.is_folder)
            if path is not None:
                self._relocate(path)

    def _relocate(self, path: Path) -> None:
        data = self._document.project.data
        settings = replace(data, options={**data.options, "path": self._stored_path(path)})
        self._document.try_edit(lambda project: set_data(project, settings), "Locate the data")

    def _choose_path(self, *, folder: bool) -> Path | None:
        start = str(self._resolve(""))
        return (
            self._prompts.choose_data_folder(start)
            if folder
            else self._prompts.choose_data_file(start)
        )

    def _resolve(self, stored_path: str) -> Path:
        path = self._document.path
        return (path.parent if path else Path.home()) / Path(stored_path).expanduser()

    def _stored_path(self, path: Path) -> str:
        design = self._document.path
        if design is None:
            return str(path.absolute())
        try:
            return Path(os.path.relpath(path, design.parent)).as_posix()
        except ValueError:
            return str(path.absolute())


def _with_data(project: Project, data: DataSettings) -> Project:
    """Return the project with the user's data and without an example's title and description."""
    project = set_data(project, data)
    if not project.about:
        return project
    for example in map(load, map(example_path, example_names())):
        if project.about == example.about:
            title = "" if project.title == example.title else project.title
            return set_project_title(set_about(project, ""), title)
    return project
