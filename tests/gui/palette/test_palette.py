from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from dlstudio.design.library.library import shipped_blocks
from dlstudio.design.model.model import Project
from dlstudio.gui.canvas.model.insertable_items import KIND_MIME
from dlstudio.gui.document.document import Document
from dlstudio.gui.palette.palette import Palette
from dlstudio.layers.framework.categories import CATEGORIES
from dlstudio.layers.registry import KINDS


def visible_titles(palette: Palette) -> list[str]:
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


def find_item(palette: Palette, title: str) -> QTreeWidgetItem:
    items = palette.tree.findItems(title, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    assert len(items) == 1
    return items[0]


def create_palette(qtbot: QtBot) -> Palette:
    palette = Palette(Document())
    qtbot.addWidget(palette)
    palette.resize(220, 900)
    palette.show()
    return palette


def test_every_kind_is_listed_under_its_category(qtbot: QtBot) -> None:
    palette = create_palette(qtbot)
    titles = {category.name: category.title for category in CATEGORIES}
    blocks = [file.block.title for file in shipped_blocks().values()]
    assert sorted(visible_titles(palette)) == sorted(
        [*(kind.title for kind in KINDS.values()), *blocks]
    )
    for kind in KINDS.values():
        heading = find_item(palette, kind.title).parent()
        assert heading is not None
        assert heading.text(0) == titles[kind.category]
        assert kind.summary in find_item(palette, kind.title).toolTip(0)


def test_search_filters_the_list_and_enter_activates_the_best_match(qtbot: QtBot) -> None:
    palette = create_palette(qtbot)
    palette.focus_search()
    qtbot.keyClicks(palette.search, "relu")
    assert "ReLU" in visible_titles(palette)
    assert "Linear" not in visible_titles(palette)
    with qtbot.waitSignal(palette.kind_activated) as activated:
        qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert activated.args == ["relu"]


def test_search_without_match_shows_an_empty_list(qtbot: QtBot) -> None:
    palette = create_palette(qtbot)
    qtbot.keyClicks(palette.search, "zzz")
    assert visible_titles(palette) == []
    with qtbot.assertNotEmitted(palette.kind_activated):
        qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    qtbot.keyClick(palette.search, Qt.Key.Key_Escape)
    assert len(visible_titles(palette)) == len(KINDS) + len(shipped_blocks())


def test_double_click_activates_a_kind(qtbot: QtBot) -> None:
    palette = create_palette(qtbot)
    position = palette.tree.visualItemRect(find_item(palette, "Conv2d")).center()
    viewport = palette.tree.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=position)
    with qtbot.waitSignal(palette.kind_activated) as activated:
        qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=position)
    assert activated.args == ["conv2d"]


def test_click_on_a_category_collapses_it(qtbot: QtBot) -> None:
    palette = create_palette(qtbot)
    heading = find_item(palette, "Conv2d").parent()
    assert heading is not None
    position = palette.tree.visualItemRect(heading).center()
    qtbot.mouseClick(palette.tree.viewport(), Qt.MouseButton.LeftButton, pos=position)
    assert not heading.isExpanded()


def test_dragged_item_contains_the_kind(qtbot: QtBot) -> None:
    palette = create_palette(qtbot)
    data = palette.tree.mimeData([find_item(palette, "Linear")])
    assert bytes(data.data(KIND_MIME).data()) == b"linear"


def test_down_key_moves_from_the_search_to_the_list(qtbot: QtBot) -> None:
    palette = create_palette(qtbot)
    palette.focus_search()
    qtbot.keyClick(palette, Qt.Key.Key_Down)
    assert palette.tree.current_kind() == "input"


def test_loading_a_design_clears_the_search(qtbot: QtBot) -> None:
    document = Document()
    palette = Palette(document)
    qtbot.addWidget(palette)
    palette.show()
    all_titles = visible_titles(palette)
    qtbot.keyClicks(palette.search, "relu")
    document.load(Project(), None)
    assert palette.search.text() == ""
    assert visible_titles(palette) == all_titles
