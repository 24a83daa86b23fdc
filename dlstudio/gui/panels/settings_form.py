"""A form made from declarations: a row for each setting, the advanced ones below a fold."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QToolButton, QVBoxLayout, QWidget

from dlstudio.design.values import Value
from dlstudio.gui.icons import icon
from dlstudio.gui.panels.dressing import label
from dlstudio.gui.panels.setting_editors import ChoiceEditor, SettingEditor, editor_for
from dlstudio.gui.theme import current, theme_changes
from dlstudio.layers.settings import Setting

_HEAD_STYLE = (
    "QToolButton { font-weight: 600; padding: 4px 6px 4px 0; background: transparent;"
    " border: none; }"
)


class Rows(QWidget):
    """Words at the left, editors at the right, in two even columns."""

    def __init__(self) -> None:
        """Start without rows."""
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(7)
        self._grid.setColumnStretch(0, 10)
        self._grid.setColumnStretch(1, 13)
        self._grid.setColumnMinimumWidth(0, 88)

    def add(self, title: str, editor: QWidget, tip: str = "") -> None:
        """Add a row."""
        row = self._grid.rowCount()
        row_label = label(title, "muted", wrap=True)
        row_label.setToolTip(tip)
        row_label.setMinimumHeight(28)
        row_label.setBuddy(editor)
        self._grid.addWidget(row_label, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(editor, row, 1)

    def add_wide(self, widget: QWidget) -> None:
        """Add a row that spans both columns."""
        self._grid.addWidget(widget, self._grid.rowCount(), 0, 1, 2)


class Fold(QWidget):
    """A heading that opens and closes what lies below it."""

    def __init__(self, title: str, body: QWidget, *, is_open: bool = False) -> None:
        """Hold `body` below a heading."""
        super().__init__()
        self._body = body
        self.head = QToolButton()
        self.head.setText(title)
        self.head.setProperty("look", "quiet")
        self.head.setCheckable(True)
        self.head.setChecked(is_open)
        self.head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.head.setIconSize(QSize(12, 12))
        self.head.setStyleSheet(_HEAD_STYLE)
        self.head.toggled.connect(self._turn)
        theme_changes.changed.connect(self._dress)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.head, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(body)
        self._turn(is_open)

    def _turn(self, is_open: bool) -> None:
        self._dress()
        self._body.setVisible(is_open)

    def _dress(self) -> None:
        name = "chevron-down" if self.head.isChecked() else "chevron-right"
        self.head.setIcon(icon(name, current().muted))


class SettingsForm(QWidget):
    """Edits the settings that a mapping of declarations names."""

    edited = Signal(str, object)
    """A setting's name and its new value."""
    parameter_wanted = Signal(str)
    """Name of a setting that is to become a new parameter of the block."""

    def __init__(
        self, declarations: Mapping[str, Setting], names: Mapping[str, int] | None = None
    ) -> None:
        """Make a row for each declaration; `names` are the numbers that a `Ref` may use."""
        super().__init__()
        self._declarations = declarations
        self.editors: dict[str, SettingEditor] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        basic, advanced = Rows(), Rows()
        for name, setting in declarations.items():
            editor = editor_for(setting, names)
            editor.edited.connect(lambda value, name=name: self.edited.emit(name, value))
            editor.parameter_wanted.connect(lambda name=name: self.parameter_wanted.emit(name))
            (advanced if setting.advanced else basic).add(setting.title, editor, setting.help)
            self.editors[name] = editor
        column.addWidget(basic)
        if any(setting.advanced for setting in declarations.values()):
            column.addWidget(Fold("Advanced", advanced))
        else:
            advanced.deleteLater()

    def show_values(self, values: Mapping[str, Value], mixed: Collection[str] = ()) -> None:
        """Show values, defaults where there is none, a dash for the names in `mixed`."""
        for name, editor in self.editors.items():
            if name in mixed:
                editor.show_mixed()
            else:
                editor.show_value(values.get(name, self._declarations[name].default))

    def name_choices(self, name: str, titles: Mapping[str, str]) -> None:
        """Show a choice's words by these titles."""
        editor = self.editors[name]
        if isinstance(editor, ChoiceEditor):
            editor.set_titles(titles)

    def complain(self, name: str, reason: str) -> None:
        """Show why a setting cannot be used."""
        if name in self.editors:
            self.editors[name].complain(reason)
