from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_training
from dlstudio.design.library.examples import (
    START_SECTION,
    example_names,
    example_path,
    sections,
)
from dlstudio.design.library.files import load, save
from dlstudio.gui.document.preferences import preferences
from dlstudio.gui.files.recent_files import add_recent
from dlstudio.gui.gallery.card import GalleryCard
from dlstudio.gui.gallery.card_metrics import CardLook
from dlstudio.gui.gallery.page import GalleryPage
from dlstudio.gui.style.theme import apply_theme
from dlstudio.gui.training.training_form_rows import with_task
from dlstudio.gui.window.main_window import MainWindow


def open_page(qtbot: QtBot, size: tuple[int, int] = (1500, 900)) -> GalleryPage:
    page = GalleryPage()
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    qtbot.waitUntil(lambda: page.is_complete, timeout=20_000)
    return page


def card_of(page: GalleryPage, name: str) -> GalleryCard:
    return next(card for card in page.cards if card.name == name)


def place(page: GalleryPage, window: MainWindow) -> tuple[int, int]:
    """Return the y coordinates in the window at which the page begins and ends."""
    top = page.mapTo(window, QPoint(0, 0)).y()
    return top, top + page.height()


def focused_widget(page: GalleryPage) -> QWidget:
    """Return the widget with keyboard focus."""
    widget = page.focusWidget()
    assert widget is not None
    return widget


def names_of(page: GalleryPage) -> list[str]:
    return [card.name for card in page.cards]


def test_page_covers_the_panels_and_opens_an_example(window: MainWindow, qtbot: QtBot) -> None:
    page = window.gallery.show()
    qtbot.waitUntil(lambda: page.is_complete, timeout=20_000)
    assert place(page, window) == (
        window.menuBar().geometry().bottom() + 1,
        window.statusBar().geometry().top(),
    )
    assert page.width() == window.width()
    assert names_of(page)[:4] == ["movie-neuron", "xor-mlp", "spirals-mlp", "digits-mlp"]
    assert not window.menus.actions["train"].isEnabled()
    assert window.menus.actions["open"].isEnabled()

    QTest.mouseClick(card_of(page, "xor-mlp"), Qt.MouseButton.LeftButton)

    assert window.document.name == "xor-mlp.dlstudio"
    assert window.document.project.graph.nodes
    assert not window.gallery.is_shown
    assert window.menus.actions["arrange"].isEnabled()


def test_page_follows_the_size_of_the_window(window: MainWindow) -> None:
    page = window.gallery.show()
    for size in ((1280, 720), (1700, 1000)):
        window.resize(*size)
        QApplication.processEvents()
        assert page.width() == size[0]
        assert place(page, window)[1] == window.statusBar().geometry().top()


def test_escape_clears_the_search_then_returns_to_the_design(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.files.open_example("xor-mlp")
    page = window.gallery.show()
    assert page.sidebar.back_button.title.text() == "Back to xor-mlp.dlstudio"
    page.search.setText("attention")
    qtbot.keyClick(page.search, Qt.Key.Key_Escape)
    assert not page.search.text()
    assert window.gallery.is_shown
    qtbot.keyClick(focused_widget(page), Qt.Key.Key_Escape)
    assert not window.gallery.is_shown
    assert window.document.name == "xor-mlp.dlstudio"


def test_page_of_own_data_leads_back_to_the_gallery(window: MainWindow) -> None:
    page = window.gallery.show()
    QTest.mouseClick(page.sidebar.data_button, Qt.MouseButton.LeftButton)
    data_page = window.data_importer.page
    assert window.pages.current is data_page
    assert not window.status_bar.layers.isVisible()
    window.pages.close_page(data_page)
    assert window.gallery.is_shown
    window.gallery.leave()
    assert window.pages.current is None


def test_every_section_shows_its_first_cards_and_expands(qtbot: QtBot) -> None:
    page = open_page(qtbot)
    for title, names in sections().items():
        page.area.expand(title)
        section = next(section for section in page.area.sections if section.title == title)
        assert [card.name for row in section.rows for card in row] == list(names)
    assert names_of(page) == [name for names in sections().values() for name in names]
    assert sorted(names_of(page)) == sorted(example_names())


def test_examples_for_a_task_can_be_searched_with_the_keyboard(
    window: MainWindow, qtbot: QtBot
) -> None:
    page = window.gallery.show_task("Adversarial")
    assert focused_widget(page) is page.search
    qtbot.keyClicks(focused_widget(page), "gan-ring")
    assert page.search.text() == "gan-ring"
    qtbot.keyClick(focused_widget(page), Qt.Key.Key_Return)
    assert window.document.name == "gan-ring.dlstudio"


@pytest.mark.parametrize("task", ["regression", "adversarial", "diffusion", "next-token"])
def test_task_menu_shows_the_examples_for_the_task(window: MainWindow, task: str) -> None:
    document = window.document
    document.apply(set_training(document.project, with_task(document.project.training, task)), "")
    menu = window.run_bar.menu_buttons["task"].popup_menu
    menu.aboutToShow.emit()
    menu.actions()[-1].trigger()
    page = window.gallery.page
    assert page is not None
    task_examples = {n for n in example_names() if load(example_path(n)).training.task == task}
    assert task_examples
    assert task_examples <= set(names_of(page))


def test_card_trains_its_example(window: MainWindow, qtbot: QtBot) -> None:
    page = window.gallery.show()
    card = card_of(page, "xor-mlp")
    with qtbot.waitSignal(window.session.started, timeout=60_000):
        QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=card.watch_rect().center().toPoint())
    assert window.document.name == "xor-mlp.dlstudio"
    window.session.stop()
    window.session.wait(20)


