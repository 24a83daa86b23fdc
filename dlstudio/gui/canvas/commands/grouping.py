"""Makes blocks of cards, takes them apart, goes in and out of them."""

from __future__ import annotations

from dlstudio.design.model import BLOCK, TOP, Project
from dlstudio.gui.canvas.stage import Stage
from dlstudio.gui.placement import scopes_along


def group_selection(stage: Stage, title: str = "Block") -> None:
    """Put the selected cards into a new block."""
    cards = sorted(node_id for node_id in stage.document.selection if node_id in stage.scene.cards)
    if not cards:
        stage.document.message.emit("Select the cards that are to become a block.")
        return
    from dlstudio.design.blocks import group

    scope = stage.scope
    block_id = stage.document.try_edit(
        lambda project: group(project, cards, title, scope=scope), "Group into block"
    )
    if block_id is not None:
        stage.document.set_selection({block_id})


def ungroup_selection(stage: Stage) -> None:
    """Replace the selected block by what it holds."""
    blocks = _selected_blocks(stage)
    if not blocks:
        stage.document.message.emit("Select a block to take it apart.")
        return
    from dlstudio.design.blocks import ungroup

    scope = stage.scope

    def take_apart(project: Project) -> Project:
        for block_id in blocks:
            project = ungroup(project, block_id, scope=scope)
        return project

    before = set(stage.scene.cards)
    if stage.edit(take_apart, "Ungroup"):
        stage.document.set_selection(set(stage.scene.cards) - before)


def enter_block(stage: Stage, node_id: str = "") -> bool:
    """Show the inside of a block; False where the card is none."""
    candidates = (node_id,) if node_id else tuple(_selected_blocks(stage))
    graph = stage.project.graph_at(stage.scope)
    for card_id in candidates:
        node = graph.nodes.get(card_id)
        if node is not None and node.kind == BLOCK:
            block = str(node.settings.get("block", ""))
            if block in stage.project.blocks:
                path = stage.document.way
                stage.document.set_scope(block, None if path is None else (*path, card_id))
                return True
    return False


def leave_block(stage: Stage) -> None:
    """Show the graph around the block, and select the block in it."""
    scope = stage.scope
    if scope == TOP:
        return
    path = stage.document.way or ()
    scopes = scopes_along(stage.project, path[:-1]) or (TOP,)
    stage.document.set_scope(scopes[-1], path[:-1])
    stage.document.set_selection(path[-1:])


def _selected_blocks(stage: Stage) -> list[str]:
    cards = stage.scene.cards
    return [
        node_id
        for node_id in sorted(stage.document.selection)
        if node_id in cards and cards[node_id].node.kind == BLOCK
    ]
