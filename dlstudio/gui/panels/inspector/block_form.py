"""Edits a block's definition: its title, its words and its parameters."""

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
from dlstudio.design.identifiers import numbered
from dlstudio.design.model import Block, Parameter, Project
from dlstudio.design.values import Value
from dlstudio.gui.document import Document
from dlstudio.gui.panels.dressing import button, empty, label
from dlstudio.gui.panels.field import Line
from dlstudio.gui.panels.parameter_value import SMALLEST
from dlstudio.gui.panels.setting_editors import TextEditor
from dlstudio.layers.settings import Whole


class BlockForm(QWidget):
    """Title, help and parameters of one block; every edit is an undoable step."""

    def __init__(self, document: Document, block_id: str) -> None:
        """Show a block of the document."""
        super().__init__()
        self._document = document
        self._id = block_id
        self.rows: dict[str, ParameterRow] = {}
        self.title = Line()
        self.title.setAccessibleName("Title of the block")
        self.title.editingFinished.connect(self._rename)
        self.help = Words("What the block does; the first line stands in the palette")
        self.help.setAccessibleName("Explanation of the block")
        self.help.left.connect(self._explain)
        self._parameters = QVBoxLayout()
        self._parameters.setSpacing(10)
        self.add = button("Add a parameter", self._add, look="quiet", icon_name="add")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label("Title", "caption"))
        column.addWidget(self.title)
        column.addWidget(label("Explanation", "caption"))
        column.addWidget(self.help)
        column.addWidget(label("Parameters", "caption"))
        column.addLayout(self._parameters)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_project()

    def show_project(self) -> None:
        """Show the block as it is now."""
        block = self._block()
        if block is None:
            return
        if not self.title.holds_typing:
            self.title.setText(block.title)
        self.help.show_text(block.help)
        self._match_rows(block)
        for parameter in block.parameters:
            self.rows[parameter.name].show_parameter(parameter)

    def _block(self) -> Block | None:
        return self._document.project.blocks.get(self._id)

    def _match_rows(self, block: Block) -> None:
        """Have one row for each parameter; a renamed one keeps its row, and so the cursor."""
        rows = [*self.rows.values()]
        if len(rows) != len(block.parameters):
            empty(self._parameters)
            rows = [self._row(parameter) for parameter in block.parameters]
            tab_order = [widget for row in rows for widget in row.stops]
            for before, after in pairwise((self.help, *tab_order, self.add)):
                self.setTabOrder(before, after)
        self.rows = {
            parameter.name: row for parameter, row in zip(block.parameters, rows, strict=True)
        }

    def _row(self, parameter: Parameter) -> ParameterRow:
        row = ParameterRow(
            parameter, TextEditor(_default_setting(parameter), self._document.facts.numbers)
        )
        row.renamed.connect(partial(self._rename_parameter, row))
        row.explained.connect(partial(self._explain_parameter, row))
        row.removed.connect(partial(self._remove, row))
        row.default.edited.connect(partial(self._set_default, row))
        self._parameters.addWidget(row)
        return row

    def _edit(self, change: Callable[[Project], Project], text: str, merge: str = "") -> None:
        if self._document.try_edit(change, text, merge) is None:
            self._show_again()

    def _show_again(self) -> None:
        """Take back what could not be done."""
        block = self._block()
        for parameter in block.parameters if block is not None else ():
            self.rows[parameter.name].show_parameter(parameter, anew=True)

    def _rename(self) -> None:
        block, title = self._block(), self.title.text().strip()
        self.title.setText(title or (block.title if block else ""))
        if block is not None and title and title != block.title:
            self._edit(lambda p: set_block(p, replace(block, title=title)), "Rename the block")

    def _explain(self, text: str) -> None:
        block = self._block()
        if block is not None and text != block.help:
            self._edit(lambda p: set_block(p, replace(block, help=text)), "Explain the block")

    def _add(self) -> None:
        block = self._block()
        if block is not None:
            name = numbered({parameter.name for parameter in block.parameters}, "parameter")
            self._edit(lambda p: add_parameter(p, self._id, name, 1), "Add a parameter")
            if name in self.rows:
                self.rows[name].name.setFocus(Qt.FocusReason.OtherFocusReason)
                self.rows[name].name.selectAll()

    def _rename_parameter(self, row: ParameterRow, new: str) -> None:
        old = row.parameter.name
        self._edit(lambda p: rename_parameter(p, self._id, old, new), f"Rename {old}")

    def _set_default(self, row: ParameterRow, value: Value) -> None:
        name = row.parameter.name
        self._edit(
            lambda p: change_parameter(p, self._id, name, default=value),
            f"Change the default of {name}",
            f"default:{self._id}:{name}",
        )

    def _explain_parameter(self, row: ParameterRow, text: str) -> None:
        name = row.parameter.name
        self._edit(lambda p: change_parameter(p, self._id, name, help_text=text), f"Explain {name}")

    def _remove(self, row: ParameterRow) -> None:
        name = row.parameter.name
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)
        self._edit(lambda p: remove_parameter(p, self._id, name), f"Remove {name}")


