from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from dlstudio.gui.style.theme import DARK, LIGHT, apply_theme, current_theme
from dlstudio.gui.widgets.collapsible_text import CollapsibleText
from dlstudio.gui.window.connections import connect_signals
from dlstudio.gui.window.main_window import MainWindow
from tests.gui.gui_fixtures import FakePrompts, wait_until_checked


def test_curves_and_activations_are_side_by_side_in_a_wide_window(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(1800, 1000)
    window.apply_default_sizes()
    window.bottom.show_tab("curves")
    qtbot.waitUntil(lambda: window.bottom.has_room_for_both)
    assert window.panels.curves.isVisible()
    assert window.panels.activations.isVisible()

    window.bottom.show_tab("runs")
    window.bottom.show_tab("activations")
    assert not window.panels.curves.isVisible(), "the activations have the whole width"
    qtbot.waitUntil(lambda: window.panels.activations.width() >= window.bottom.width() - 10)
    window.bottom.show_tab("curves")
    assert window.panels.curves.isVisible()
    assert window.panels.activations.isVisible()

    window.resize(840, 700)
    qtbot.waitUntil(lambda: not window.panels.activations.isVisible())
    assert window.width() == 840
    assert window.panels.curves.isVisible()

    window.bottom.show_tab("activations")
    assert not window.panels.curves.isVisible()
    assert window.panels.activations.isVisible()

    window.bottom.show_tab("log")
    assert window.log.isVisible()


def test_panel_layout_is_restored(window: MainWindow, qtbot: QtBot) -> None:
    window.panel_layout.toggle_inspector()
    window.resizeDocks([window.docks.palette], [300], Qt.Orientation.Horizontal)
    qtbot.waitUntil(lambda: window.docks.palette.width() == 300)
    window.panel_layout.save()

    other = MainWindow(prompts=window.prompts)
    connect_signals(other)
    qtbot.addWidget(other, before_close_func=MainWindow.dispose)
    other.panel_layout.restore()
    other.show()

    assert not other.panel_layout.inspector_visible
    assert other.panel_layout.palette_visible
    assert abs(other.docks.palette.width() - 300) <= 2

    other.panel_layout.reset_panels()
    assert other.panel_layout.inspector_visible


def test_presentation_enlarges_canvas_and_curves(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("xor-mlp")
    context = window.editor.context
    font_size = window.font().pixelSize()
    context.camera.zoom(0.8, QPointF())
    before = context.camera.scale, context.camera.offset
    window.menus.trigger("presentation")
    assert not window.menuBar().isVisible()
    assert not window.docks.palette.isVisible()
    assert not window.docks.inspector.isVisible()
    assert window.editor.isVisible()
    assert window.panels.curves.isVisible()
    assert window.run_bar.buttons["train"].isVisible()
    assert window.run_bar.status.chips["epoch"].isVisible()
    assert window.font().pixelSize() > font_size
    assert context.camera.visible(context.size).contains(context.scene.bounds())

    QTest.keyClick(window, Qt.Key.Key_Escape)

    assert not window.panel_layout.is_presenting
    assert window.menuBar().isVisible()
    assert window.docks.palette.isVisible()
    assert window.font().pixelSize() == font_size
    assert (context.camera.scale, context.camera.offset) == before


def test_theme_change_applies_to_the_whole_window(window: MainWindow) -> None:
    window.files.open_example("digits-cnn")
    apply_theme("light")
    assert current_theme() is LIGHT
    light = window.grab().toImage().pixelColor(window.width() // 2, window.height() // 3)
    apply_theme("dark")
    assert current_theme() is DARK
    dark = window.grab().toImage().pixelColor(window.width() // 2, window.height() // 3)
    assert light.lightness() > 200
    assert dark.lightness() < 60


def test_inspector_follows_a_theme_change(window: MainWindow, qtbot: QtBot) -> None:
    def select_in(theme: str) -> None:
        window.document.set_selection(())
        apply_theme(theme)
        window.document.set_selection(["conv2d_1"])
        qtbot.waitUntil(lambda: window.inspector.page.findChild(CollapsibleText).is_truncated)
        qtbot.wait(10)

    window.files.open_example("digits-cnn")
    wait_until_checked(window, qtbot)
    select_in("dark")
    expected = window.inspector.grab().toImage()
    select_in("light")
    page = window.inspector.page
    apply_theme("dark")
    assert window.inspector.page is page
    qtbot.waitUntil(lambda: window.inspector.grab().toImage() == expected)


def test_first_window_fits_the_screen(qtbot: QtBot) -> None:
    window = MainWindow(prompts=FakePrompts())
    connect_signals(window)
    qtbot.addWidget(window, before_close_func=MainWindow.dispose)
    window.panel_layout.restore()
    available = window.screen().availableGeometry()
    assert window.height() < available.height()
    assert window.width() <= max(available.width(), window.minimumSizeHint().width())
