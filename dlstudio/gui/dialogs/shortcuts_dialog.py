"""Every shortcut on one sheet: the table of actions, and what mouse and keys do on the canvas."""

from __future__ import annotations

import html
from collections.abc import Iterator

from PySide6.QtGui import QKeySequence, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from dlstudio.gui.actions.action_table import ACTIONS
from dlstudio.gui.actions.actions import MENUS, Action
from dlstudio.gui.style.theme import Theme, current_theme

GESTURES = (
    ("Double click on the canvas", "Search a layer and put it there"),
    ("Drag from a port", "Draw a wire; let go in the void to add a layer that fits"),
    ("Drag a wire's end", "Lead it elsewhere"),
    ("Drop a card on a wire", "Splice it in"),
    ("Ctrl + drag across wires", "Cut them"),
    ("Drag on the canvas", "Select with a box"),
    ("Space + drag, middle button", "Move the view"),
    ("Wheel, pinch", "Zoom at the pointer"),
    ("Arrow keys", "Move the selected cards; without a selection move the view"),
    ("Shift + arrow keys", "Move the selected cards by a single unit"),
    ("Enter on the canvas", "Set up the selected card in the inspector"),
    ("Enter in the palette", "Append the layer after the selection, wired"),
    ("Esc", "Call off any gesture"),
)
_SIZE = (720, 680)


class ShortcutsDialog(QDialog):
    """Shows the sheet and prints it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make the sheet from the table."""
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.resize(*_SIZE)
        self.page = QTextBrowser()
        self.page.setHtml(shortcuts_html(current_theme()))
        self.page.setAccessibleName("Keyboard shortcuts")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        print_button = buttons.addButton("&Print…", QDialogButtonBox.ButtonRole.ActionRole)
        print_button.setAutoDefault(False)
        print_button.clicked.connect(self.show_print_dialog)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.page)
        column.addWidget(buttons)
        close_button = buttons.button(QDialogButtonBox.StandardButton.Close)
        close_button.setDefault(True)  # only a button inside its dialog can be the dialog's default

    def show_print_dialog(self) -> None:
        """Ask for a printer (or a PDF file) and print."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if QPrintDialog(printer, self).exec():
            print_shortcuts(printer)


def print_shortcuts(printer: QPrinter) -> None:
    """Print the sheet, black on white."""
    document = QTextDocument()
    document.setHtml(shortcuts_html(None))
    document.print_(printer)


def shortcuts_html(theme: Theme | None) -> str:
    """Return the sheet in a theme's colours, or black on white."""
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
    """Return an action's shortcuts as this platform writes them."""
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
