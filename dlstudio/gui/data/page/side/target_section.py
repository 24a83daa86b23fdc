"""What is predicted: the target's column, the task that follows from it, and why."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from dlstudio.gui.data.page.contents.data_facts import token_unit
from dlstudio.gui.data.page.contents.page_contents import LEFT_OUT, TARGET, PageContents, PageTable
from dlstudio.gui.data.page.panels.panel_frame import title_row
from dlstudio.gui.forms.setting_editors import FormComboBox
from dlstudio.gui.widgets.basic_widgets import label
from dlstudio.training.specs.first_network import TASK_OF_TARGET, FirstNetwork
from dlstudio.training.specs.registry import TASKS

_TASKS_OF_USE = {use: TASK_OF_TARGET[use] for use in ("class", "value")}


class TargetSection(QWidget):
    """Shows and chooses the target.

    Signals:
        use_chosen: A column's name and its new use.
    """

    use_chosen = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._table: PageTable | None = None
        self.target, self.task = FormComboBox(), FormComboBox()
        for combo in (self.target, self.task):
            combo.setSizeAdjustPolicy(
                FormComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            combo.setMinimumContentsLength(6)
        self.target.setAccessibleName("Target")
        self.task.setAccessibleName("Task")
        self.target.activated.connect(self._choose_target)
        self.task.activated.connect(self._choose_task)
        self._text = label(role="small", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(9)
        column.addLayout(title_row("What to predict"))
        fields = QGridLayout()
        fields.setHorizontalSpacing(10)
        fields.setVerticalSpacing(3)
        for index, (title, combo) in enumerate((("Target", self.target), ("Task", self.task))):
            fields.addWidget(label(title, "small"), 0, index)
            fields.addWidget(combo, 1, index)
            fields.setColumnStretch(index, 1)
        column.addLayout(fields)
        column.addWidget(self._text)

    def show_contents(self, contents: PageContents, network: FirstNetwork | None) -> None:
        """Show the target of data that was read."""
        self._table = contents.table
        self.target.clear()
        self.task.clear()
        title = "" if network is None else TASKS[network.project.training.task].title
        if contents.table is None or contents.table.is_fixed:
            self.target.addItem(fixed_target(contents))
            self.task.addItem(title)
            self.target.setCurrentIndex(0)
            self.task.setCurrentIndex(0)
        else:
            self._show_columns(contents.table)
        is_open = contents.table is not None and not contents.table.is_fixed
        self.target.setEnabled(is_open)
        self.task.setEnabled(is_open)
        self._text.setText(target_text(contents))

    def _show_columns(self, table: PageTable) -> None:
        names = [column.name for column in table.columns if column.role != LEFT_OUT]
        targets = [column for column in table.columns if column.role == TARGET]
        self.target.addItems(names)
        self.target.setPlaceholderText("choose a column")
        self.target.setCurrentIndex(names.index(targets[0].name) if targets else -1)
        for use, task in _TASKS_OF_USE.items():
            self.task.addItem(TASKS[task].title, use)
            if targets and targets[0].use == use:
                self.task.setCurrentIndex(self.task.count() - 1)

    def _choose_target(self, index: int) -> None:
        name = self.target.itemText(index)
        columns = () if self._table is None else self._table.columns
        column = next((column for column in columns if column.name == name), None)
        if column is not None and column.role != TARGET:
            is_value = column.type == "number" and column.distinct > 20
            self.use_chosen.emit(name, "value" if is_value else "class")

    def _choose_task(self, index: int) -> None:
        use, name = self.task.itemData(index), self.target.currentText()
        if isinstance(use, str) and name:
            self.use_chosen.emit(name, use)


def fixed_target(contents: PageContents) -> str:
    """Return what is predicted where the data leaves no choice."""
    columns = () if contents.table is None else contents.table.columns
    names = [column.name for column in columns if column.role == TARGET]
    if names:
        return ", ".join(names)
    target = contents.info.target
    if target is None:
        return "nothing"
    return "class" if contents.info.class_names and not target.shape else target.meaning


def target_text(contents: PageContents) -> str:
    """Return why this is the task."""
    info = contents.info
    targets = (
        []
        if contents.table is None
        else [column for column in contents.table.columns if column.role == TARGET]
    )
    if contents.table is not None and not targets:
        return "Choose the column that the network should predict."
    if len(targets) == 1:
        column = targets[0]
        return f"{column.name} holds {column.distinct:,} different values."
    if info.target is not None and info.target.meaning == "tokens":
        unit = token_unit(contents.settings)
        token = f"Each token ({unit})" if unit else "Each token"
        return f"{token} is predicted from those before it."
    if info.target is None:
        return "Nothing to predict: the network learns to restore the samples themselves."
    if info.class_names:
        shown = ", ".join(info.class_names[:6])
        return shown + ("" if len(info.class_names) <= 6 else ", …")
    return "Several values are predicted together." if targets else ""
