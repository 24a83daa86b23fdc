"""The form of a block's definition: title, explanation and parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QGridLayout, QPlainTextEdit, QVBoxLayout, QWidget

from dlstudio.design.blocks import (
    add_parameter,
    change_parameter,
    remove_parameter,
    rename_parameter,
    set_block,
)
from dlstudio.design.model.identifiers import next_free_id
from dlstudio.design.model.model import Block, Parameter, Project
from dlstudio.design.model.values import Value
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.block_parameter_setting import MIN_VALUE
from dlstudio.gui.forms.setting_editors import TextEditor
from dlstudio.gui.widgets.basic_widgets import button, clear_layout, label
from dlstudio.gui.widgets.field import UndoAwareLineEdit
from dlstudio.layers.framework.settings import Integer


class BlockForm(QWidget):
    """Edits title, explanation and parameters of one block, one undo step per edit."""

    def __init__(self, document: Document, block_id: str) -> None:
        super().__init__()
        self._document = document
        self._id = block_id
        self.rows: dict[str, ParameterRow] = {}
        self.title = UndoAwareLineEdit()
        self.title.setAccessibleName("Title of the block")
        self.title.editingFinished.connect(self._rename)
        self.help = MultilineField("What the block does; the palette shows the first line")
        self.help.setAccessibleName("Explanation of the block")
        self.help.committed.connect(self._set_help)
        self._parameters = QVBoxLayout()
        self._parameters.setSpacing(10)
        self.add_button = button(
            "Add parameter", self._add_parameter, look="quiet", icon_name="add"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label("Title", "caption"))
        column.addWidget(self.title)
        column.addWidget(label("Explanation", "caption"))
        column.addWidget(self.help)
        column.addWidget(label("Parameters", "caption"))
        column.addLayout(self._parameters)
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_project()

    def show_project(self) -> None:
        """Show the block's current definition."""
        block = self._block()
        if block is None:
            return
        if not self.title.is_editing:
            self.title.setText(block.title)
        self.help.show_text(block.help)
        self._match_rows(block)
        for parameter in block.parameters:
            self.rows[parameter.name].show_parameter(parameter)

    def _block(self) -> Block | None:
        return self._document.project.blocks.get(self._id)

    def _match_rows(self, block: Block) -> None:
        """Keep one row per parameter; a renamed parameter keeps its row and the focus."""
        rows = [*self.rows.values()]
        if len(rows) != len(block.parameters):
            clear_layout(self._parameters)
            rows = [self._create_row(parameter) for parameter in block.parameters]
            tab_order = [widget for row in rows for widget in row.tab_order]
            for before, after in pairwise((self.help, *tab_order, self.add_button)):
                self.setTabOrder(before, after)
        self.rows = {
            parameter.name: row for parameter, row in zip(block.parameters, rows, strict=True)
        }

    def _create_row(self, parameter: Parameter) -> ParameterRow:
        row = ParameterRow(
            parameter, TextEditor(_default_setting(parameter), self._document.dataset_info.numbers)
        )
        row.renamed.connect(partial(self._rename_parameter, row))
        row.help_changed.connect(partial(self._set_parameter_help, row))
        row.removed.connect(partial(self._remove_parameter, row))
        row.default.edited.connect(partial(self._set_default, row))
        self._parameters.addWidget(row)
        return row

    def _edit(self, change: Callable[[Project], Project], text: str, merge: str = "") -> None:
        if self._document.try_edit(change, text, merge) is None:
            self._revert()

    def _revert(self) -> None:
        """Restore the rows after a rejected edit."""
        block = self._block()
        for parameter in block.parameters if block is not None else ():
            self.rows[parameter.name].show_parameter(parameter, force=True)

    def _rename(self) -> None:
        block, title = self._block(), self.title.text().strip()
        self.title.setText(title or (block.title if block else ""))
        if block is not None and title and title != block.title:
            self._edit(
                lambda project: set_block(project, replace(block, title=title)), "Rename block"
            )

    def _set_help(self, text: str) -> None:
        block = self._block()
        if block is not None and text != block.help:
            self._edit(
                lambda project: set_block(project, replace(block, help=text)),
                "Change block explanation",
            )

    def _add_parameter(self) -> None:
        block = self._block()
        if block is not None:
            name = next_free_id({parameter.name for parameter in block.parameters}, "parameter")
            self._edit(lambda project: add_parameter(project, self._id, name, 1), "Add parameter")
            if name in self.rows:
                self.rows[name].name.setFocus(Qt.FocusReason.OtherFocusReason)
                self.rows[name].name.selectAll()

    def _rename_parameter(self, row: ParameterRow, new_name: str) -> None:
        old_name = row.parameter.name
        self._edit(
            lambda project: rename_parameter(project, self._id, old_name, new_name),
            f"Rename {old_name}",
        )

    def _set_default(self, row: ParameterRow, value: Value) -> None:
        name = row.parameter.name
        self._edit(
            lambda project: change_parameter(project, self._id, name, default=value),
            f"Change the default of {name}",
            f"default:{self._id}:{name}",
        )

    def _set_parameter_help(self, row: ParameterRow, text: str) -> None:
        name = row.parameter.name
        self._edit(
            lambda project: change_parameter(project, self._id, name, help_text=text),
            f"Change the description of {name}",
        )

    def _remove_parameter(self, row: ParameterRow) -> None:
        name = row.parameter.name
        self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._edit(lambda project: remove_parameter(project, self._id, name), f"Remove {name}")


