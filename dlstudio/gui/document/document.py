"""The open design as the window sees it: project, report, selection, scope, undo and file.

Every change goes through `apply`. It knows no widget and imports no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar, overload

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from dlstudio.design.changes.diff import difference
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.edits import EditError
from dlstudio.design.model.model import TOP, Project
from dlstudio.design.model.problems import Repair
from dlstudio.design.model.report import Report
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.gui.document.block_paths import PlacementPath, first_placement_path, scopes_on_path
from dlstudio.gui.document.undo_command import NO_MERGING, EditCommand

Result = TypeVar("Result")
NOTE_PREFIX = "note:"
SUFFIX = ".dlstudio"


class Document(QObject):
    """Holds one project and says when anything about it changes."""

    project_changed = Signal(object)
    """A `design.diff.Change` from the previous project to the present one, undo included."""
    reset = Signal()
    """Another project was loaded."""
    report_changed = Signal(object)
    selection_changed = Signal(object)
    scope_changed = Signal(str)
    clean_changed = Signal(bool)
    path_changed = Signal(str)
    message = Signal(str)
    """One line for the status bar."""

    def __init__(self, project: Project | None = None, parent: QObject | None = None) -> None:
        """Start with `project`, or an empty one."""
        super().__init__(parent)
        self._project = project or Project()
        self._report = Report()
        self._selection: frozenset[str] = frozenset()
        self._scope = TOP
        self._placement_path: PlacementPath = ()
        self._path: Path | None = None
        self._working_name = ""
        self._merge_ids: dict[str, int] = {}
        self.undo_stack = QUndoStack(self)
        self.undo_stack.cleanChanged.connect(self.clean_changed)

    @property
    def project(self) -> Project:
        """The present state; frozen, so it may be kept."""
        return self._project

    @property
    def report(self) -> Report:
        """What the last check found; it may be a few milliseconds older than the project."""
        return self._report

    @property
    def selection(self) -> frozenset[str]:
        """Ids of the selected nodes in the scope; notes as `note:<id>`."""
        return self._selection

    @property
    def scope(self) -> str:
        """The block whose inside is shown, or `TOP`."""
        return self._scope

    @property
    def path(self) -> Path | None:
        """The design's file, None while it was never saved."""
        return self._path

    @property
    def dataset_info(self) -> DatasetInfo:
        """What is known of the data without reading it."""
        from dlstudio.data.sources.dataset_info import info_of

        return info_of(self._project.data)

    @property
    def is_clean(self) -> bool:
        """Whether the file holds everything."""
        return self.undo_stack.isClean()

    def apply(self, after: Project, text: str, merge: str = "") -> None:
        """Make `after` the project as one undoable step.

        Steps that follow each other with the same non-empty `merge` become one (a drag, a spin
        box). A project that equals the present one is ignored.
        """
        change = difference(self._project, after)
        if change.is_empty:
            return
        merge_id = self._merge_ids.setdefault(merge, len(self._merge_ids)) if merge else NO_MERGING
        self.undo_stack.push(EditCommand(text, change, merge_id, self._apply_step))

    @overload
    def try_edit(
        self, edit: Callable[[Project], Project], text: str, merge: str = ""
    ) -> Project | None: ...
    @overload
    def try_edit(
        self, edit: Callable[[Project], tuple[Project, Result]], text: str, merge: str = ""
    ) -> Result | None: ...
    def try_edit(
        self,
        edit: Callable[[Project], Project] | Callable[[Project], tuple[Project, Result]],
        text: str,
        merge: str = "",
    ) -> Project | Result | None:
        """Apply `edit` to the present project; an `EditError` becomes a message.

        Returns:
            The new project, or what the edit returned beside it (a new id); None if it could not.
        """
        try:
            result = edit(self._project)
        except EditError as error:
            self.message.emit(str(error))
            return None
        if isinstance(result, tuple):
            self.apply(result[0], text, merge)
            return result[1]
        self.apply(result, text, merge)
        return result

    def repair(self, repair: Repair) -> bool:
        """Apply a remedy as one undoable step; False (and a message) if it no longer fits."""
        result = self.try_edit(lambda project: apply_repair(project, repair), repair.title)
        return result is not None

    @property
    def placement_path(self) -> PlacementPath | None:
        """The placements that were opened to get to the scope; None where it is not placed."""
        scopes = scopes_on_path(self._project, self._placement_path)
        if scopes is not None and scopes[-1] == self._scope:
            return self._placement_path
        return first_placement_path(self._project, self._scope)

    def set_selection(self, ids: Iterable[str]) -> None:
        """Select these nodes and notes; ids that are not in the scope are left out."""
        selection = frozenset(item_id for item_id in ids if self._is_in_scope(item_id))
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit(selection)

    def set_scope(self, scope: str, placement_path: PlacementPath | None = None) -> None:
        """Show the inside of a block, or the top level.

        Args:
            scope: The block.
            placement_path: The placements that lead to it; None takes those of its first placement.
        """
        if scope != TOP and scope not in self._project.blocks:
            scope = TOP
        if placement_path is None:
            placement_path = first_placement_path(self._project, scope) or ()
        if (scope, placement_path) != (self._scope, self._placement_path):
            self.set_selection(())
            self._scope, self._placement_path = scope, placement_path
            self.scope_changed.emit(scope)

    def set_report(self, report: Report) -> None:
        """Take what a check found."""
        self._report = report
        self.report_changed.emit(report)

    @property
    def name(self) -> str:
        """What the design is called: its file, or what it would be called if it were saved."""
        if self._path is not None:
            return self._path.name
        return (self._working_name or self._project.title or "untitled") + SUFFIX

    def load(self, project: Project, path: Path | None, name: str = "") -> None:
        """Show another project: no undo, no selection, clean.

        `name` is what a design without a file is called until it is saved.
        """
        self._working_name = name
        self._project = project
        self._report = Report()
        self._selection = frozenset()
        self._scope, self._placement_path = TOP, ()
        self._merge_ids.clear()
        self.undo_stack.clear()
        self.set_path(path)
        self.reset.emit()
        self.selection_changed.emit(self._selection)
        self.scope_changed.emit(self._scope)
        self.report_changed.emit(self._report)
        self.undo_stack.setClean()

    def set_path(self, path: Path | None) -> None:
        """Note the design's file."""
        self._path = path
        self.path_changed.emit(str(path) if path else "")

    def set_clean(self) -> None:
        """Note that the file holds the present state."""
        self.undo_stack.setClean()

    def mark_unsaved(self) -> None:
        """Note that something the undo steps do not know must be saved, such as new weights."""
        self.undo_stack.resetClean()

    def _apply_step(self, step: Callable[[Project], Project]) -> None:
        before = self._project
        self._project = step(before)
        self._leave_deleted_scope()
        self.project_changed.emit(difference(before, self._project))
        self.set_selection(self._selection)

    def _leave_deleted_scope(self) -> None:
        """Show the top level where the block on show is gone, before anybody looks into it."""
        if self._scope == TOP or self._scope in self._project.blocks:
            return
        self._scope, self._placement_path, self._selection = TOP, (), frozenset()
        self.scope_changed.emit(TOP)
        self.selection_changed.emit(self._selection)

    def _is_in_scope(self, item_id: str) -> bool:
        if item_id.startswith(NOTE_PREFIX):
            notes = self._project.layout_at(self._scope).notes
            return item_id.removeprefix(NOTE_PREFIX) in notes
        return item_id in self._project.graph_at(self._scope).nodes
