"""The open design: project, report, selection, scope, undo stack and file.

Every change goes through `apply`. Imports no widget and no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import count
from pathlib import Path, PurePath
from typing import TypeVar, overload

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from dlstudio.design.changes.diff import difference
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.edits import EditError, set_weights
from dlstudio.design.model.canvas_metrics import NOTE_PREFIX
from dlstudio.design.model.identifiers import UsedIds, record_removed
from dlstudio.design.model.model import TOP, Project, WeightsRef, new_project
from dlstudio.design.model.problems import Repair
from dlstudio.design.model.report import Report
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.gui.document.block_paths import PlacementPath, first_placement_path, scopes_on_path
from dlstudio.gui.document.undo_command import NO_MERGING, EditCommand

Result = TypeVar("Result")
SUFFIX = ".dlstudio"


class Document(QObject):
    """Holds one project and emits a signal for each kind of change."""

    project_changed = Signal(object)
    """A `design.changes.diff.Change` from the previous project to the current one, also on undo."""
    reset = Signal()
    """Another project was loaded."""
    report_changed = Signal(object)
    check_started = Signal()
    selection_changed = Signal(object)
    scope_changed = Signal(str)
    clean_changed = Signal(bool)
    path_changed = Signal(str)
    message = Signal(str)
    """One line for the status bar."""

    def __init__(self, project: Project | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project or new_project()
        self._used_ids: UsedIds = self._project.used_ids
        self._report = Report()
        self._is_checked = True
        self._selection: frozenset[str] = frozenset()
        self._scope = TOP
        self._placement_path: PlacementPath = ()
        self._path: Path | None = None
        self._working_name = ""
        self._merge_ids: dict[str, int] = {}
        self._merge_numbers = count()
        self.undo_stack = QUndoStack(self)
        self.undo_stack.cleanChanged.connect(self.clean_changed)

    @property
    def project(self) -> Project:
        """The current state; it is frozen, so callers may keep it."""
        return self._project

    @property
    def complete_project(self) -> Project:
        """The current state with the ids of all removed nodes, to edit or to save.

        Undo does not forget them, so they are not part of the states that it returns to.
        """
        if self._project.used_ids == self._used_ids:
            return self._project
        return replace(self._project, used_ids=self._used_ids)

    @property
    def report(self) -> Report:
        """Result of the last check; it may be a few milliseconds older than the project."""
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
        """The design's file; None until it is saved for the first time."""
        return self._path

    @property
    def dataset_info(self) -> DatasetInfo:
        """What is known about the data without reading it."""
        from dlstudio.data.sources.dataset_info import info_of

        return info_of(self._project.data)

    @property
    def is_clean(self) -> bool:
        """Whether there are no unsaved changes."""
        return self.undo_stack.isClean()

    def apply(self, after: Project, text: str, merge: str = "") -> None:
        """Replace the project by `after` as one undoable step.

        Consecutive steps with the same non-empty `merge` become one (a drag, a spin box). A
        project equal to the current one is ignored.
        """
        change = difference(self._project, after)
        if change.is_empty:
            return
        if merge and merge not in self._merge_ids:
            self._merge_ids[merge] = next(self._merge_numbers)
        merge_id = self._merge_ids[merge] if merge else NO_MERGING
        self.undo_stack.push(EditCommand(text, change, merge_id, self._apply_step))

    def end_merging(self) -> None:
        """Let the next step be one of its own, so that Undo returns to the current state."""
        self._merge_ids.clear()

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
        """Apply `edit` to the current project; an `EditError` becomes a message.

        Returns:
            The new project, or the edit's second result (a new id); None if the edit failed.
        """
        try:
            result = edit(self.complete_project)
        except EditError as error:
            self.message.emit(str(error))
            return None
        if isinstance(result, tuple):
            self.apply(result[0], text, merge)
            return result[1]
        self.apply(result, text, merge)
        return result

    def repair(self, repair: Repair) -> bool:
        """Apply a fix as one undoable step; False (and a message) if it is no longer valid."""
        result = self.try_edit(lambda project: apply_repair(project, repair), repair.title)
        return result is not None

    @property
    def placement_path(self) -> PlacementPath | None:
        """The placements that lead to the scope; None if the block has no placement."""
        scopes = scopes_on_path(self._project, self._placement_path)
        if scopes is not None and scopes[-1] == self._scope:
            return self._placement_path
        return first_placement_path(self._project, self._scope)

    def set_selection(self, ids: Iterable[str]) -> None:
        """Select nodes and notes; ids outside the scope are ignored."""
        selection = frozenset(item_id for item_id in ids if self._is_in_scope(item_id))
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit(selection)

    def set_scope(self, scope: str, placement_path: PlacementPath | None = None) -> None:
        """Show the inside of a block, or the top level.

        Args:
            scope: The block.
            placement_path: The placements that lead to it; None for the first placement.
        """
        if scope != TOP and scope not in self._project.blocks:
            scope = TOP
        if placement_path is None:
            placement_path = first_placement_path(self._project, scope) or ()
        if (scope, placement_path) != (self._scope, self._placement_path):
            self.set_selection(())
            self._scope, self._placement_path = scope, placement_path
            self.scope_changed.emit(scope)

    @property
    def is_checked(self) -> bool:
        """Whether the report belongs to the current project; always, unless checks are running."""
        return self._is_checked

    def expect_report(self) -> None:
        """Note that a check of the current project has begun."""
        self._is_checked = False
        self.check_started.emit()

    def set_report(self, report: Report, *, is_current: bool = True) -> None:
        """Store the result of a check and emit `report_changed`.

        `is_current` is False if the project has changed since the check began.
        """
        self._report = report
        self._is_checked = is_current
        self.report_changed.emit(report)

    @property
    def name(self) -> str:
        """Name of the design's file, or the name proposed for saving it."""
        if self._path is not None:
            return self._path.name
        stored_path = str(self._project.data.options.get("path") or "")
        of_data = PurePath(stored_path.replace("\\", "/")).stem
        return (self._working_name or self._project.title or of_data or "untitled") + SUFFIX

    def load(self, project: Project, path: Path | None, name: str = "") -> None:
        """Replace the project; clears undo stack, selection and the unsaved state.

        `name` is the name of a design without a file until it is saved.
        """
        self._working_name = name
        self._project = project
        self._used_ids = project.used_ids
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
        self._path = path
        self.path_changed.emit(str(path) if path else "")

    def set_clean(self) -> None:
        """Mark the current state as saved."""
        self.undo_stack.setClean()

    def mark_unsaved(self) -> None:
        """Mark changes outside the undo stack as unsaved, such as new weights."""
        self.undo_stack.resetClean()

    def set_weights(self, reference: WeightsRef | None) -> None:
        """Change the reference to the trained weights, which is no step that a person can undo."""
        if reference != self._project.weights:
            self._apply_step(lambda project: set_weights(project, reference))

    def _apply_step(self, step: Callable[[Project], Project]) -> None:
        before = self._project
        self._project = step(before)
        self._used_ids = record_removed(self._used_ids, before, self._project)
        self._leave_deleted_scope()
        self.project_changed.emit(difference(before, self._project))
        self.set_selection(self._selection)

    def _leave_deleted_scope(self) -> None:
        """Show the top level if the open block was deleted, before other slots read the scope."""
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
