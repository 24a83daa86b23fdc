from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_training
from dlstudio.design.library.examples import HISTORY, example_names, example_path, sections
from dlstudio.design.library.files import load
from dlstudio.gui.dialogs.gallery import Gallery
from dlstudio.gui.files.recent_files import add_recent
from dlstudio.gui.style.theme import apply_theme
from dlstudio.gui.training.training_form_rows import with_task
from dlstudio.gui.window.main_window import MainWindow


def test_gallery_shows_every_example_and_opens_one(window: MainWindow, qtbot: QtBot) -> None:
    gallery = window.dialogs.show_gallery()
    assert not gallery.cards
    qtbot.waitUntil(lambda: gallery.is_complete, timeout=20_000)
    assert tuple(card.name for card in gallery.cards) == example_names()

    card = next(card for card in gallery.cards if card.name == "xor-mlp")
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)

    assert window.document.name == "xor-mlp.dlstudio"
    assert window.document.project.graph.nodes


def test_examples_for_a_task_can_be_searched_with_the_keyboard(
    window: MainWindow, qtbot: QtBot
) -> None:
    gallery = window.dialogs.show_examples_for_task("Adversarial")
    qtbot.waitUntil(lambda: gallery.is_complete, timeout=20_000)
    assert focused_widget(gallery) is gallery.search
    qtbot.keyClicks(focused_widget(gallery), "gan-ring")
    assert gallery.search.text() == "gan-ring"
    qtbot.keyClick(focused_widget(gallery), Qt.Key.Key_Return)
    assert window.document.name == "gan-ring.dlstudio"


def focused_widget(gallery: Gallery) -> QWidget:
    """Return the widget with keyboard focus."""
    widget = gallery.focusWidget()
    assert widget is not None
    return widget


def open_gallery(qtbot: QtBot) -> Gallery:
    gallery = Gallery()
    qtbot.addWidget(gallery)
    gallery.show()
    qtbot.waitUntil(lambda: gallery.is_complete, timeout=20_000)
    return gallery


@pytest.mark.parametrize("task", ["regression", "adversarial", "diffusion", "next-token"])
def test_task_menu_opens_the_examples_for_the_task(
    window: MainWindow, qtbot: QtBot, task: str
) -> None:
    document = window.document
    document.apply(set_training(document.project, with_task(document.project.training, task)), "")
    menu = window.run_bar.menu_buttons["task"].popup_menu
    menu.aboutToShow.emit()
    menu.actions()[-1].trigger()
    gallery = window.findChild(Gallery)
    assert gallery is not None
    qtbot.waitUntil(lambda: gallery.is_complete, timeout=20_000)
    visible = [card.name for card in gallery.cards if card.isVisible()]
    tasks = {name: load(example_path(name)).training.task for name in visible}
    assert task in tasks.values()
    task_examples = [n for n in example_names() if load(example_path(n)).training.task == task]
    assert set(task_examples) <= set(visible)
    gallery.reject()


def test_typing_searches_the_gallery_and_trained_examples_are_labelled(qtbot: QtBot) -> None:
    gallery = open_gallery(qtbot)
    gallery.cards[0].setFocus()
    qtbot.waitUntil(gallery.cards[0].hasFocus)
    QTest.keyClick(focused_widget(gallery), "v")
    qtbot.keyClicks(focused_widget(gallery), "ae trained")
    assert gallery.search.text() == "vae trained"
    (card,) = (card for card in gallery.cards if card.isVisible() and "vae" in card.name)
    assert card.name == "vae-mnist"
    assert "vae-mnist · trained" in [label.text() for label in card.findChildren(QLabel)]


@pytest.mark.parametrize("size", [13, 18, 28])
def test_gallery_card_texts_are_fully_visible(qtbot: QtBot, size: int) -> None:
    apply_theme("light", size)
    gallery = open_gallery(qtbot)
    cut = [
        (card.name, text.text())
        for card in gallery.cards
        for text in card.findChildren(QLabel)
        if text.text() and text.height() < text.heightForWidth(text.width())
    ]
    assert cut == []
    apply_theme("light")


