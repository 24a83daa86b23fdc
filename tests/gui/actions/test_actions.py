from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import reduce
from pathlib import Path

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

import dlstudio.gui
from dlstudio.design.edits import append_after, move_nodes
from dlstudio.design.model.model import Project
from dlstudio.gui.actions.action_table import ACTIONS, ACTIONS_BY_ID, TABS, tab_title, tool_tip
from dlstudio.gui.actions.actions import MENUS, Action, Needs
from dlstudio.gui.actions.view_actions import access_key, plain_text, view_actions
from dlstudio.gui.canvas.editor.context_menus import context_menu_at
from dlstudio.gui.dialogs.shortcuts_dialog import shortcut_texts, shortcuts_html
from dlstudio.gui.window.main_window import MainWindow
from dlstudio.insight.views.registry import TAKEN, VIEWS
from dlstudio.insight.views.spec import ViewSpec

_GUI = Path(dlstudio.gui.__file__).parent


def test_ids_are_unique() -> None:
    assert [
        name for name, count in Counter(action.id for action in ACTIONS).items() if count > 1
    ] == []


def test_shortcuts_are_unique_and_valid() -> None:
    keys = [QKeySequence(key).toString() for action in ACTIONS for key in action.keys]
    assert "" not in keys
    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_every_action_has_a_text_a_tip_and_a_known_menu() -> None:
    for action in ACTIONS:
        assert action.menu.split("/")[0] in MENUS
        assert action.tip.endswith("."), action.id
        assert action.text.strip("&")


def test_access_keys_are_unique_within_a_menu() -> None:
    for menu in {action.menu for action in ACTIONS}:
        keys = Counter(
            action.text[action.text.index("&") + 1].lower()
            for action in ACTIONS
            if action.menu == menu and "&" in action.text
        )
        assert [key for key, count in keys.items() if count > 1] == [], menu


def test_tab_ids_and_shortcuts_are_unchanged() -> None:
    names = "curves", "activations", "samples", "anomalies", "probe", "problems", "runs", "log"
    for number, name in enumerate(names, 1):
        assert ACTIONS_BY_ID[name].keys == (f"Alt+{number}",)
        assert ACTIONS_BY_ID[name].arguments == (name,)


def test_every_view_has_a_menu_entry_in_the_order_of_the_tabs() -> None:
    assert tuple(name for name in TABS if name not in TAKEN) == tuple(VIEWS)
    assert {*TABS} - {*VIEWS} == TAKEN
    for name, view in VIEWS.items():
        assert tab_title(name) == view.title
        assert view.help.startswith(ACTIONS_BY_ID[name].tip.rstrip("."))


def test_plugin_view_has_a_menu_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    view = ViewSpec(
        "train", "Q & A", "What is it. More.", "state", "slow", "toy.compute", icon="maps"
    )
    monkeypatch.setattr("dlstudio.gui.actions.view_actions.VIEWS", {"train": view})
    monkeypatch.setattr("dlstudio.gui.actions.view_actions.PLUGIN_VIEWS", {"train"})
    (action,) = view_actions([Action("quiet", "View", "&Quiet", "bottom.show_tab")])
    assert (action.id, action.menu, action.keys) == ("view-train", "View", ())
    assert (action.tip, action.icon, action.arguments) == ("What is it.", "maps", ("train",))
    assert action.text == "Q && &A"
    assert access_key(action.text) == "a"
    assert plain_text(action.text) == "Q & A"


def test_shortcuts_dialog_lists_every_shortcut() -> None:
    page = shortcuts_html(None)
    for action in ACTIONS:
        for key in shortcut_texts(action):
            assert key.replace("&", "&amp;") in page, action.id


def test_every_slot_exists(window: MainWindow) -> None:
    for entry in ACTIONS:
        assert callable(reduce(getattr, entry.slot.split("."), window)), entry.id
        if entry.state:
            state = reduce(getattr, entry.state.split("."), window)
            assert isinstance(state, bool) or entry.arguments, entry.id


def test_every_action_is_reachable_from_the_menu_bar(window: MainWindow) -> None:
    ids = {action.objectName() for action in _leaves(window.menuBar().actions())}
    assert {action.id for action in ACTIONS} <= ids