@pytest.mark.parametrize("size", [(1280, 694), (1440, 850), (1800, 1030), (700, 600)])
def test_cards_stay_inside_the_page_and_apart(qtbot: QtBot, size: tuple[int, int]) -> None:
    page = open_page(qtbot, size)
    for title in (None, *sections()):
        if title is not None:
            page.area.expand(title)
        frames = [card.geometry().adjusted(5, 5, -5, -5) for card in page.cards]
        assert all(page.area.rect().contains(frame) for frame in frames)
        assert not [
            (first, second)
            for index, first in enumerate(frames)
            for second in frames[index + 1 :]
            if first.intersects(second)
        ]


@pytest.mark.parametrize("size", [13, 18, 26])
def test_sections_do_not_move_when_pictures_arrive(qtbot: QtBot, size: int) -> None:
    apply_theme("light", size)
    page = GalleryPage()
    qtbot.addWidget(page)
    page.resize(1500, 900)
    page.show()
    before = [card.geometry() for card in page.cards]
    assert not page.is_complete
    qtbot.waitUntil(lambda: page.is_complete, timeout=20_000)
    assert [card.geometry() for card in page.cards] == before
    assert all(card.has_picture for card in page.cards)
    apply_theme("light")


@pytest.mark.parametrize("size", [13, 20, 26])
def test_sidebar_never_scrolls_sideways(qtbot: QtBot, size: int) -> None:
    apply_theme("light", size)
    page = open_page(qtbot, (1280, 694))
    page.refresh("a-design-with-a-rather-long-name.dlstudio")
    QApplication.processEvents()
    area = page.sidebar.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    assert area.widget().width() <= area.viewport().width()
    apply_theme("light")


