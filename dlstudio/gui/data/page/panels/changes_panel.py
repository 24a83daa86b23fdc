"""The list of what was changed or left out, each with its opposite beside it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from dlstudio.gui.data.page.contents.changes import ChangeEntry, change_entries
from dlstudio.gui.data.page.contents.page_contents import PageContents
from dlstudio.gui.data.page.panels.panel_frame import panel_frame
from dlstudio.gui.style.icons import icon
from dlstudio.gui.style.theme import current_theme, theme_changes
from dlstudio.gui.widgets.basic_widgets import button, clear_layout, label

_ICON_SIZE = 15
_ICON_COLOURS = {"remove": "warning", "wrench": "accent_text", "check": "good_text"}


class ChangesPanel(QFrame):
    """Shows the changes.

    Signals:
        action_requested: The `ChangeAction` of the button that was pressed.
    """

    action_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self._count = label(role="muted")
        layout = panel_frame(self, "What was changed or left out", self._count)
        body = QWidget()
        self._rows = QVBoxLayout(body)
        self._rows.setContentsMargins(0, 0, 8, 0)
        self._rows.setSpacing(0)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        layout.addWidget(scroll, 1)
        self.entries: tuple[ChangeEntry, ...] = ()
        theme_changes.changed.connect(self._fill)

    def show_contents(self, contents: PageContents) -> None:
        """List the changes of data that was read."""
        entries = change_entries(contents)
        table, summary = contents.table, contents.summary
        if table is not None and not table.is_fixed and summary is not None:
            used = sum(summary.samples.values())
            self._count.setText(f"{used:,} of {table.total_rows:,} rows used")
        else:
            self._count.clear()
        if entries != self.entries:
            self.entries = entries
            self._fill()

    def _fill(self) -> None:
        clear_layout(self._rows)
        for entry in self.entries:
            self._rows.addWidget(self._create_row(entry))
        self._rows.addStretch(1)

    def _create_row(self, entry: ChangeEntry) -> QWidget:
        row = QFrame()
        row.setProperty("surface", "row")
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 5, 0, 5)
        layout.setSpacing(10)
        sign = QLabel()
        theme = current_theme()
        colour = getattr(theme, _ICON_COLOURS.get(entry.icon, "muted"))
        sign.setPixmap(icon(entry.icon, colour).pixmap(_ICON_SIZE, _ICON_SIZE))
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(label(entry.title, wrap=True))
        if entry.detail:
            texts.addWidget(label(entry.detail, "small", wrap=True))
        layout.addLayout(texts, 1)
        links = QVBoxLayout()
        links.setSpacing(0)
        for action in entry.actions:
            link = button(action.title, partial(self.action_requested.emit, action), look="link")
            links.addWidget(link, 0, Qt.AlignmentFlag.AlignRight)
        layout.addLayout(links)
        return row
