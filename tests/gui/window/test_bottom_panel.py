from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QTabBar, QToolButton
from pytestqt.qtbot import QtBot

from dlstudio.gui.style.theme import apply_theme, load_fonts
from dlstudio.gui.window.bottom_panel import TABS, BottomPanel
from dlstudio.gui.window.docks import SIDE_WIDTHS
from dlstudio.gui.window.main_window import MainWindow


def test_both_panels_are_shown_if_there_is_room(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1600, 900)
    bottom = window.bottom
    needed = bottom.live_splitter.handleWidth() + sum(
        panel.minimumSizeHint().width()
        for panel in (window.panels.curves, window.panels.activations)
    )
    for width, both in ((needed, True), (needed - 2, False), (needed, True)):
        window.resize(window.width() + width - bottom.width(), 900)
        qtbot.waitUntil(lambda width=width: bottom.width() == width)
        qtbot.waitUntil(lambda both=both: window.panels.activations.isVisible() is both)
        assert window.panels.curves.isVisible()


def test_both_panels_fit_side_by_side_in_a_small_window(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1280, 800)
    window.apply_default_sizes()
    qtbot.waitUntil(lambda: window.docks.palette.width() < SIDE_WIDTHS[0])
    assert window.panels.curves.isVisible()
    assert window.panels.activations.isVisible()
    for panel in (window.panels.curves, window.panels.activations):
        assert panel.width() >= panel.minimumSizeHint().width()
    assert window.docks.inspector.width() == SIDE_WIDTHS[1]


def test_both_panels_are_shown_again_with_a_smaller_font(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1280, 800)
    window.apply_default_sizes()
    qtbot.waitUntil(window.panels.activations.isVisible)
    for size, both in ((24, False), (13, True)):
        apply_theme("dark", size)
        qtbot.waitUntil(lambda both=both: window.panels.activations.isVisible() is both)
        assert window.panels.curves.isVisible()


def test_problem_badge_is_visible_only_with_problems(window: MainWindow) -> None:
    bottom = window.bottom
    for count in (1, 2, 4, 0, 12, 3):
        bottom.show_problem_count(count)
        badge = bottom.bar.tabButton(TABS.index("problems"), QTabBar.ButtonPosition.RightSide)
        if not count:
            assert badge is None
            continue
        assert isinstance(badge, QLabel)
        assert badge.isVisible()
        assert badge.text() == str(count)
        assert badge.width() >= badge.sizeHint().width()
        assert bottom.bar.rect().contains(badge.geometry())


def test_problem_badge_does_not_move_the_panels(window: MainWindow) -> None:
    bottom, heights = window.bottom, set()
    for count in (0, 2, 12):
        bottom.show_problem_count(count)
        heights.add(bottom.bar.sizeHint().height())
    assert len(heights) == 1


def test_problem_badge_is_beside_the_tab_text(window: MainWindow, qtbot: QtBot) -> None:
    bar, index = window.bottom.bar, TABS.index("problems")
    window.resize(1800, 900)
    for count, tab in ((1, "curves"), (12, "curves"), (1, "problems"), (3, "curves")):
        window.bottom.show_problem_count(count)
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(TABS.index(tab)).center())
        qtbot.wait(20)
        badge = bar.tabButton(index, QTabBar.ButtonPosition.RightSide)
        assert badge is not None
        text_end = bar.tabRect(index).left() + 16 + bar.fontMetrics().horizontalAdvance("Problems")
        assert 2 <= badge.x() - text_end <= 9
        margin = bar.tabRect(index).right() - badge.geometry().right()
        assert 12 <= margin <= 17


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_scroll_arrows_appear_when_tabs_overflow(qtbot: QtBot, theme: str) -> None:
    load_fonts()
    apply_theme(theme)
    panel = BottomPanel()
    qtbot.addWidget(panel)
    panel.resize(330, 150)
    panel.show()
    arrows = [button for button in panel.bar.findChildren(QToolButton) if button.isVisible()]
    assert len(arrows) == 2
    for arrow in arrows:
        image = arrow.grab(arrow.rect().adjusted(2, 2, -2, -2)).toImage()
        pixels = [(x, y) for x in range(image.width()) for y in range(image.height())]
        assert len({image.pixel(*pixel) for pixel in pixels}) > 3


def test_widths_of_the_pair_survive_the_tab_of_the_activations(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(1800, 1000)
    window.apply_default_sizes()
    bottom, panels = window.bottom, window.panels
    qtbot.waitUntil(panels.activations.isVisible)
    total = sum(bottom.live_splitter.sizes())
    bottom.live_splitter.setSizes([total - 450, 450])
    chosen = bottom.live_splitter.sizes()
    bottom.show_tab("activations")
    state = bottom.save_state()
    bottom.show_tab("curves")
    qtbot.waitUntil(panels.curves.isVisible)
    assert bottom.live_splitter.sizes() == chosen
    bottom.live_splitter.setSizes([1, 1])
    bottom.live_splitter.restoreState(state)
    assert bottom.live_splitter.sizes() == chosen


def test_curves_and_activations_are_side_by_side_after_other_tabs(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(1440, 900)
    window.apply_default_sizes()
    bottom, panels = window.bottom, window.panels
    qtbot.waitUntil(panels.activations.isVisible)
    sizes = bottom.live_splitter.sizes()
    for tabs in [*itertools.product(TABS, repeat=1), *itertools.product(TABS, repeat=2)]:
        for tab in (*tabs, "curves"):
            bottom.show_tab(tab)
        assert panels.curves.isVisible(), tabs
        assert panels.activations.isVisible(), tabs
        assert bottom.live_splitter.sizes() == sizes, tabs


def test_stored_state_without_one_of_the_panels_shows_both(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(1440, 900)
    window.apply_default_sizes()
    bottom = window.bottom
    qtbot.waitUntil(window.panels.activations.isVisible)
    bottom.live_splitter.setChildrenCollapsible(True)
    bottom.live_splitter.setSizes([0, 900])
    for tab in ("problems", "curves"):
        bottom.show_tab(tab)
    assert all(bottom.live_splitter.sizes())
