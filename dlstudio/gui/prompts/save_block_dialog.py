"""Asks for the name of a block to save, and what to do if the name is taken."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from dlstudio.gui.actions.action_table import action_title
from dlstudio.gui.widgets.basic_widgets import label, set_style_property

MAX_NAME_LENGTH = 60
"""Characters of a name; longer ones fit neither the palette nor a card."""
_WIDTH = 420


class SaveBlockDialog(QDialog):
    """A name field with a hint about the result; read `name` after the dialog is accepted."""

    def __init__(
        self,
        proposal: str,
        is_taken: Callable[[str], bool],
        free_name: Callable[[str], str],
        parent: QWidget | None = None,
    ) -> None:
        """Show the proposed name.

        Args:
            proposal: The initial name.
            is_taken: Whether another saved block has a name.
            free_name: Returns a similar name that is not taken.
            parent: The window that the dialog blocks.
        """
        super().__init__(parent)
        self._is_taken, self._free_name = is_taken, free_name
        self.setWindowTitle(action_title("keep-block"))
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
        """The name to save: one line without surrounding spaces."""
        return " ".join(self.name_field.text().split())

    def _update(self) -> None:
        """Update hint and buttons for the current name."""
        name, clash = self.name, self._is_taken(self.name)
        if not name:
            text = "Enter a name for the block."
        elif clash:
            text = (
                f"My blocks already contains a block named {name}. If you replace it, designs that "
                "use it keep their own copies."
            )
        else:
            text = "The block will appear in the palette under My blocks, in every design."
        self.hint.setText(text)
        set_style_property(self.hint, "role", "muted" if name and not clash else "error")
        self.save_button.setText("&Replace" if clash else "&Save")
        self.save_button.setEnabled(bool(name))
        self.keep_both_button.setVisible(clash)
        self.keep_both_button.setToolTip(
            f"Save this block as {self._free_name(name)}" if clash else ""
        )

    def _save_both(self) -> None:
        self.name_field.setText(self._free_name(self.name))
        self.accept()
