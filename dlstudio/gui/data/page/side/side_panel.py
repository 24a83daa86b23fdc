"""The right side of the page: target, split, baseline, first network, training, button."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from dlstudio.gui.data.page.contents.page_contents import PageContents
from dlstudio.gui.data.page.panels.panel_frame import title_row
from dlstudio.gui.data.page.side.baseline_bars import BaselineBars, baseline_text
from dlstudio.gui.data.page.side.network_strip import NetworkStrip
from dlstudio.gui.data.page.side.side_foot import SideFoot
from dlstudio.gui.data.page.side.split_section import SplitSection
from dlstudio.gui.data.page.side.target_section import TargetSection
from dlstudio.gui.data.page.side.training_section import TrainingSection
from dlstudio.gui.widgets.basic_widgets import label
from dlstudio.training.metrics.linear_baseline import Baseline
from dlstudio.training.specs.first_network import FirstNetwork

MIN_WIDTH, MAX_WIDTH = 344, 488


class SidePanel(QFrame):
    """Shows what will be learned, and starts it.

    Signals:
        use_chosen: A column's name and its new use.
        split_chosen: The validation share and the test share.
        training_changed: Training settings were taken over by hand.
    """

    use_chosen = Signal(str, str)
    split_chosen = Signal(float, float)
    training_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "sidebar")
        self.target, self.split = TargetSection(), SplitSection()
        self.target.use_chosen.connect(self.use_chosen)
        self.split.split_chosen.connect(self.split_chosen)
        self.bars = BaselineBars()
        self._baseline_text = label(role="small", wrap=True)
        self.network, self.training = NetworkStrip(), TrainingSection()
        self.training.changed.connect(self.training_changed)
        self.foot = SideFoot()
        self._lay_out()

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(9)
        column.addWidget(self.target)
        _add_line(column)
        column.addWidget(self.split)
        _add_line(column)
        column.addLayout(title_row("Without a network", label("scikit-learn", "muted")))
        column.addWidget(self.bars)
        column.addWidget(self._baseline_text)
        _add_line(column)
        column.addLayout(title_row("A first network", label("a start, not the best", "muted")))
        column.addWidget(self.network)
        _add_line(column)
        column.addWidget(self.training)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addWidget(self.foot)

    def show_contents(self, contents: PageContents, network: FirstNetwork | None) -> None:
        """Show data that was read, and the network for it; None if it cannot be used."""
        self.target.show_contents(contents, network)
        self.split.show_contents(contents)
        self.show_network(contents, network)
        self.foot.show_obstacle(contents.error)
        if contents.error:
            self.bars.show_baseline(None)
            self._baseline_text.clear()
        self.foot.enable(contents.can_train)

    def show_network(self, contents: PageContents, network: FirstNetwork | None) -> None:
        """Show the network and how it is trained."""
        self.network.show_parts(() if network is None else network.parts)
        training = None if network is None else network.project.training
        self.training.show_training(training, contents.info)
        self.foot.show_duration(None)

    def show_busy(self) -> None:
        """Wait for data that is being read."""
        self.bars.show_busy()
        self.foot.enable(False)

    def clear(self) -> None:
        """Forget what belongs to other data."""
        self.bars.show_baseline(None)
        self._baseline_text.setText("being computed…")
        self.training.forget_choices()

    def show_baseline(self, baseline: Baseline | None) -> None:
        """Show what simple models reach."""
        self.bars.show_baseline(baseline)
        self._baseline_text.setText(baseline_text(baseline))


def _add_line(column: QVBoxLayout) -> None:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.HLine)
    column.addSpacing(5)
    column.addWidget(line)
    column.addSpacing(3)
