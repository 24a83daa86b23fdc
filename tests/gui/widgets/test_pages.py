from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from dlstudio.gui.window.main_window import MainWindow


def test_page_covers_the_panels_and_returns_to_them(window: MainWindow, qtbot: QtBot) -> None:
    pages, page = window.pages, QLineEdit("A page")
    assert pages.current is None
    with qtbot.waitSignal(pages.page_changed):
        pages.show_page(page)
    assert pages.current is page
    assert pages.geometry().top() == window.menuBar().geometry().bottom() + 1
    assert pages.geometry().bottom() + 1 == window.statusBar().geometry().top()
    assert pages.width() == window.width()
    with qtbot.waitSignal(pages.page_changed):
        pages.close_page()
    assert pages.current is None
    assert window.docks.inspector.isVisible()


def test_page_follows_the_size_of_the_window(window: MainWindow) -> None:
    window.pages.show_page(QLabel("A page"))
    window.resize(1100, 700)
    assert window.pages.width() == 1100


def test_closing_another_page_changes_nothing(window: MainWindow) -> None:
    first, second = QLabel("First"), QLabel("Second")
    window.pages.show_page(first)
    window.pages.show_page(second)
    window.pages.close_page(first)
    assert window.pages.current is second


def test_tab_does_not_reach_the_covered_panels(window: MainWindow, qtbot: QtBot) -> None:
    page = QWidget()
    row = QHBoxLayout(page)
    editors = [QLineEdit("One"), QLineEdit("Two")]
    for editor in editors:
        row.addWidget(editor)
    window.pages.show_page(page)
    editors[0].setFocus()
    seen = []
    for _ in range(3):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        seen.append(window.focusWidget())
    assert seen == [editors[1], editors[0], editors[1]]


def test_page_closes_after_the_focused_widget_was_deleted(window: MainWindow) -> None:
    editor = QLineEdit(window)
    editor.show()
    editor.setFocus()
    window.pages.show_page(QLabel("A page"))
    delete(editor)
    window.pages.close_page()
    assert window.pages.current is None
