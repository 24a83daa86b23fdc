"""The tabs at the bottom of the window: curves, activations, problems, runs, log and others.

The tab of the curves also shows the activations if both fit; the tab of the activations gives them
the whole width.
"""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QMoveEvent, QResizeEvent
from PySide6.QtWidgets import (
    QLabel,
    QLayout,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from dlstudio.gui.actions.action_table import TABS, action_title, tab_title
from dlstudio.gui.style.theme import theme_changes
from dlstudio.gui.widgets.basic_widgets import set_style_property

_LIVE = frozenset({"curves", "activations"})
MINIMUM_SIZE = QSize(280, 150)
_TAB_PADDING = 15
"""Horizontal padding of a tab in the style sheet, less the line between tabs, in pixels."""
_EQUAL_SHARE = 10_000
"""Larger than any width, so that the splitter divides the space equally."""


class _Badge(QLabel):
    """A number beside a tab's title, placed closer than a QTabBar would place it."""

    def __init__(self, bar: QTabBar) -> None:
        super().__init__(bar)
        self._bar = bar
        self.setProperty("role", "badge")
        self.hide()

    def moveEvent(self, event: QMoveEvent) -> None:
        """Move closer to the title than the tab bar does."""
        super().moveEvent(event)
        tab = self._bar.tabRect(self._bar.tabAt(self.geometry().center()))
        position = QPoint(tab.right() - _TAB_PADDING - self.width(), self.y())
        if tab.isValid() and self.pos() != position:
            self.move(position)


class BottomPanel(QWidget):
    """Tabs above a stack; the first two tabs use one page."""

    tab_shown = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Create the tabs; `add_panel` adds their panels."""
        super().__init__(parent)
        self.bar = QTabBar()
        self.bar.setExpanding(False)
        self.bar.setDrawBase(False)
        self.bar.setAccessibleName(action_title("show-bottom"))
        self.stack = QStackedWidget()
        self.live_splitter = QSplitter(Qt.Orientation.Horizontal)
        self.live_splitter.setChildrenCollapsible(False)
        self.stack.addWidget(self.live_splitter)
        self._pages: dict[str, QWidget] = {}
        for name in TABS:
            self.bar.addTab(tab_title(name).replace("&", "&&"))
        self._pending_state: QByteArray | None = None
        self._pair_state: QByteArray | None = None
        """State of the splitter when both panels were last shown."""
        self.problem_count = 0
        self._badge = _Badge(self.bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        column.addWidget(self.bar)
        column.addWidget(self.stack, 1)
        self.bar.currentChanged.connect(self._on_tab_changed)
        theme_changes.changed.connect(self._arrange_later)

    @property
    def current(self) -> str:
        """Name of the current tab."""
        return TABS[self.bar.currentIndex()]

    def add_panel(self, name: str, panel: QWidget) -> None:
        """Add the panel of a tab."""
        self._pages[name] = panel
        self._insert_panel(name, panel)
        self._arrange()

    def _insert_panel(self, name: str, panel: QWidget) -> None:
        if name == "curves":
            self.live_splitter.insertWidget(0, panel)
        elif name == "activations":
            self.live_splitter.addWidget(panel)
            self.live_splitter.setSizes([_EQUAL_SHARE, _EQUAL_SHARE])
        else:
            self.stack.addWidget(panel)
        if self._pending_state is not None and self.live_splitter.count() == 2:
            self.live_splitter.restoreState(self._pending_state)
            self._pending_state = None

    def show_tab(self, name: str) -> None:
        """Select a tab and show the bottom panel."""
        self.activate_tab(name)
        self.tab_shown.emit(name)

    def activate_tab(self, name: str) -> None:
        """Select a tab without showing the bottom panel."""
        self.bar.setCurrentIndex(TABS.index(name))

    def show_problem_count(self, count: int, *, wrong: bool = True) -> None:
        """Show the number of problems on their tab, in red if something is `wrong`."""
        self.problem_count = count
        set_style_property(self._badge, "tone", "error" if wrong else "")
        self._badge.setText(str(count))
        self._badge.adjustSize()
        index, side = TABS.index("problems"), QTabBar.ButtonPosition.RightSide
        self.bar.setTabButton(index, side, None)  # setTabButton hides a widget that replaces itself
        if count:
            self.bar.setTabButton(index, side, self._badge)
            self._badge.show()
        self.bar.setAccessibleTabName(index, f"Problems, {count}")

    def save_state(self) -> QByteArray:
        """Return the state of the splitter while both panels are shown."""
        self._remember_pair()
        return self._pair_state or self.live_splitter.saveState()

    def restore_state(self, state: QByteArray) -> None:
        """Restore the splitter as soon as both panels exist."""
        self._pending_state = state

    def minimumSizeHint(self) -> QSize:
        """Return a fixed size, so that the panels never widen the window."""
        return MINIMUM_SIZE

    @property
    def has_room_for_both(self) -> bool:
        """Whether curves and activations fit side by side."""
        needed = sum(self._pages[name].minimumSizeHint().width() for name in _LIVE)
        return self.width() >= needed + self.live_splitter.handleWidth()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the activations beside the curves or not."""
        super().resizeEvent(event)
        self._arrange()

    @Slot()
    def _arrange_later(self) -> None:
        """Rearrange after a change of font size."""
        QTimer.singleShot(0, self, self._arrange)

    def _on_tab_changed(self, _index: int) -> None:
        self._arrange()

    @property
    def _shows_both(self) -> bool:
        """Whether neither curves nor activations are hidden in their splitter."""
        return self._pages.keys() >= _LIVE and not any(self._pages[tab].isHidden() for tab in _LIVE)

    def _remember_pair(self) -> None:
        if self._shows_both:
            self._pair_state = self.live_splitter.saveState()

    def _arrange(self) -> None:
        name = self.current
        if name not in self._pages:
            return
        if name not in _LIVE:
            self.stack.setCurrentWidget(self._pages[name])
            return
        shown_before = self._shows_both
        self._remember_pair()
        self.stack.setCurrentWidget(self.live_splitter)
        both = self._pages.keys() >= _LIVE and name == "curves" and self.has_room_for_both
        for tab in _LIVE & self._pages.keys():
            self._pages[tab].setVisible(tab == name or both)
        if both:
            self._divide_space(restore=not shown_before)

    def _divide_space(self, *, restore: bool) -> None:
        """Give both panels their widths; a splitter shown after one was hidden forgets them."""
        splitter = self.live_splitter
        if restore and self._pair_state is not None:
            splitter.restoreState(self._pair_state)
        if splitter.isVisible() and not all(splitter.sizes()):
            splitter.setSizes([_EQUAL_SHARE, _EQUAL_SHARE])
