"""Makes blocks of cards, takes them apart, goes in and out of them."""

from __future__ import annotations

from dlstudio.design.model import BLOCK, TOP, Project
from dlstudio.gui.canvas.stage import Stage


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
                stage.document.set_scope(block)
                return True
    return False


def leave_block(stage: Stage) -> None:
    """Show the graph around the block, and select the block in it."""
    left = stage.scope
    if left == TOP:
        return
    trail = scope_trail(stage.project, left)
    stage.document.set_scope(trail[-2])
    placed = (
        node.id
        for node in stage.project.graph_at(stage.scope).nodes.values()
        if node.kind == BLOCK and node.settings.get("block") == left
    )
    stage.document.set_selection(tuple(placed)[:1])


def scope_trail(project: Project, scope: str) -> tuple[str, ...]:
    """Return the scopes from the top level down to `scope`, along first placements."""
    trail = [scope]
    while trail[0] != TOP:
        outer = next(
            (
                each
                for each in (TOP, *project.blocks)
                if each not in trail and _places(project, each, trail[0])
            ),
            TOP,
        )
        trail.insert(0, outer)
    return tuple(trail)


def _places(project: Project, scope: str, block: str) -> bool:
    nodes = project.graph_at(scope).nodes.values()
    return any(node.kind == BLOCK and node.settings.get("block") == block for node in nodes)


def _selected_blocks(stage: Stage) -> list[str]:
    cards = stage.scene.cards
    return [
        each
        for each in sorted(stage.document.selection)
        if each in cards and cards[each].node.kind == BLOCK
    ]
