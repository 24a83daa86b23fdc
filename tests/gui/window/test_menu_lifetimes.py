"""Menus outlive everything that a click in them starts."""

from __future__ import annotations

import ast
import gc
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

import dlstudio.gui
from dlstudio.gui.window.main_window import MainWindow
from tests.gui.gui_fixtures import wait_until_checked


def click_in_menu(window: MainWindow, qtbot: QtBot, title: str, action: str) -> None:
    """Open a menu of the menu bar with the mouse and click an entry."""
    bar, menu = window.menuBar(), window.menus.menu(title)
    qtbot.mouseClick(
        bar, Qt.MouseButton.LeftButton, pos=bar.actionGeometry(menu.menuAction()).center()
    )
    qtbot.waitUntil(menu.isVisible)
    gc.collect()
    place = menu.actionGeometry(window.menus.actions[action]).center()
    qtbot.mouseMove(menu, place)
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: not menu.isVisible())
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


def test_saving_from_the_file_menu_with_the_mouse(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.gallery.show()
    window.files.open_example("xor-mlp")
    wait_until_checked(window, qtbot)
    window.prompts.path = tmp_path / "mine.dlstudio"
    click_in_menu(window, qtbot, "File", "save")
    assert window.document.path == window.prompts.path
    assert all(isValid(menu) for menu in window.menuBar().findChildren(QMenu))


def test_open_recent_menu_survives_the_change_of_its_files(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    for number in range(3):
        window.files.open_example("xor-mlp")
        window.prompts.path = tmp_path / f"design-{number}.dlstudio"
        assert window.files.save()
    menu = window.recent_menu._menu
    menu.popup(window.mapToGlobal(window.rect().center()))
    qtbot.waitUntil(menu.isVisible)
    entry = menu.actions()[2]
    place = menu.actionGeometry(entry).center()
    del entry
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: window.document.path == tmp_path / "design-0.dlstudio")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert isValid(menu)
    menu.hide()


def test_menus_that_are_refilled_keep_no_old_submenus(window: MainWindow, qtbot: QtBot) -> None:
    button = window.run_bar.train_button
    counts = set()
    for _ in range(3):
        qtbot.mouseClick(button.arrow, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(button.popup_menu.isVisible)
        button.popup_menu.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        counts.add(len(button.popup_menu.findChildren(QMenu)))
    assert len(counts) == 1


def test_menus_survive_a_page_that_moves_the_focus(window: MainWindow, qtbot: QtBot) -> None:
    """Leaving the gallery moves its focus, and deletes widgets that had it."""
    for _ in range(3):
        window.gallery.show()
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        window.files.open_example("xor-mlp")
        wait_until_checked(window, qtbot)
        gc.collect()
    assert all(isValid(menu) for menu in window.menus._menus.values())
    assert isValid(window.menus._bar)


def test_focus_chain_is_not_walked_in_python() -> None:
    """Each widget that it returns would belong to the one before, and end with it."""
    walking = {"nextInFocusChain", "previousInFocusChain"}
    for path in Path(dlstudio.gui.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not names & walking, path