class ParameterRow(QWidget):
    """One parameter: name and default side by side, its description below."""

    renamed = Signal(str)
    help_changed = Signal(str)
    removed = Signal()

    def __init__(self, parameter: Parameter, default: TextEditor) -> None:
        super().__init__()
        self.name, self.help, self.default = UndoAwareLineEdit(), UndoAwareLineEdit(), default
        self.name.setProperty("role", "mono")
        self.name.setToolTip("Name used by the layers inside the block")
        self.help.setPlaceholderText("Description")
        self.remove_button = button("", self.removed.emit, look="quiet", icon_name="remove")
        self.tab_order = (self.name, self.default.field, self.help, self.remove_button)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 3)
        grid.addWidget(self.name, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.default, 0, 1)
        grid.addWidget(self.remove_button, 0, 2, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.help, 1, 0, 1, 3)
        self.name.editingFinished.connect(self._commit_name)
        self.help.editingFinished.connect(self._commit_help)
        self.show_parameter(parameter)

    def show_parameter(self, parameter: Parameter, *, force: bool = False) -> None:
        """Show a parameter; `force` also overwrites fields being edited."""
        self.parameter, name = parameter, parameter.name
        self.name.setAccessibleName(f"Name of {name}")
        self.help.setAccessibleName(f"Description of {name}")
        self.remove_button.setToolTip(f"Remove {name}; layers that use it get its default value")
        self.remove_button.setAccessibleName(f"Remove {name}")
        self.default.setting = _default_setting(parameter)
        self.default.field.setAccessibleName(self.default.setting.title)
        self.default.show_value(parameter.default)
        for field, text in ((self.name, name), (self.help, parameter.help)):
            if force or (field.text() != text and not field.is_editing):
                field.setText(text)
                field.setCursorPosition(0)

    def _commit_name(self) -> None:
        """Emit a new name, or restore the old one if the field is empty."""
        name = self.name.text().strip()
        self.name.setText(name or self.parameter.name)
        if name and name != self.parameter.name:
            self.renamed.emit(name)

    def _commit_help(self) -> None:
        text = self.help.text().strip()
        self.help.setText(text)
        if text != self.parameter.help:
            self.help_changed.emit(text)


class MultilineField(QPlainTextEdit):
    """A text field of a few lines, committed on focus loss."""

    committed = Signal(str)

    def __init__(self, hint: str) -> None:
        super().__init__()
        self._committed_text = ""
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        self.setFixedHeight(92)

    def show_text(self, text: str) -> None:
        """Show a text, unless the field has uncommitted changes."""
        if self.toPlainText() == self._committed_text and text != self._committed_text:
            self.setPlainText(text)
            self._committed_text = text

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Commit the text if it was changed."""
        super().focusOutEvent(event)
        if self.toPlainText() != self._committed_text:
            self._committed_text = self.toPlainText()
            self.committed.emit(self._committed_text.strip())


def _default_setting(parameter: Parameter) -> Integer:
    return Integer(
        title=f"Default of {parameter.name}",
        help="Used where a placement sets no value.",
        default=parameter.default,
        minimum=MIN_VALUE,
    )
