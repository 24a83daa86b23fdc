"""A form generated from declarations: one row per setting, advanced ones collapsed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from dlstudio.design.model.values import Value
from dlstudio.gui.forms.setting_editor import SettingEditor
from dlstudio.gui.forms.setting_editors import ChoiceEditor, editor_for
from dlstudio.gui.style.icons import icon
from dlstudio.gui.style.theme import current_theme, theme_changes
from dlstudio.gui.widgets.basic_widgets import label
from dlstudio.layers.framework.settings import Setting

_HEADER_STYLE = (
    "QToolButton { font-weight: 600; padding: 4px 6px 4px 0; background: transparent;"
    " border: none; }"
)


_SHARES = (10, 13)
"""Of the width, for the labels and the editors."""
_SPACING = 10
_LABEL_HEIGHT, _HEADING_HEIGHT = 28, 18


class FormGrid(QWidget):
    """Labels on the left and editors on the right, in two columns.

    An editor whose longest text does not fit beside its label goes below it, over both columns.
    """

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_SPACING)
        self._grid.setVerticalSpacing(7)
        for column, share in enumerate(_SHARES):
            self._grid.setColumnStretch(column, share)
        self._rows: list[tuple[QLabel, QWidget, int]] = []
        self._stacked: set[int] = set()
        self._grid.setColumnMinimumWidth(0, 88)

    def add_row(self, title: str, editor: QWidget, tip: str = "") -> None:
        row = self._next_row()
        row_label = label(title, "muted", wrap=True)
        row_label.setToolTip(tip)
        row_label.setMinimumHeight(_LABEL_HEIGHT)
        row_label.setBuddy(editor)
        self._grid.addWidget(row_label, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(editor, row, 1)
        self._rows.append((row_label, editor, row))

    def add_wide_row(self, widget: QWidget) -> None:
        """Add a row that spans both columns."""
        self._grid.addWidget(widget, self._next_row(), 0, 1, 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put editors below their labels, or beside them, as the width allows."""
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Put each editor where its longest text fits."""
        beside = (self.width() - _SPACING) * _SHARES[1] // sum(_SHARES)
        for row_label, editor, row in self._rows:
            is_stacked = isinstance(editor, SettingEditor) and editor.needed_width() > beside
            if is_stacked == (row in self._stacked):
                continue
            self._stacked ^= {row}
            self._grid.removeWidget(row_label)
            self._grid.removeWidget(editor)
            span, column = (2, 0) if is_stacked else (1, 1)
            self._grid.addWidget(row_label, row, 0, 1, span, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(editor, row + is_stacked, column, 1, span)
            row_label.setMinimumHeight(_HEADING_HEIGHT if is_stacked else _LABEL_HEIGHT)

    def _next_row(self) -> int:
        """Return the next row; after each one is left for an editor below its label."""
        return self._grid.rowCount() + 1


class CollapsibleSection(QWidget):
    """A heading that shows or hides its body."""

    def __init__(self, title: str, body: QWidget, *, is_open: bool = False) -> None:
        super().__init__()
        self._body = body
        self.header = QToolButton()
        self.header.setText(title)
        self.header.setProperty("look", "quiet")
        self.header.setCheckable(True)
        self.header.setChecked(is_open)
        self.header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.header.setIconSize(QSize(12, 12))
        self.header.setStyleSheet(_HEADER_STYLE)
        self.header.toggled.connect(self._set_open)
        theme_changes.changed.connect(self._apply_theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.header, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(body)
        self._set_open(is_open)

    def _set_open(self, is_open: bool) -> None:
        self._apply_theme()
        self._body.setVisible(is_open)

    def _apply_theme(self) -> None:
        name = "chevron-down" if self.header.isChecked() else "chevron-right"
        self.header.setIcon(icon(name, current_theme().muted))


class SettingsForm(QWidget):
    """Edits the settings of a mapping of declarations."""

    edited = Signal(str, object)
    """A setting's name and its new value."""
    parameter_requested = Signal(str)
    """Name of a setting that should become a new block parameter."""

    def __init__(
        self, declarations: Mapping[str, Setting], names: Mapping[str, int] | None = None
    ) -> None:
        """Create one row per declaration; `names` are the numbers that a `Ref` may use."""
        super().__init__()
        self._declarations = declarations
        self.editors: dict[str, SettingEditor] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        basic, advanced = FormGrid(), FormGrid()
        for name, setting in declarations.items():
            editor = editor_for(setting, names)
            editor.edited.connect(lambda value, name=name: self.edited.emit(name, value))
            editor.parameter_requested.connect(
                lambda name=name: self.parameter_requested.emit(name)
            )
            (advanced if setting.advanced else basic).add_row(setting.title, editor, setting.help)
            self.editors[name] = editor
        column.addWidget(basic)
        if any(setting.advanced for setting in declarations.values()):
            column.addWidget(CollapsibleSection("Advanced", advanced))
        else:
            advanced.deleteLater()

    def show_values(self, values: Mapping[str, Value], mixed: Collection[str] = ()) -> None:
        """Show values, the default for a missing one, and a dash for the names in `mixed`."""
        for name, editor in self.editors.items():
            if name in mixed:
                editor.show_mixed()
            else:
                editor.show_value(values.get(name, self._declarations[name].default))

    def show_automatic(self, name: str, value: Value) -> None:
        """Show the number that a setting has while it is automatic."""
        self.editors[name].show_automatic(value)

    def set_choice_titles(self, name: str, titles: Mapping[str, str]) -> None:
        """Show the options of a choice by these titles."""
        editor = self.editors[name]
        if isinstance(editor, ChoiceEditor):
            editor.set_titles(titles)

    def show_error(self, name: str, reason: str) -> None:
        """Show why a setting is invalid."""
        if name in self.editors:
            self.editors[name].show_error(reason)
