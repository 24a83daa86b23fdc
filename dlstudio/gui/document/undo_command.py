"""The one kind of undo command: a difference between two projects. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from dlstudio.design.changes.diff import Change
from dlstudio.design.model.model import Project

NO_MERGING = -1


class EditCommand(QUndoCommand):
    """Goes from one project to the next and back; commands of equal `merge_id` become one."""

    def __init__(
        self,
        text: str,
        change: Change,
        merge_id: int,
        apply_step: Callable[[Callable[[Project], Project]], None],
    ) -> None:
        """Keep the difference; `apply_step` is told how to get from the present project to the next."""
        super().__init__(text)
        self.change = change
        self._merge_id = merge_id
        self._apply_step = apply_step

    def redo(self) -> None:
        """Apply the difference."""
        self._apply_step(self.change.forward)

    def undo(self) -> None:
        """Take the difference back."""
        self._apply_step(self.change.backward)

    def id(self) -> int:
        """Return what successive commands must share to become one."""
        return self._merge_id

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take in the command that came after this one."""
        if not isinstance(other, EditCommand) or other.id() != self._merge_id:
            return False
        self.change = self.change.merged_with(other.change)
        self.setText(other.text())
        self.setObsolete(self.change.is_empty)
        return True
