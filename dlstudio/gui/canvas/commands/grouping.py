"""Groups cards into blocks, ungroups, opens and leaves blocks."""

from __future__ import annotations

from dlstudio.design.model.model import BLOCK, TOP, Project
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext
from dlstudio.gui.document.block_paths import scopes_on_path


def group_selection(context: CanvasContext, title: str = "Block") -> None:
    """Group the selected cards into a new block, and select it."""
    cards = sorted(
        node_id for node_id in context.document.selection if node_id in context.scene.cards
    )
    if not cards:
        context.document.message.emit("Select the cards to group into a block.")
        return
    from dlstudio.design.blocks import group

    scope = context.scope
    block_id = context.document.try_edit(
        lambda project: group(project, cards, title, scope=scope), "Group into block"
    )
    if block_id is not None:
        context.document.set_selection({block_id})


def ungroup_selection(context: CanvasContext) -> None:
    """Replace the selected blocks by their contents, and select those."""
    blocks = _selected_blocks(context)
    if not blocks:
        context.document.message.emit("Select a block to ungroup it.")
        return
    from dlstudio.design.blocks import ungroup

    scope = context.scope

    def ungroup_blocks(project: Project) -> Project:
        for block_id in blocks:
            project = ungroup(project, block_id, scope=scope)
        return project

    old_cards = set(context.scene.cards)
    if context.edit(ungroup_blocks, "Ungroup"):
        context.document.set_selection(set(context.scene.cards) - old_cards)


def enter_block(context: CanvasContext, node_id: str = "") -> bool:
    """Open a block (default: the selected one); return False if the card is not a block."""
    candidates = (node_id,) if node_id else tuple(_selected_blocks(context))
    graph = context.project.graph_at(context.scope)
    for card_id in candidates:
        node = graph.nodes.get(card_id)
        if node is not None and node.kind == BLOCK:
            block = str(node.settings.get("block", ""))
            if block in context.project.blocks:
                path = context.document.placement_path
                context.document.set_scope(block, None if path is None else (*path, card_id))
                return True
    return False


def leave_block(context: CanvasContext) -> None:
    """Show the scope that contains the block, and select the block there."""
    scope = context.scope
    if scope == TOP:
        return
    path = context.document.placement_path or ()
    scopes = scopes_on_path(context.project, path[:-1]) or (TOP,)
    context.document.set_scope(scopes[-1], path[:-1])
    context.document.set_selection(path[-1:])


def _selected_blocks(context: CanvasContext) -> list[str]:
    cards = context.scene.cards
    return [
        node_id
        for node_id in sorted(context.document.selection)
        if node_id in cards and cards[node_id].node.kind == BLOCK
    ]
