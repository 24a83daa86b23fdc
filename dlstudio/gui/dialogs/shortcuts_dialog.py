"""All shortcuts on one page: the table of actions, and the gestures on the canvas."""

from __future__ import annotations

import html
from collections.abc import Iterator

from PySide6.QtGui import QKeySequence, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from dlstudio.gui.actions.action_table import ACTIONS, action_title
from dlstudio.gui.actions.actions import MENUS, Action
from dlstudio.gui.style.theme import Theme, current_theme

GESTURES = (
    ("Double click on the canvas", "Search for a layer and add it there"),
    ("Drag from a port", "Draw a wire; drop it on the empty canvas to add a matching layer"),
    ("Drag a wire's end", "Reconnect it"),
    ("Drop a card on a wire", "Insert it into the wire"),
    ("Ctrl + drag across wires", "Cut them"),
    ("Drag on the canvas", "Select with a box"),
    ("Space + drag, middle button", "Move the view"),
    ("Wheel, pinch", "Zoom at the pointer"),
    ("Arrow keys", "Move the selected cards, or scroll if nothing is selected"),
    ("Shift + arrow keys", "Move the selected cards by one unit"),
    ("Enter on the canvas", "Edit the selected card in the inspector"),
    ("Enter in the palette", "Add the layer after the selection and connect it"),
    ("Esc", "Cancel any gesture"),
)
_SIZE = (720, 680)


class ShortcutsDialog(QDialog):
    """Shows the page and can print it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(action_title("shortcuts"))
        self.resize(*_SIZE)
        self.page = QTextBrowser()
        self.page.setHtml(shortcuts_html(current_theme()))
        self.page.setAccessibleName(action_title("shortcuts"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        print_button = buttons.addButton("&Print…", QDialogButtonBox.ButtonRole.ActionRole)
        print_button.setAutoDefault(False)
        print_button.clicked.connect(self.show_print_dialog)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.page)
        column.addWidget(buttons)
        close_button = buttons.button(QDialogButtonBox.StandardButton.Close)
        close_button.setDefault(True)  # setDefault only works once the button is inside the dialog

    def show_print_dialog(self) -> None:
        """Show the system's print dialog and print."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if QPrintDialog(printer, self).exec():
            print_shortcuts(printer)


def print_shortcuts(printer: QPrinter) -> None:
    """Print the page in black on white."""
    document = QTextDocument()
    document.setHtml(shortcuts_html(None))
    document.print_(printer)


def shortcuts_html(theme: Theme | None) -> str:
    """Return the page as HTML, in a theme's colours or black on white."""
    muted, line = (theme.muted, theme.line) if theme else ("#444444", "#bbbbbb")
    rows: list[str] = []
    for menu in MENUS:
        rows += _heading(menu, line)
        rows += (
            _row(", ".join(shortcut_texts(action)), action.tip, muted)
            for action in _actions_with_keys(menu)
        )
    rows += _heading("Mouse and keys on the canvas", line)
    rows += (_row(gesture, meaning, muted) for gesture, meaning in GESTURES)
    return f'<table cellspacing="0" cellpadding="4" width="100%">{"".join(rows)}</table>'


def shortcut_texts(action: Action) -> tuple[str, ...]:
    """Return an action's shortcuts in the platform's notation."""
    native = QKeySequence.SequenceFormat.NativeText
    return tuple(QKeySequence(key).toString(native) for key in action.keys)


def _actions_with_keys(menu: str) -> Iterator[Action]:
    return (action for action in ACTIONS if action.keys and action.menu.split("/")[0] == menu)


def _heading(text: str, line: str) -> list[str]:
    style = f"border-bottom: 1px solid {line}; padding-top: 14px"
    return [f'<tr><td colspan="2" style="{style}"><b>{html.escape(text)}</b></td></tr>']


def _row(keys: str, meaning: str, muted: str) -> str:
    key_cell = f'<td width="38%">{html.escape(keys)}</td>'
    return f'<tr>{key_cell}<td style="color: {muted}">{html.escape(meaning)}</td></tr>'
