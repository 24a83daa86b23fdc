"""Makes blocks of cards, takes them apart, goes in and out of them."""

from __future__ import annotations

from dlstudio.design.model import BLOCK, TOP, Project
from dlstudio.gui.canvas.stage import Stage
from dlstudio.gui.placement import scopes_along


def group_selection(stage: Stage, title: str = "Block") -> None:
    """Put the selected cards into a new block."""
    cards = sorted(each for each in stage.document.selection if each in stage.scene.cards)
    if not cards:
        stage.document.message.emit("Select the cards that are to become a block.")
        return
    from dlstudio.design.blocks import group

    scope = stage.scope
    made = stage.document.try_edit(
        lambda project: group(project, cards, title, scope=scope), "Group into block"
    )
    if made is not None:
        stage.document.set_selection({made})


def ungroup_selection(stage: Stage) -> None:
    """Replace the selected block by what it holds."""
    blocks = _selected_blocks(stage)
    if not blocks:
        stage.document.message.emit("Select a block to take it apart.")
        return
    from dlstudio.design.blocks import ungroup

    scope = stage.scope

    def take_apart(project: Project) -> Project:
        for each in blocks:
            project = ungroup(project, each, scope=scope)
        return project

    before = set(stage.scene.cards)
    if stage.edit(take_apart, "Ungroup"):
        stage.document.set_selection(set(stage.scene.cards) - before)


def enter_block(stage: Stage, node_id: str = "") -> bool:
    """Show the inside of a block; False where the card is none."""
    candidates = (node_id,) if node_id else tuple(_selected_blocks(stage))
    graph = stage.project.graph_at(stage.scope)
    for each in candidates:
        node = graph.nodes.get(each)
        if node is not None and node.kind == BLOCK:
            block = str(node.settings.get("block", ""))
            if block in stage.project.blocks:
                way = stage.document.way
                stage.document.set_scope(block, None if way is None else (*way, each))
                return True
    return False


def leave_block(stage: Stage) -> None:
    """Show the graph around the block, and select the block in it."""
    left = stage.scope
    if left == TOP:
        return
    way = stage.document.way or ()
    scopes = scopes_along(stage.project, way[:-1]) or (TOP,)
    stage.document.set_scope(scopes[-1], way[:-1])
    stage.document.set_selection(way[-1:])


def _selected_blocks(stage: Stage) -> list[str]:
    cards = stage.scene.cards
    return [
        each
        for each in sorted(stage.document.selection)
        if each in cards and cards[each].node.kind == BLOCK
    ]
