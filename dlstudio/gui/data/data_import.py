"""Shows the user's own files on a page before a design uses them, and locates moved ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from dlstudio.data.sources.path_detection import readers_of, settings_for
from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.edits import set_about, set_data, set_project_title
from dlstudio.design.library.examples import example_names, example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project, new_project
from dlstudio.design.storage.paths import absolute_path
from dlstudio.gui.data.data_dialogs import design_dir, store_dataset_info
from dlstudio.gui.document.document import Document
from dlstudio.gui.document.preferences import preferences
from dlstudio.gui.prompts.prompts import Answer, Prompts

if TYPE_CHECKING:
    from dlstudio.gui.data.page.data_page import DataPage

USE_IN_DESIGN = "Use in the open design"
APPLY_TO_DESIGN = "Apply to the design"


class DataImporter(QObject):
    """Shows data on the page, and sets it in the document.

    The page is built when it is first needed: it needs numpy.

    Signals:
        page_requested, page_closed: The page should be shown, or no longer.
        design_chosen: A design with a first network for the data, and whether to train it.
        facts_changed: The page shows other data.
        baseline_known: Settings with an absolute path, and the `Baseline` on their samples or None.
    """

    page_requested = Signal(QWidget)
    page_closed = Signal(QWidget)
    design_chosen = Signal(Project, bool)
    facts_changed = Signal()
    baseline_known = Signal(object, object)

    def __init__(self, document: Document, prompts: Prompts, window: QWidget) -> None:
        """Edit `document`; `window` is the parent of the page."""
        super().__init__(window)
        self._document = document
        self._prompts = prompts
        self._window = window
        self._page: DataPage | None = None
        self._shows_document = False
        """Whether the page shows the data of the open design."""
        self.may_measure: Callable[[], bool] = lambda: True
        """Whether no run would be disturbed by a measurement."""

    @property
    def page(self) -> DataPage:
        """The page; it is built on first use."""
        if self._page is None:
            from dlstudio.gui.data.page.data_page import DataPage

            page = DataPage(preferences().data_dir)
            page.closed.connect(self._close)
            page.file_requested.connect(lambda: self._choose_other(folder=False))
            page.folder_requested.connect(lambda: self._choose_other(folder=True))
            page.settings_chosen.connect(self._use_settings)
            page.design_chosen.connect(self.design_chosen)
            page.baseline_known.connect(self.baseline_known)
            page.read_finished.connect(self._store_info)
            page.read_finished.connect(self.facts_changed)
            page.estimator.may_measure = self.may_measure
            self._page = page
        return self._page

    def close(self) -> None:
        """Stop reading; the page must not be used afterwards."""
        if self._page is not None:
            self._page.reader.close()

    def leave(self) -> None:
        """Show the panels again if the page covers them."""
        if self._page is not None:
            self._close()

    def open(self) -> bool:
        """Show the empty page, where a file or a folder can be chosen or dropped."""
        self.page.show_empty()
        self.page_requested.emit(self.page)
        return True

    def import_path(self, path: Path) -> bool:
        """Show a file or folder on the page; return False if it is of an unknown type."""
        sources = readers_of(path)
        if not sources:
            self._document.message.emit(
                f"{path.name} is not supported: expected a table, a text, arrays or a folder"
            )
            return False
        self._shows_document = False
        settings = settings_for(path, sources[0], new_project().data)
        has_network = bool(self._document.project.graph.nodes)
        self.page.open_settings(settings, apply_title=USE_IN_DESIGN if has_network else "")
        self.page_requested.emit(self.page)
        return True

    def review(self) -> None:
        """Show the data of the open design on the page, to correct how it is read."""
        data = self._document.project.data
        if not data.options.get("path"):
            self._document.message.emit("Choose the table's file first.")
            return
        self._shows_document = True
        self.page.open_settings(data, design_dir(self._document), APPLY_TO_DESIGN)
        self.page_requested.emit(self.page)

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

    def _choose_other(self, *, folder: bool) -> None:
        path = self._choose_path(folder=folder)
        if path is not None:
            self.import_path(path)

    def _use_settings(self, settings: DataSettings) -> None:
        """Set the page's settings in the open design."""
        path = absolute_path(settings.options["path"], design_dir(self._document))
        data = replace(settings, options={**settings.options, "path": str(path)})
        if not self._shows_document:
            kept = self._document.project.data
            data = replace(
                data,
                normalise=kept.normalise,
                mean=kept.mean,
                deviation=kept.deviation,
                augmentation=kept.augmentation,
            )
        self._document.try_edit(lambda project: _with_data(project, data), f"Use {path.name}")
        self._close()

    def _store_info(self) -> None:
        """Store what was read about the data of the open design, if it is still the same."""
        contents = self.page.contents
        if self._shows_document and contents is not None and contents.can_train:
            store_dataset_info(self._document, contents.settings, contents.info)

    def _close(self) -> None:
        self.page_closed.emit(self.page)

    def _relocate(self, path: Path) -> None:
        data = self._document.project.data
        settings = replace(data, options={**data.options, "path": str(absolute_path(path))})
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
