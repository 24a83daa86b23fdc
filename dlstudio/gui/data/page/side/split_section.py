"""How the samples are divided: the bar with its handles, and the rule in words."""

from __future__ import annotations

from collections.abc import Set

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.data.sources.sources import SOURCES
from dlstudio.gui.data.page.contents.page_contents import PageContents
from dlstudio.gui.data.page.panels.panel_frame import title_row
from dlstudio.gui.data.page.side.split_bar import SplitBar
from dlstudio.gui.widgets.basic_widgets import ElidedLabel


class SplitSection(QWidget):
    """Shows and edits the split.

    Signals:
        split_chosen: The validation share and the test share.
    """

    split_chosen = Signal(float, float)

    def __init__(self) -> None:
        super().__init__()
        self.bar = SplitBar()
        self.bar.split_chosen.connect(self.split_chosen)
        self._text = ElidedLabel("muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(9)
        column.addLayout(title_row("Split", self._text))
        column.addWidget(self.bar)

    def show_contents(self, contents: PageContents) -> None:
        """Show the split of data that was read."""
        split = contents.settings.split
        samples = {} if contents.summary is None else contents.summary.samples
        own = frozenset(contents.own_subsets)
        self.bar.show_split(split, samples, is_given=len(own) == 2)
        self._text.setText(split_text(contents, own))


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
