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
    headings = [
        palette.tree.topLevelItem(index) for index in range(palette.tree.topLevelItemCount())
    ]
    return [
        heading.child(row).text(0)
        for heading in headings
        if not heading.isHidden()
        for row in range(heading.childCount())
        if not heading.child(row).isHidden()
    ]


def item_of(palette: Palette, title: str) -> QTreeWidgetItem:
    items = palette.tree.findItems(title, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    assert len(items) == 1
    return items[0]


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
        heading = item_of(palette, kind.title).parent()
        assert heading is not None
        assert heading.text(0) == titles[kind.category]
        assert kind.summary in item_of(palette, kind.title).toolTip(0)


def test_searching_narrows_the_list_and_enter_takes_the_best_fit(qtbot: QtBot) -> None:
    palette = make(qtbot)
    palette.focus_search()
    qtbot.keyClicks(palette.search, "relu")
    assert "ReLU" in shown(palette)
    assert "Linear" not in shown(palette)
    with qtbot.waitSignal(palette.kind_activated) as activated:
        qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert activated.args == ["relu"]


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
    position = palette.tree.visualItemRect(item_of(palette, "Conv2d")).center()
    viewport = palette.tree.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=position)
    with qtbot.waitSignal(palette.kind_activated) as activated:
        qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=position)
    assert activated.args == ["conv2d"]


def test_a_click_on_a_category_folds_it(qtbot: QtBot) -> None:
    palette = make(qtbot)
    heading = item_of(palette, "Conv2d").parent()
    assert heading is not None
    position = palette.tree.visualItemRect(heading).center()
    qtbot.mouseClick(palette.tree.viewport(), Qt.MouseButton.LeftButton, pos=position)
    assert not heading.isExpanded()


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
    all_titles = shown(palette)
    qtbot.keyClicks(palette.search, "relu")
    document.load(Project(), None)
    assert palette.search.text() == ""
    assert shown(palette) == all_titles
