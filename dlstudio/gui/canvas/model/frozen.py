"""Which cards are frozen during training, by their own setting or by their parameter group."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.design.model.model import BLOCK, Node, Project
from dlstudio.layers.framework.weighted import FROZEN
from dlstudio.layers.registry import find


def is_frozen(project: Project, node: Node, path: str) -> bool:
    """Return whether training leaves all weights of a card unchanged.

    Args:
        project: The design.
        node: The card's node: a layer or a placed block.
        path: Its dotted path in the whole network.
    """
    owner = _weight_owner(project, path)
    if owner is not None:
        node, path = owner, owner.id
    state = _frozen_state(project, node)
    if state is not False:
        return state is True
    inside = any(
        group_path.startswith(f"{path}.")
        for group in project.training.groups
        for group_path in group.selector.paths
    )
    layer_paths = weight_paths(project, node, path) if inside else (path,)
    return all(_is_group_frozen(project, layer_path) for layer_path in layer_paths)


def _weight_owner(project: Project, path: str) -> Node | None:
    """Return the layer of the top level that owns the weights of another one there, else None."""
    nodes, visited = project.graph.nodes, set[str]()
    node = nodes.get(path)
    while node is not None and node.weights_from and node.id not in visited:
        visited.add(node.id)
        node = nodes.get(node.weights_from)
    return node if visited else None


def has_weights(project: Project, node: Node) -> bool:
    """Return whether a layer, or any layer inside a placed block, has weights."""
    return _frozen_state(project, node) is not None


def weight_paths(project: Project, node: Node, path: str) -> Iterator[str]:
    """Yield the dotted paths of the layers with weights in a card, in all repeats."""
    if node.kind != BLOCK:
        if has_weights(project, node):
            yield path
        return
    block = project.blocks.get(str(node.settings.get("block", "")))
    if block is None or not has_weights(project, node):
        return
    repeat = node.settings.get("repeat", 1)
    times = repeat if isinstance(repeat, int) else 1
    for index in range(times):
        prefix = f"{path}.{index}" if times > 1 else path
        for node_id, inner in block.graph.nodes.items():
            yield from weight_paths(project, inner, f"{prefix}.{node_id}")


def _frozen_state(project: Project, node: Node, outer_blocks: tuple[str, ...] = ()) -> bool | None:
    """Return whether all weights in a node are frozen; None if it has none."""
    if node.kind != BLOCK:
        kind = find(node.kind)
        if kind is None or not kind.has_weights:
            return None
        return node.settings.get(FROZEN) is True
    name = str(node.settings.get("block", ""))
    if name not in project.blocks or name in outer_blocks:
        return None
    inner = project.blocks[name].graph.nodes.values()
    states = {_frozen_state(project, node, (*outer_blocks, name)) for node in inner} - {None}
    return all(states) if states else None


def _is_group_frozen(project: Project, path: str) -> bool:
    """Return whether the first parameter group that contains a path is frozen.

    Groups by role count as not frozen: which layers they contain is known only after compiling.
    """
    for group in project.training.groups:
        if group.selector.role:
            return False
        if not group.frozen and any(name.startswith(f"{path}.") for name in group.selector.paths):
            return False
        if not group.selector.paths or group.selector.matches(path):
            return group.frozen
    return False