def test_arrow_keys_move_the_focus_over_sections(qtbot: QtBot) -> None:
    page = open_page(qtbot)
    page.focus_first()
    steps = (
        (Qt.Key.Key_Right, "xor-mlp"),
        (Qt.Key.Key_Left, "movie-neuron"),
        (Qt.Key.Key_Down, sections()["How training goes wrong"][0]),
        (Qt.Key.Key_Up, "movie-neuron"),
    )
    for key, name in steps:
        QTest.keyClick(focused_widget(page), key)
        assert focused_widget(page) is card_of(page, name)
    for _row in range(6):
        QTest.keyClick(focused_widget(page), Qt.Key.Key_Down)
        assert not focused_widget(page).visibleRegion().isEmpty()
    focused = focused_widget(page)
    assert isinstance(focused, GalleryCard)
    assert focused.look is CardLook.SLIM
    with qtbot.waitSignal(page.example_chosen) as chosen:
        QTest.keyClick(focused, Qt.Key.Key_Return)
    assert chosen.args == [focused.name]
    with qtbot.waitSignal(page.train_requested) as trained:
        QTest.keyClick(focused, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert trained.args is not None


def test_tab_stays_on_the_page(window: MainWindow) -> None:
    page = window.gallery.show()
    for _step in range(60):
        assert page.focusNextPrevChild(True)
        assert page.isAncestorOf(focused_widget(page))


def test_typing_searches_and_enter_opens_the_best_match(qtbot: QtBot) -> None:
    page = open_page(qtbot)
    page.focus_first()
    QTest.keyClick(focused_widget(page), "v")
    qtbot.keyClicks(focused_widget(page), "ae trained")
    assert page.search.text() == "vae trained"
    assert "vae-mnist" in names_of(page)
    page.search.setText("spirals-mlp")
    with qtbot.waitSignal(page.example_chosen) as chosen:
        QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert chosen.args == ["spirals-mlp"]


def test_find_shortcut_focuses_the_search(window: MainWindow, qtbot: QtBot) -> None:
    page = window.gallery.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    QTest.keySequence(page, "Ctrl+F")
    assert focused_widget(page) is page.search


def test_ideas_replace_the_sections_when_nothing_matches(qtbot: QtBot) -> None:
    page = open_page(qtbot)
    page.search.setText("atention")
    assert not page.cards
    assert page.nothing_found.isVisible()
    texts = [button.text() for button in page.nothing_found.buttons]
    assert len(texts) == 3
    assert texts[0] == "attention"
    QTest.mouseClick(page.nothing_found.buttons[0], Qt.MouseButton.LeftButton)
    assert page.search.text() == "attention"
    assert page.cards
    assert page.nothing_found.isHidden()


def test_chips_fill_the_search(qtbot: QtBot) -> None:
    page = open_page(qtbot)
    for chip in page.bar.chips:
        QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
        assert page.search.text() == chip.text()
        assert page.cards


def test_filters_hide_levels_and_downloads(qtbot: QtBot) -> None:
    page = open_page(qtbot)
    page.bar.offline.setChecked(True)
    for title in sections():
        page.area.expand(title)
    assert "mnist-cnn" not in names_of(page)
    assert "digits-cnn" in names_of(page)
    assert not any(card.info.download for card in page.cards)
    page.bar.level.setCurrentIndex(page.bar.level.findText("Advanced"))
    assert {card.info.level for card in page.cards} == {2}
    page.search.setText("mnist-cnn")
    assert not page.cards
    QTest.mouseClick(page.nothing_found.reset_button, Qt.MouseButton.LeftButton)
    assert names_of(page)[0] == "mnist-cnn"


def test_recent_designs_show_their_last_result(qtbot: QtBot, tmp_path: Path) -> None:
    assert open_page(qtbot).sidebar.recent.isHidden()
    broken = tmp_path / "broken.dlstudio"
    broken.touch()
    path = tmp_path / "mine.dlstudio"
    save(load(example_path("xor-mlp")), path)
    add_recent(broken)
    add_recent(path)
    page = open_page(qtbot)
    entries = page.sidebar.recent.entries
    assert [(entry.text(), entry.result) for entry in entries] == [
        ("mine", ""),
        ("broken", "cannot be read"),
    ]
    with qtbot.waitSignal(page.file_chosen) as chosen:
        QTest.mouseClick(entries[0], Qt.MouseButton.LeftButton)
    assert chosen.args == [path]


def test_check_box_decides_whether_the_page_is_shown_at_the_start(qtbot: QtBot) -> None:
    page = open_page(qtbot)
    assert page.sidebar.at_start.isChecked()
    QTest.mouseClick(page.sidebar.at_start, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert not preferences().show_gallery
    page.sidebar.at_start.setChecked(True)
    assert preferences().show_gallery


def test_numbers_mark_the_reading_order(qtbot: QtBot) -> None:
    page = open_page(qtbot)
    first = next(section for section in page.area.sections if section.title == START_SECTION)
    assert len(first.rows[0]) == 4
    assert first.rows[0][0].look is not card_of(page, "vanishing-sigmoid").look


def test_key_of_a_window_shortcut_is_kept_by_the_page(qtbot: QtBot) -> None:
    page = open_page(qtbot)
    event = QKeyEvent(
        QKeyEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier
    )
    event.ignore()
    QApplication.sendEvent(page, event)
    assert event.isAccepted()
