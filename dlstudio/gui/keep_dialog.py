"""Asks under which name a block is kept, and what becomes of another one of that name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from dlstudio.gui.panels.dressing import label, restyle

LONGEST = 60
"""Letters of a name; longer ones fit neither the palette nor a card."""
_WIDTH = 420


class KeepDialog(QDialog):
    """A name, and below it what will happen; `name` holds the choice once it is accepted."""

    def __init__(
        self,
        proposal: str,
        taken: Callable[[str], bool],
        free: Callable[[str], str],
        parent: QWidget | None = None,
    ) -> None:
        """Propose a name.

        Args:
            proposal: The name to begin with.
            taken: Whether another block is kept under a name.
            free: Returns a name like the given one that is not taken.
            parent: The window that is blocked meanwhile.
        """
        super().__init__(parent)
        self._taken, self._free = taken, free
        self.setWindowTitle("Keep in My blocks")
        self.line = QLineEdit(proposal[:LONGEST])
        self.line.setMaxLength(LONGEST)
        self.line.setAccessibleName("Name of the block")
        self.line.selectAll()
        self.note = label(role="muted", wrap=True)
        kinds, roles = QDialogButtonBox.StandardButton, QDialogButtonBox.ButtonRole
        self.buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        self.keep = self.buttons.button(kinds.Ok)
        self.both = self.buttons.addButton("Keep &both", roles.ActionRole)
        self.both.setAutoDefault(False)
        self.both.clicked.connect(self._keep_both)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.line.textChanged.connect(self._judge)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(10)
        caption = label("&Name of the block")
        caption.setBuddy(self.line)
        for widget in (caption, self.line, self.note, self.buttons):
            column.addWidget(widget)
        self.setMinimumWidth(_WIDTH)
        self._judge()

    @property
    def name(self) -> str:
        """The name as it would be kept: one line without spaces around it."""
        return " ".join(self.line.text().split())

    def _judge(self) -> None:
        """Say what the name means, and offer what can be done with it."""
        name, clash = self.name, self._taken(self.name)
        if not name:
            text = "A block needs a name."
        elif clash:
            text = (
                f"My blocks hold another block called {name}. Designs that use it keep "
                "their copies if it is replaced."
            )
        else:
            text = "It is listed in the palette under My blocks, for every design."
        self.note.setText(text)
        restyle(self.note, "role", "muted" if name and not clash else "error")
        self.keep.setText("&Replace it" if clash else "&Keep")
        self.keep.setEnabled(bool(name))
        self.both.setVisible(clash)
        self.both.setToolTip(f"Keep this one as {self._free(name)}" if clash else "")

    def _keep_both(self) -> None:
        self.line.setText(self._free(self.name))
        self.accept()