def test_menus_show_the_texts_and_tips_of_the_action_table(window: MainWindow) -> None:
    for entry in ACTIONS:
        action = window.menus.actions[entry.id]
        assert action.text() == entry.text
        assert entry.label or action.toolTip() == tool_tip(entry)
        assert [key.toString() for key in action.shortcuts()] == [
            QKeySequence(key).toString() for key in entry.keys
        ]


def test_empty_design_enables_only_applicable_actions(window: MainWindow) -> None:
    window.menus.refresh()
    enabled = {name for name, action in window.menus.actions.items() if action.isEnabled()}
    assert {"new", "open", "save", "add-layer", "preferences", "about"} <= enabled
    assert not {"undo", "cut", "delete", "group", "align-left", "pause", "stop"} & enabled


def test_actions_are_enabled_by_the_document_state(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits-mlp")
    nodes = list(window.document.project.graph.nodes)
    actions = window.menus.actions

    window.document.set_selection(nodes[:1])
    assert actions["rename"].isEnabled()
    assert not actions["align-left"].isEnabled()

    window.document.set_selection(nodes[:2])
    assert not actions["rename"].isEnabled()
    assert actions["align-left"].isEnabled()

    actions["delete"].trigger()
    assert actions["undo"].isEnabled()
    actions["undo"].trigger()
    assert actions["redo"].isEnabled()
    assert list(window.document.project.graph.nodes) == nodes

    qtbot.waitUntil(actions["train"].isEnabled, timeout=60_000)


@pytest.mark.parametrize(
    "name",
    [action.id for action in ACTIONS if action.slot in {"editor.align", "editor.distribute"}],
)
def test_align_and_distribute_actions_move_cards(window: MainWindow, name: str) -> None:
    window.files.open_example("digits-mlp")
    nodes = [*window.document.project.graph.nodes][:3]
    scattered = dict(zip(nodes, ((0.0, 0.0), (500.0, 40.0), (610.0, 700.0)), strict=True))
    window.document.apply(move_nodes(window.document.project, scattered), "Apart")
    window.document.set_selection(nodes)

    window.menus.trigger(name)

    positions = window.document.project.layout_at().positions
    assert {node_id: positions[node_id] for node_id in nodes} != scattered


def test_every_need_has_a_condition(window: MainWindow) -> None:
    assert {action.needs for action in ACTIONS} <= set(Needs)
    assert set(window.menus.conditions) == set(Needs)


def _leaves(actions: list[QAction]) -> list[QAction]:
    leaves = []
    for action in actions:
        menu = action.menu()
        leaves += _leaves(menu.actions()) if isinstance(menu, QMenu) else [action]
    return leaves


def test_action_texts_are_not_repeated_in_other_modules() -> None:
    """Single words may also name other things, so only longer texts are compared."""
    texts = {_plain(text) for action in ACTIONS for text in (action.text, action.tip)}
    texts = {text for text in texts if " " in text}
    repeated = [
        f"{path.relative_to(_GUI)}:{line}: {text}"
        for path in sorted(_GUI.rglob("*.py"))
        if path.name != "action_table.py"
        for line, text in _strings(path)
        if _plain(text) in texts
    ]
    assert repeated == []


def test_context_menus_and_run_bar_use_the_table_actions(window: MainWindow) -> None:
    actions = window.menus.actions
    window.document.load(_two_layers(), None)
    cards = window.editor.context.scene.cards
    menu = context_menu_at(window.editor, next(iter(cards.values())).rect.center())
    assert {actions["cut"], actions["rename"], actions["delete-rewire"]} <= set(menu.actions())
    assert all(action.isShortcutVisibleInContextMenu() for action in actions.values())
    for name, button in window.run_bar.buttons.items():
        if name != "train":
            assert button.toolTip() == actions[name].toolTip()


def _two_layers() -> Project:
    project, first = append_after(Project(), None, "input")
    return append_after(project, first, "relu")[0]


def _plain(text: str) -> str:
    return text.replace("&", "").rstrip("….").lower()


def _strings(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the strings of a module, except docstrings, with their line numbers."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings:
            yield node.lineno, node.value
