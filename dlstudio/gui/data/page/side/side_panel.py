"""The right side of the page: target, task, split, baseline, first network, training, button."""

from __future__ import annotations

from collections.abc import Set

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.model.training_settings import chosen
from dlstudio.gui.data.page.contents.page_contents import LEFT_OUT, TARGET, PageContents, PageTable
from dlstudio.gui.data.page.panels.panel_frame import title_row
from dlstudio.gui.data.page.side.baseline_bars import BaselineBars, baseline_text
from dlstudio.gui.data.page.side.chip_row import ChipRow
from dlstudio.gui.data.page.side.network_strip import NetworkStrip
from dlstudio.gui.data.page.side.split_bar import SplitBar
from dlstudio.gui.forms.setting_editors import FormComboBox
from dlstudio.gui.widgets.basic_widgets import ElidedLabel, button, label
from dlstudio.training.metrics.linear_baseline import Baseline
from dlstudio.training.specs.automatic import resolve
from dlstudio.training.specs.first_network import TASK_OF_TARGET, FirstNetwork
from dlstudio.training.specs.registry import TASKS

_TASKS_OF_USE = {use: TASK_OF_TARGET[use] for use in ("class", "value")}
MIN_WIDTH, MAX_WIDTH = 344, 488


class SidePanel(QFrame):
    """Shows what will be learned, and starts it.

    Signals:
        use_chosen: A column's name and its new use.
        split_chosen: The validation share and the test share.
        train_requested, open_requested: Open the design with the first network, and train it.
        apply_requested: Use the settings in the open design.
    """

    use_chosen = Signal(str, str)
    split_chosen = Signal(float, float)
    train_requested = Signal()
    open_requested = Signal()
    apply_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "sidebar")
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
        self._task_text = label(role="small", wrap=True)
        self.split = SplitBar()
        self.split.split_chosen.connect(self.split_chosen)
        self._split_text = ElidedLabel("muted")
        self.bars = BaselineBars()
        self._baseline_source = label("scikit-learn", "muted")
        self._baseline_text = label(role="small", wrap=True)
        self.network = NetworkStrip()
        self.chips = ChipRow()
        self._training_text = label(role="small", wrap=True)
        self.train_button = button(
            "Train a first network", self.train_requested.emit, look="primary"
        )
        self.train_button.setMinimumHeight(44)
        self.open_button = button(
            "Open the design without training", self.open_requested.emit, look="link"
        )
        self.apply_button = button("", self.apply_requested.emit)
        self.apply_button.hide()
        self.reason = label(role="warning", wrap=True)
        self.reason.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(18, 14, 18, 14)
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
        column.addWidget(self._task_text)
        self._add_section(column, "Split", self._split_text)
        column.addWidget(self.split)
        self._add_section(column, "Without a network", self._baseline_source)
        column.addWidget(self.bars)
        column.addWidget(self._baseline_text)
        self._add_section(column, "A first network", label("a start, not the best", "muted"))
        column.addWidget(self.network)
        self._add_section(column, "Training")
        column.addWidget(self.chips)
        column.addWidget(self._training_text)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        foot = QFrame()
        foot.setProperty("surface", "foot")
        buttons = QVBoxLayout(foot)
        buttons.setContentsMargins(18, 14, 18, 12)
        buttons.setSpacing(8)
        buttons.addWidget(self.reason)
        buttons.addWidget(self.train_button)
        row = QHBoxLayout()
        row.addWidget(self.open_button)
        row.addStretch(1)
        row.addWidget(self.apply_button)
        buttons.addLayout(row)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addWidget(foot)

    def _add_section(self, column: QVBoxLayout, title: str, *beside: QWidget) -> None:
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        column.addSpacing(5)
        column.addWidget(line)
        column.addSpacing(3)
        column.addLayout(title_row(title, *beside))

    def show_contents(self, contents: PageContents, network: FirstNetwork | None) -> None:
        """Show data that was read, and the network for it; None if it cannot be used."""
        self._show_target(contents, network)
        split = contents.settings.split
        samples = {} if contents.summary is None else contents.summary.samples
        own = frozenset(contents.own_subsets)
        self.split.show_split(split, samples, is_given=len(own) == 2)
        self._split_text.setText(split_text(contents, own))
        self.network.show_parts(() if network is None else network.parts)
        self._show_training(contents, network)
        self.show_obstacle(contents.error)
        if contents.error:
            self.bars.show_baseline(None)
            self._baseline_text.clear()
        for widget in (self.train_button, self.open_button, self.apply_button):
            widget.setEnabled(contents.can_train)

    def show_obstacle(self, text: str) -> None:
        """Show why the button waits; empty if it does not."""
        self.reason.setText(text)
        self.reason.setVisible(bool(text))

    def show_busy(self) -> None:
        """Wait for data that is being read."""
        self.bars.show_busy()
        for widget in (self.train_button, self.open_button, self.apply_button):
            widget.setEnabled(False)

    def clear_baseline(self) -> None:
        """Forget the baseline of other data."""
        self.bars.show_baseline(None)
        self._baseline_text.setText("being computed…")

    def show_baseline(self, baseline: Baseline | None) -> None:
        """Show what simple models reach."""
        self.bars.show_baseline(baseline)
        self._baseline_text.setText(baseline_text(baseline))

    def _show_target(self, contents: PageContents, network: FirstNetwork | None) -> None:
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
            names = [c.name for c in contents.table.columns if c.role != LEFT_OUT]
            self.target.addItems(names)
            targets = [c for c in contents.table.columns if c.role == TARGET]
            self.target.setPlaceholderText("choose a column")
            self.target.setCurrentIndex(names.index(targets[0].name) if targets else -1)
            for use, task in _TASKS_OF_USE.items():
                is_current = bool(targets) and targets[0].use == use
                self.task.addItem(TASKS[task].title, use)
                if is_current:
                    self.task.setCurrentIndex(self.task.count() - 1)
        is_open = contents.table is not None and not contents.table.is_fixed
        self.target.setEnabled(is_open)
        self.task.setEnabled(is_open)
        self._task_text.setText(target_text(contents))

    def _show_training(self, contents: PageContents, network: FirstNetwork | None) -> None:
        if network is None:
            self.chips.show_texts(())
            self._training_text.clear()
            return
        training = resolve(network.project.training, contents.info)
        epochs, batch = chosen(training.epochs), chosen(training.batch_size)
        optimiser = training.groups[0].optimiser
        self.chips.show_texts(
            (
                f"{epochs} epochs",
                f"{optimiser.name.capitalize()} {chosen(optimiser.learning_rate):g}",
                f"batch {batch}",
            )
        )
        steps = -(-contents.info.samples.get("train", 0) // batch)
        self._training_text.setText(
            f"{epochs} epochs of {steps:,} steps: about {epochs * steps:,} updates."
            + (" Keeps the epoch with the lowest validation loss." if training.keep_best else "")
        )

    def _choose_target(self, index: int) -> None:
        name = self.target.itemText(index)
        columns = () if self._table is None else self._table.columns
        column = next((c for c in columns if c.name == name), None)
        if column is not None and column.role != TARGET:
            is_value = column.type == "number" and column.distinct > 20
            self.use_chosen.emit(name, "value" if is_value else "class")

    def _choose_task(self, index: int) -> None:
        use, name = self.task.itemData(index), self.target.currentText()
        if isinstance(use, str) and name:
            self.use_chosen.emit(name, use)


def split_text(contents: PageContents, own: Set[str]) -> str:
    """Return how the samples are divided; `own` are the subsets that the data brings along."""
    split, source = contents.settings.split, SOURCES.get(contents.settings.source)
    if source is not None and source.is_sequential:
        return "in order, the test span last"
    if len(own) == 2:
        return "the subsets of the data"
    by_class = split.stratified and bool(contents.info.class_names)
    how = "same share of each class" if by_class else "random"
    return f"{how}, own {' '.join(own)} subset" if own else f"{how} · seed {split.seed}"


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
        kind = "different values" if column.type == "number" else "different words"
        return f"{column.name} holds {column.distinct:,} {kind}."
    if info.target is not None and info.target.meaning == "tokens":
        return "Each token is predicted from those before it."
    if info.target is None:
        return "Nothing to predict: the network learns to restore the samples themselves."
    if info.class_names:
        shown = ", ".join(info.class_names[:6])
        return shown + ("" if len(info.class_names) <= 6 else ", …")
    return "Several values are predicted together." if targets else ""
