"""Random edits: each step is three numbers, interpreted in the current project."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from dlstudio.design import edits
from dlstudio.design.blocks import (
    add_parameter,
    change_parameter,
    group,
    promote_setting,
    remove_parameter,
    rename_parameter,
    set_parameter_value,
    ungroup,
    uses_block,
)
from dlstudio.design.commands.clipboard import copy, duplicate, paste
from dlstudio.design.edits import EditError
from dlstudio.design.model.canvas_metrics import NOTE_PREFIX
from dlstudio.design.model.identifiers import is_valid_id
from dlstudio.design.model.model import BLOCK, TOP, Edge, Project, WeightsRef
from dlstudio.design.model.training_settings import ParameterGroup, Selector
from dlstudio.design.model.values import Ref, Value

Step = tuple[int, int, int]
KINDS = ("input", "conv2d", "relu", "add", "linear", "output", "martian")
VALUES: tuple[Value, ...] = (
    3,
    0.5,
    True,
    None,
    "same",
    (3, (1, 2.0)),
    Ref("classes", 2, 3),
    {"$ref": 1, "$$x": Ref("features")},
)


def _pick(names: Sequence[str], number: int) -> str:
    if not names:
        raise EditError("There is nothing to pick.")
    return names[number % len(names)]


def _scope(project: Project, number: int) -> str:
    return _pick((TOP, TOP, *project.blocks), number)


def _add(p: Project, a: int, b: int) -> Project:
    position = (a * 37.0 % 900, b * 53.0 % 700)
    settings = {"value": VALUES[b % len(VALUES)]}
    kind = KINDS[a % len(KINDS)]
    return edits.add_node(p, kind, position, settings, f"t{b}", scope=_scope(p, b))[0]


def _append(p: Project, a: int, b: int) -> Project:
    scope = _scope(p, b)
    after = _pick([*p.graph_at(scope).nodes], a)
    return edits.append_after(p, after, KINDS[b % len(KINDS)], scope=scope)[0]


def _remove(p: Project, a: int, b: int) -> Project:
    scope = _scope(p, b)
    return edits.remove_nodes(p, [_pick([*p.graph_at(scope).nodes], a)], b % 2 == 0, scope)


def _connect(p: Project, a: int, b: int) -> Project:
    scope = _scope(p, a + b)
    ids = [*p.graph_at(scope).nodes]
    port = ("input", "inputs")[b % 2]
    return edits.connect(p, Edge(_pick(ids, a), _pick(ids, b), "output", port, b % 3), scope)


def _disconnect(p: Project, a: int, b: int) -> Project:
    return edits.disconnect(p, [_pick([*p.graph.edges], a)])


def _reconnect(p: Project, a: int, b: int) -> Project:
    edge = p.graph.edges[_pick([*p.graph.edges], a)]
    return edits.reconnect(p, edge.key, replace(edge, target=_pick([*p.graph.nodes], b)))


def _insert(p: Project, a: int, b: int) -> Project:
    return edits.insert_on_edge(p, _pick([*p.graph.edges], a), KINDS[b % len(KINDS)])[0]


def _before(p: Project, a: int, b: int) -> Project:
    return edits.insert_before(p, _pick([*p.graph.nodes], a), "input", "relu")[0]


def _after(p: Project, a: int, b: int) -> Project:
    return edits.insert_after(p, _pick([*p.graph.nodes], a), "relu")[0]


def _splice(p: Project, a: int, b: int) -> Project:
    return edits.splice_node(p, _pick([*p.graph.edges], a), _pick([*p.graph.nodes], b))


def _set(p: Project, a: int, b: int) -> Project:
    node = _pick([*p.graph.nodes], a)
    return edits.set_settings(p, [node], {"value": VALUES[b % len(VALUES)]})


def _share(p: Project, a: int, b: int) -> Project:
    ids = [*p.graph.nodes]
    return edits.set_weights_from(p, _pick(ids, a), _pick([*ids, ""], b))


def _move(p: Project, a: int, b: int) -> Project:
    return edits.move_nodes(p, {_pick([*p.graph.nodes], a): (a * 1.5, b * 2.5)})


def _colour(p: Project, a: int, b: int) -> Project:
    return edits.set_colour(p, [_pick([*p.graph.nodes], a)], ("", "#ff8800")[b % 2])


def _note(p: Project, a: int, b: int) -> Project:
    notes = p.layout_at().notes
    if b % 3 == 0 and notes:
        return edits.remove_notes(p, [_pick([*notes], a)])
    if b % 3 == 1 and notes:
        note = notes[_pick([*notes], a)]
        return edits.change_note(p, replace(note, text=f"“{b}”\nü", width=100.0 + b))
    return edits.add_note(p, f"note {a}", (a * 1.0, b * 1.0))[0]


def _duplicate(p: Project, a: int, b: int) -> Project:
    ids = [*p.graph.nodes][a % 5 : a % 5 + b % 4]
    notes = [NOTE_PREFIX + note_id for note_id in p.layout_at().notes][: b % 2]
    return duplicate(p, [*ids, *notes])[0]


def _paste(p: Project, a: int, b: int) -> Project:
    scope = _scope(p, b)
    ids = [*p.graph_at(scope).nodes][a % 5 : a % 5 + b % 4]
    return paste(p, copy(p, ids, scope), (a * 1.0, b * 1.0), _scope(p, a))[0]


def _group(p: Project, a: int, b: int) -> Project:
    scope = _scope(p, a + b)
    ids = [*p.graph_at(scope).nodes][a % 7 : a % 7 + 1 + b % 3]
    return group(p, ids, f"Block {b % 3}", scope)[0]


def _ungroup(p: Project, a: int, b: int) -> Project:
    scope = _scope(p, b)
    return ungroup(p, _placement(p, a, scope), scope)


def _placement(p: Project, number: int, scope: str = TOP) -> str:
    nodes = p.graph_at(scope).nodes
    return _pick([node_id for node_id, node in nodes.items() if node.kind == BLOCK], number)


def _place(p: Project, a: int, b: int) -> Project:
    block = _pick([*p.blocks], a)
    return edits.add_node(p, BLOCK, settings={"block": block}, scope=_scope(p, b))[0]


def _repeat(p: Project, a: int, b: int) -> Project:
    scope = _scope(p, b)
    changes = {"repeat": 1 + b % 3, "share": a % 2 == 0}
    return edits.set_settings(p, [_placement(p, a, scope)], changes, scope)


def _parameter(p: Project, a: int, b: int) -> Project:
    block = _pick([*p.blocks], a)
    if b % 3 == 0:
        return add_parameter(p, block, f"p{b % 5}", b, f"help {b}")
    inner = _pick([*p.blocks[block].graph.nodes], b)
    return promote_setting(p, inner, "value", f"p{b % 5}", b, scope=block)


def _edit_parameter(p: Project, a: int, b: int) -> Project:
    block = _pick([*p.blocks], a)
    name = _pick([parameter.name for parameter in p.blocks[block].parameters], b)
    if b % 3 == 0:
        return rename_parameter(p, block, name, f"q{a % 5}")
    if b % 3 == 1:
        return remove_parameter(p, block, name)
    return change_parameter(p, block, name, default=Ref("classes", 1 + a), help_text=f"{b}")


def _value(p: Project, a: int, b: int) -> Project:
    scope = _scope(p, b)
    placement = _placement(p, a, scope)
    block = p.blocks[str(p.graph_at(scope).nodes[placement].settings["block"])]
    name = _pick([parameter.name for parameter in block.parameters], b)
    return set_parameter_value(p, placement, name, (b, None, Ref("features"))[a % 3], scope)


def _set_project(p: Project, a: int, b: int) -> Project:
    choice = a % 5
    if choice == 0:
        groups = (ParameterGroup("head", Selector(paths=("linear_1",)), factor=b / 7, frozen=True),)
        return edits.set_training(p, replace(p.training, epochs=1 + b, groups=groups))
    if choice == 1:
        return edits.set_data(p, replace(p.data, source="csv", options={"path": f"/d/{b}.csv"}))
    if choice == 2:
        return edits.set_about(p, f"About {b}\nand more")
    if choice == 3:
        return edits.set_project_title(p, f"Title {b}")
    return edits.set_weights(p, WeightsRef(f"w{b}.safetensors", f"sha256:{b}") if b % 2 else None)


STEPS: tuple[Callable[[Project, int, int], Project], ...] = (
    *(_add, _append, _append, _remove, _connect, _connect, _disconnect, _reconnect, _insert),
    *(_before, _after, _splice, _set, _share, _move, _colour, _note, _duplicate, _paste),
    *(_group, _ungroup, _set_project),
    *(_place, _repeat, _parameter, _edit_parameter, _value, _group, _parameter),
)


def apply_step(project: Project, step: Step) -> Project:
    """Return the project after one step; an impossible step changes nothing."""
    number, a, b = step
    try:
        return STEPS[number % len(STEPS)](project, a, b)
    except EditError:
        return project


def project_states(steps: Sequence[Step]) -> list[Project]:
    """Return the initial project and the project after each step."""
    projects = [Project()]
    for step in steps:
        projects.append(apply_step(projects[-1], step))
    return projects


def assert_valid(project: Project) -> None:
    """Assert the invariants of every project."""
    for scope in (TOP, *project.blocks):
        graph, layout = project.graph_at(scope), project.layout_at(scope)
        for node_id, node in graph.nodes.items():
            assert node.id == node_id
            assert is_valid_id(node_id)
            weight_owner = (node.weights_from or node_id).partition(".")[0]
            assert weight_owner in graph.nodes
            if node.kind == BLOCK:
                assert node.settings["block"] in project.blocks
        used_slots = set()
        for key, edge in graph.edges.items():
            assert edge.key == key
            assert edge.source in graph.nodes
            assert edge.target in graph.nodes
            assert edge.source != edge.target
            used_slots.add((edge.target, edge.target_port, edge.slot))
        assert len(used_slots) == len(graph.edges)
        assert layout.positions.keys() <= graph.nodes.keys()
        assert layout.colours.keys() <= graph.nodes.keys()
        assert all(note.id == note_id for note_id, note in layout.notes.items())
    assert project.layouts.keys() <= {TOP, *project.blocks}
    for block in project.blocks.values():
        names = [parameter.name for parameter in block.parameters]
        assert len(set(names)) == len(names)
        for node in block.graph.nodes.values():
            assert node.kind != BLOCK or not uses_block(
                project, str(node.settings["block"]), block.id
            )
