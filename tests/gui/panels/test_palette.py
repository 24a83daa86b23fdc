from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from dlstudio.design.library import shipped_blocks
from dlstudio.design.model import Project
from dlstudio.gui.canvas.catalogue import KIND_MIME
from dlstudio.gui.document import Document
from dlstudio.gui.panels.palette import Palette
from dlstudio.layers.categories import CATEGORIES
from dlstudio.layers.registry import KINDS


def shown(palette: Palette) -> list[str]:
    heads = [palette.tree.topLevelItem(at) for at in range(palette.tree.topLevelItemCount())]
    return [
        head.child(row).text(0)
        for head in heads
        if not head.isHidden()
        for row in range(head.childCount())
        if not head.child(row).isHidden()
    ]


def item_of(palette: Palette, title: str) -> QTreeWidgetItem:
    found = palette.tree.findItems(title, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    assert len(found) == 1
    return found[0]


def make(qtbot: QtBot) -> Palette:
    palette = Palette(Document())
    qtbot.addWidget(palette)
    palette.resize(220, 900)
    palette.show()
    return palette


def test_every_kind_is_listed_under_its_category(qtbot: QtBot) -> None:
    palette = make(qtbot)
    titles = {category.name: category.title for category in CATEGORIES}
    blocks = [file.block.title for file in shipped_blocks().values()]
    assert sorted(shown(palette)) == sorted([*(kind.title for kind in KINDS.values()), *blocks])
    for kind in KINDS.values():
        head = item_of(palette, kind.title).parent()
        assert head is not None
        assert head.text(0) == titles[kind.category]
        assert kind.summary in item_of(palette, kind.title).toolTip(0)


def test_searching_narrows_the_list_and_enter_takes_the_best_fit(qtbot: QtBot) -> None:
    palette = make(qtbot)
    palette.focus_search()
    qtbot.keyClicks(palette.search, "relu")
    assert "ReLU" in shown(palette)
    assert "Linear" not in shown(palette)
    with qtbot.waitSignal(palette.kind_activated) as taken:
        qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert taken.args == ["relu"]


def test_a_search_without_a_hit_says_so(qtbot: QtBot) -> None:
    palette = make(qtbot)
    qtbot.keyClicks(palette.search, "zzz")
    assert shown(palette) == []
    with qtbot.assertNotEmitted(palette.kind_activated):
        qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    qtbot.keyClick(palette.search, Qt.Key.Key_Escape)
    assert len(shown(palette)) == len(KINDS) + len(shipped_blocks())


def test_a_double_click_takes_a_kind(qtbot: QtBot) -> None:
    palette = make(qtbot)
    place = palette.tree.visualItemRect(item_of(palette, "Conv2d")).center()
    viewport = palette.tree.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    with qtbot.waitSignal(palette.kind_activated) as taken:
        qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert taken.args == ["conv2d"]


def test_a_click_on_a_category_folds_it(qtbot: QtBot) -> None:
    palette = make(qtbot)
    head = item_of(palette, "Conv2d").parent()
    assert head is not None
    place = palette.tree.visualItemRect(head).center()
    qtbot.mouseClick(palette.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert not head.isExpanded()


def test_a_drag_carries_the_kinds_name(qtbot: QtBot) -> None:
    palette = make(qtbot)
    data = palette.tree.mimeData([item_of(palette, "Linear")])
    assert bytes(data.data(KIND_MIME).data()) == b"linear"


def test_arrows_walk_from_the_search_into_the_list(qtbot: QtBot) -> None:
    palette = make(qtbot)
    palette.focus_search()
    qtbot.keyClick(palette, Qt.Key.Key_Down)
    assert palette.tree.current_kind() == "input"


def test_another_design_begins_without_the_search_of_the_last_one(qtbot: QtBot) -> None:
    document = Document()
    palette = Palette(document)
    qtbot.addWidget(palette)
    palette.show()
    everything = shown(palette)
    qtbot.keyClicks(palette.search, "relu")
    document.load(Project(), None)
    assert palette.search.text() == ""
    assert shown(palette) == everything
