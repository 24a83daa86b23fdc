"""The only kind of undo command: the difference between two projects. Imports no widget."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from dlstudio.design.changes.diff import Change
from dlstudio.design.model.model import Project

NO_MERGING = -1


class EditCommand(QUndoCommand):
    """Applies and reverts one difference; consecutive commands of equal `merge_id` merge."""

    def __init__(
        self,
        text: str,
        change: Change,
        merge_id: int,
        apply_step: Callable[[Callable[[Project], Project]], None],
    ) -> None:
        """Store the difference; `apply_step` receives the function from one project to the next."""
        super().__init__(text)
        self.change = change
        self._merge_id = merge_id
        self._apply_step = apply_step

    def redo(self) -> None:
        self._apply_step(self.change.forward)

    def undo(self) -> None:
        self._apply_step(self.change.backward)

    def id(self) -> int:
        """Return the id that consecutive commands must share to be merged by Qt."""
        return self._merge_id

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Append the next command's difference to this one."""
        if not isinstance(other, EditCommand) or other.id() != self._merge_id:
            return False
        self.change = self.change.merged_with(other.change)
        self.setText(other.text())
        self.setObsolete(self.change.is_empty)
        return True
