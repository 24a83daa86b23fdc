"""Asks under which name a block is kept, and what becomes of another one of that name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from dlstudio.gui.widgets.basic_widgets import label, set_style_property

MAX_NAME_LENGTH = 60
"""Letters of a name; longer ones fit neither the palette nor a card."""
_WIDTH = 420


class SaveBlockDialog(QDialog):
    """A name, and below it what will happen; `name` holds the choice once it is accepted."""

    def __init__(
        self,
        proposal: str,
        is_taken: Callable[[str], bool],
        free_name: Callable[[str], str],
        parent: QWidget | None = None,
    ) -> None:
        """Propose a name.

        Args:
            proposal: The name to begin with.
            is_taken: Whether another block is kept under a name.
            free_name: Returns a name like the given one that is not taken.
            parent: The window that is blocked meanwhile.
        """
        super().__init__(parent)
        self._is_taken, self._free_name = is_taken, free_name
        self.setWindowTitle("Keep in My blocks")
        self.name_field = QLineEdit(proposal[:MAX_NAME_LENGTH])
        self.name_field.setMaxLength(MAX_NAME_LENGTH)
        self.name_field.setAccessibleName("Name of the block")
        self.name_field.selectAll()
        self.hint = label(role="muted", wrap=True)
        kinds, roles = QDialogButtonBox.StandardButton, QDialogButtonBox.ButtonRole
        self.buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        self.save_button = self.buttons.button(kinds.Ok)
        self.keep_both_button = self.buttons.addButton("Keep &both", roles.ActionRole)
        self.keep_both_button.setAutoDefault(False)
        self.keep_both_button.clicked.connect(self._save_both)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.name_field.textChanged.connect(self._update)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(10)
        caption = label("&Name of the block")
        caption.setBuddy(self.name_field)
        for widget in (caption, self.name_field, self.hint, self.buttons):
            column.addWidget(widget)
        self.setMinimumWidth(_WIDTH)
        self._update()

    @property
    def name(self) -> str:
        """The name as it would be kept: one line without spaces around it."""
        return " ".join(self.name_field.text().split())

    def _update(self) -> None:
        """Say what the name means, and offer what can be done with it."""
        name, clash = self.name, self._is_taken(self.name)
        if not name:
            text = "A block needs a name."
        elif clash:
            text = (
                f"My blocks hold another block called {name}. Designs that use it keep "
                "their copies if it is replaced."
            )
        else:
            text = "It is listed in the palette under My blocks, for every design."
        self.hint.setText(text)
        set_style_property(self.hint, "role", "muted" if name and not clash else "error")
        self.save_button.setText("&Replace it" if clash else "&Keep")
        self.save_button.setEnabled(bool(name))
        self.keep_both_button.setVisible(clash)
        self.keep_both_button.setToolTip(
            f"Keep this one as {self._free_name(name)}" if clash else ""
        )

    def _save_both(self) -> None:
        self.name_field.setText(self._free_name(self.name))
        self.accept()