def test_arrow_keys_move_between_gallery_cards(qtbot: QtBot) -> None:
    gallery = open_gallery(qtbot)
    gallery.cards[0].setFocus()
    qtbot.waitUntil(gallery.cards[0].hasFocus)
    for key, index in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_Down, 4), (Qt.Key.Key_Up, 1)):
        QTest.keyClick(focused_widget(gallery), key)
        assert gallery.cards[index].hasFocus()
    for _row in range(6):
        QTest.keyClick(focused_widget(gallery), Qt.Key.Key_Down)
        assert focused_widget(gallery).visibleRegion().boundingRect().height() > 200
    gallery.cards[1].setFocus()
    with qtbot.waitSignal(gallery.example_chosen) as chosen:
        QTest.keyClick(gallery.cards[1], Qt.Key.Key_Space)
    assert chosen.args == [gallery.cards[1].name]


def test_gallery_card_text_ends_at_a_word_boundary(qtbot: QtBot) -> None:
    gallery = open_gallery(qtbot)
    for card in gallery.cards:
        about = card.findChildren(QLabel)[-1].text()
        full_text = " ".join(card.toolTip().split())
        shown = about.removesuffix(" …")
        assert full_text.startswith(shown), card.name
        assert len(shown) == len(full_text) or not full_text[len(shown)].isalnum(), card.name


def test_enter_opens_the_focused_card(qtbot: QtBot) -> None:
    gallery = Gallery()
    qtbot.addWidget(gallery)
    gallery.show()
    qtbot.waitUntil(lambda: len(gallery.cards) > 2, timeout=20_000)
    gallery.cards[0].setFocus()
    QTest.keyClick(gallery.cards[0], Qt.Key.Key_Right)
    with qtbot.waitSignal(gallery.example_chosen) as chosen:
        QTest.keyClick(gallery.cards[1], Qt.Key.Key_Return)
    assert chosen.args == [gallery.cards[1].name]


def test_arrow_keys_cross_gallery_sections(qtbot: QtBot) -> None:
    gallery = open_gallery(qtbot)
    names = [card.name for card in gallery.cards]
    first = names.index(next(iter(HISTORY)))
    gallery.cards[first].setFocus()
    qtbot.waitUntil(gallery.cards[first].hasFocus)
    *_, before, _history = sections().values()
    column = (len(before) - 1) % 3
    for key, index in ((Qt.Key.Key_Left, first - 1), (Qt.Key.Key_Down, first + column)):
        QTest.keyClick(focused_widget(gallery), key)
        assert gallery.cards[index].hasFocus()
    assert "1943" in [label.text()[:4] for label in gallery.cards[first].findChildren(QLabel)]


def test_gallery_search_matches_names_texts_and_sections(qtbot: QtBot) -> None:
    gallery = open_gallery(qtbot)

    QTest.keyClicks(gallery.search, "XOR neuron")
    visible = [card.name for card in gallery.cards if card.isVisible()]
    assert "xor-perceptron" in visible
    assert "digits-cnn" not in visible

    gallery.search.setText("history")
    visible = {card.name for card in gallery.cards if card.isVisible()}
    assert visible >= set(HISTORY)

    gallery.search.setText("nonsense")
    assert not any(card.isVisible() for card in gallery.cards)

    gallery.search.setText("spirals-mlp")
    with qtbot.waitSignal(gallery.example_chosen) as chosen:
        QTest.keyClick(gallery.search, Qt.Key.Key_Return)
    assert chosen.args == ["spirals-mlp"]


def test_exact_example_name_ranks_above_text_matches(qtbot: QtBot) -> None:
    gallery = open_gallery(qtbot)
    gallery.search.setText("reviews-lstm")
    assert sum(card.isVisible() for card in gallery.cards) > 1
    with qtbot.waitSignal(gallery.example_chosen) as chosen:
        QTest.keyClick(gallery.search, Qt.Key.Key_Return)
    assert chosen.args == ["reviews-lstm"]


def test_gallery_cards_fit_any_width(qtbot: QtBot) -> None:
    gallery = open_gallery(qtbot)
    for width in (640, 900, 1100, 1500):
        gallery.resize(width, 640)
        QApplication.processEvents()
        right = max(card.geometry().right() for card in gallery.cards)
        assert right <= gallery.cards[0].parentWidget().width(), width


def test_gallery_lists_recent_files(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "mine.dlstudio"
    path.touch()
    add_recent(path)
    gallery = Gallery()
    qtbot.addWidget(gallery)
    gallery.show()
    button = next(button for button in gallery.buttons if button.text() == "mine")
    with qtbot.waitSignal(gallery.file_chosen) as chosen:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert chosen.args == [path]
