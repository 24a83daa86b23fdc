"""Random moves on blocks: create, enter and save them, and edit their parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from dlstudio.design.model.model import BLOCK
from dlstudio.gui.inspector.block_page import BlockPage

if TYPE_CHECKING:
    from tests.gui.monkey.monkey import Monkey

LETTERS = tuple(Qt.Key(ord(letter)) for letter in "ABCXYZ0123456789_- ")


def use_block(monkey: Monkey) -> None:
    """Create a block if there is none; otherwise enter, save or ungroup one."""
    if monkey.window.document.scope:
        monkey.press_keys("Ctrl+Up")
        return
    cards = monkey.window.editor.context.scene.cards
    blocks = [node_id for node_id, card in cards.items() if card.node.kind == BLOCK]
    if not blocks:
        monkey.select_cards()
        monkey.press_keys("Ctrl+G")
        return
    monkey.window.editor.show_node(monkey.rng.choice(blocks))
    if monkey.rng.random() < 0.2:
        monkey.window.menus.trigger("keep-block")
        return
    monkey.press_keys(monkey.rng.choice(("Ctrl+Down", "Ctrl+Down", "Ctrl+Shift+G")))


def define_parameter(monkey: Monkey) -> None:
    """Add, rename, set, describe or remove a parameter of the open block."""
    document = monkey.window.document
    if not document.scope:
        document.set_scope(monkey.rng.choice(["", *document.project.blocks]))
    document.set_selection(())
    page = monkey.window.inspector.page
    if not isinstance(page, BlockPage) or not monkey.window.inspector.isVisible():
        return
    if not page.form.rows or monkey.rng.random() < 0.4:
        page.form.add_button.click()
        return
    row = monkey.rng.choice([*page.form.rows.values()])
    if monkey.rng.random() < 0.2:
        row.remove_button.click()
        return
    monkey.rng.choice((row.name, row.default.field, row.help)).setFocus()
    for key in (*monkey.rng.sample(LETTERS, 2), Qt.Key.Key_Return):
        monkey.input.key(key)


def choose_reference(monkey: Monkey) -> None:
    """Choose an entry of the reference menu at a setting of a card."""
    cards = [*monkey.window.editor.context.scene.cards]
    if not cards:
        return
    monkey.window.document.set_selection({monkey.rng.choice(cards)})
    form = getattr(monkey.window.inspector.page, "form", None)
    editors = [
        editor for editor in getattr(form, "editors", {}).values() if hasattr(editor, "menu")
    ]
    if editors:
        editor = monkey.rng.choice(editors)
        editor.field.menu_requested.emit()
        actions = [action for action in editor.menu.actions() if action.isEnabled()]
        monkey.rng.choice(actions).trigger()
        editor.menu.close()