class ParameterRow(QWidget):
    """One parameter: name and default beside each other, below them what it is for."""

    renamed = Signal(str)
    explained = Signal(str)
    removed = Signal()

    def __init__(self, parameter: Parameter, default: TextEditor) -> None:
        """Show a parameter."""
        super().__init__()
        self.name, self.help, self.default = Line(), Line(), default
        self.name.setProperty("role", "mono")
        self.name.setToolTip("A word by which the block's layers call this number")
        self.help.setPlaceholderText("What it is for")
        self.remove = button("", self.removed.emit, look="quiet", icon_name="remove")
        self.stops = (self.name, self.default.field, self.help, self.remove)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 3)
        grid.addWidget(self.name, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.default, 0, 1)
        grid.addWidget(self.remove, 0, 2, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.help, 1, 0, 1, 3)
        self.name.editingFinished.connect(self._rename)
        self.help.editingFinished.connect(self._explain)
        self.show_parameter(parameter)

    def show_parameter(self, parameter: Parameter, *, anew: bool = False) -> None:
        """Show a parameter as it is now; `anew` also instead of what is being typed."""
        self.parameter, name = parameter, parameter.name
        self.name.setAccessibleName(f"Name of {name}")
        self.help.setAccessibleName(f"What {name} is for")
        self.remove.setToolTip(f"Remove {name}; what uses it takes its default")
        self.remove.setAccessibleName(f"Remove {name}")
        self.default.setting = _default_setting(parameter)
        self.default.field.setAccessibleName(self.default.setting.title)
        self.default.show_value(parameter.default)
        for field, text in ((self.name, name), (self.help, parameter.help)):
            if anew or (field.text() != text and not field.holds_typing):
                field.setText(text)
                field.setCursorPosition(0)

    def _rename(self) -> None:
        """Hand over another name, or show the old one where none is left."""
        name = self.name.text().strip()
        self.name.setText(name or self.parameter.name)
        if name and name != self.parameter.name:
            self.renamed.emit(name)

    def _explain(self) -> None:
        text = self.help.text().strip()
        self.help.setText(text)
        if text != self.parameter.help:
            self.explained.emit(text)


class Words(QPlainTextEdit):
    """A few lines of text that are taken when they are left."""

    left = Signal(str)

    def __init__(self, hint: str) -> None:
        """Start empty."""
        super().__init__()
        self._settled = ""
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        self.setFixedHeight(92)

    def show_text(self, text: str) -> None:
        """Show a text, unless another one is being typed."""
        if self.toPlainText() == self._settled and text != self._settled:
            self.setPlainText(text)
            self._settled = text

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hand over what was typed."""
        super().focusOutEvent(event)
        if self.toPlainText() != self._settled:
            self._settled = self.toPlainText()
            self.left.emit(self._settled.strip())


def _default_setting(parameter: Parameter) -> Whole:
    return Whole(
        title=f"Default of {parameter.name}",
        help="Counts where a placement has no value of its own.",
        default=parameter.default,
        minimum=SMALLEST,
    )
