from __future__ import annotations

import random
from collections import Counter

import pytest

from dlstudio.design import edits
from dlstudio.design.arrange.arrange import arrange
from dlstudio.design.changes.diff import difference
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.edits import EditError
from dlstudio.design.model.canvas_metrics import CARD_SIZE, COLUMN_GAP, ROW_GAP
from dlstudio.design.model.identifiers import RESERVED, is_valid_id, new_id
from dlstudio.design.model.model import TOP, Edge, Layout, Project
from dlstudio.design.model.problems import Repair
from tests.design.arrange.wire_geometry import overlaps
from tests.design.editing.edit_steps import STEPS, apply_step
from tests.design.sample_graphs import chain


@pytest.fixture
def project() -> Project:
    graph = chain(6)
    return Project(graph=graph, layouts={"": Layout(arrange(graph))})


def test_edit_leaves_everything_else_the_same_object(project: Project) -> None:
    after = edits.set_settings(project, ["relu_2"], {"inplace": True})
    assert after.graph.edges is project.graph.edges
    assert after.layouts is project.layouts
    assert after.training is project.training
    for node_id, node in after.graph.nodes.items():
        assert (node is project.graph.nodes[node_id]) == (node_id != "relu_2")


def test_edit_that_changes_nothing_returns_the_project(project: Project) -> None:
    set_once = edits.set_settings(project, ["relu_1"], {"p": 1})
    edge = next(iter(project.graph.edges.values()))
    assert edits.set_settings(set_once, ["relu_1"], {"p": 1}) is set_once
    assert edits.set_settings(set_once, ["relu_1"], {"p": 1.0}) is not set_once
    assert edits.set_settings(set_once, ["relu_1"], {"p": True}) is not set_once
    assert edits.connect(project, edge) is project
    assert edits.disconnect(project, []) is project
    assert edits.remove_nodes(project, []) is project
    assert edits.move_nodes(project, dict(project.layout_at().positions)) is project
    assert edits.set_colour(project, ["relu_1"], "") is project
    assert edits.set_title(project, "relu_1", "") is project
    assert edits.set_data(project, project.data) is project
    assert edits.reset_settings(project, ["relu_1"], ["p"]) is project


def test_wire_replaces_an_existing_one_at_its_port(project: Project) -> None:
    after = edits.connect(project, Edge("input_1", "relu_4"))
    assert [e.source for e in after.graph.edges.values() if e.target == "relu_4"] == ["input_1"]


@pytest.mark.parametrize(
    ("edge", "text"),
    [
        (Edge("relu_1", "relu_1"), "itself"),
        (Edge("relu_1", "gone_1"), "no layer called 'gone_1'"),
        (Edge("relu_1", "relu_3", "out put"), "named output"),
    ],
)
def test_impossible_wire_is_refused_with_a_reason(project: Project, edge: Edge, text: str) -> None:
    with pytest.raises(EditError, match=text):
        edits.connect(project, edge)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**30, [1], "\0", {1: 2}])
def test_value_that_cannot_be_saved_is_refused(project: Project, value: object) -> None:
    with pytest.raises(EditError, match="p cannot be set"):
        edits.set_settings(project, ["relu_1"], {"p": value})  # type: ignore[dict-item]


@pytest.mark.parametrize("position", [(float("nan"), 0.0), (0.0, 1e9), (float("-inf"), 0.0)])
def test_position_off_the_canvas_is_refused(
    project: Project, position: tuple[float, float]
) -> None:
    with pytest.raises(EditError, match="outside the canvas"):
        edits.move_nodes(project, {"relu_1": position})


def test_removing_with_rewiring_closes_the_gap(project: Project) -> None:
    after = edits.remove_nodes(project, ["relu_2", "relu_3"], rewire=True)
    assert "relu_1.output>relu_4.input#0" in after.graph.edges
    assert len(after.graph.edges) == 3
    assert after.layout_at().positions.keys() == after.graph.nodes.keys()


def test_removing_a_node_ends_the_sharing_of_its_weights(project: Project) -> None:
    shared = edits.set_weights_from(project, "relu_3", "relu_1")
    after = edits.remove_nodes(shared, ["relu_1"])
    assert after.graph.nodes["relu_3"].weights_from is None


@pytest.mark.parametrize("where", range(5))
def test_inserting_on_a_wire_makes_room_to_the_right(project: Project, where: int) -> None:
    key = list(project.graph.edges)[where]
    edge = project.graph.edges[key]
    after, new = edits.insert_on_edge(project, key, "dropout", {"p": 0.5})
    positions = after.layout_at().positions
    assert overlaps(positions) == []
    assert positions[edge.source][0] < positions[new][0] < positions[edge.target][0]
    assert f"{edge.source}.output>{new}.input#0" in after.graph.edges
    assert f"{new}.output>{edge.target}.input#0" in after.graph.edges
    assert after.graph.nodes[new].settings == {"p": 0.5}


def test_inserting_after_reroutes_all_wires(project: Project) -> None:
    forked = edits.connect(project, Edge("relu_1", "output_1"))
    after, new = edits.insert_after(forked, "relu_1", "dropout")
    assert {e.target for e in after.graph.edges.values() if e.source == new} == {
        "relu_2",
        "output_1",
    }
    assert [e.target for e in after.graph.edges.values() if e.source == "relu_1"] == [new]


def test_inserting_before_an_open_port_wires_it() -> None:
    project, relu = edits.add_node(Project(), "relu")
    after, new = edits.insert_before(project, relu, "input", "input")
    assert list(after.graph.edges) == [f"{new}.output>{relu}.input#0"]
    assert overlaps(after.layout_at().positions) == []


def test_appended_card_is_placed_right_and_below_others(project: Project) -> None:
    after, linear = edits.append_after(project, "relu_1", "linear")
    x, y = project.layout_at().positions["relu_1"]
    assert after.layout_at().positions[linear] == (
        x + CARD_SIZE[0] + COLUMN_GAP,
        y + CARD_SIZE[1] + ROW_GAP,
    )
    assert overlaps(after.layout_at().positions) == []
    after, unwired = edits.append_after(after, None, "input")
    assert not any(unwired in (e.source, e.target) for e in after.graph.edges.values())


def test_only_a_card_without_wires_can_be_spliced(project: Project) -> None:
    key = "relu_1.output>relu_2.input#0"
    with pytest.raises(EditError, match="without wires"):
        edits.splice_node(project, key, "relu_4")
    unwired, new = edits.add_node(project, "dropout", project.layout_at().positions["relu_1"])
    after = edits.splice_node(unwired, key, new)
    assert f"relu_1.output>{new}.input#0" in after.graph.edges
    assert overlaps(after.layout_at().positions) == []


def test_titles_are_one_line(project: Project) -> None:
    after = edits.set_title(project, "relu_1", " a\n\x1b[31mb\t ")
    assert after.graph.nodes["relu_1"].title == "a [31mb"


def test_changes_describe_what_they_affect(project: Project) -> None:
    moved = difference(project, edits.move_nodes(project, {"relu_1": (1.0, 2.0)}))
    titled = difference(project, edits.set_title(project, "relu_1", "First"))
    wired = difference(project, edits.connect(project, Edge("input_1", "relu_4")))
    about = difference(project, edits.set_about(project, "x"))
    assert (moved.is_structural, moved.is_layout_only, moved.node_ids()) == (
        False,
        True,
        {"relu_1"},
    )
    assert (titled.is_structural, titled.is_layout_only) == (False, False)
    assert wired.is_structural
    assert wired.node_ids() == {"input_1", "relu_3", "relu_4"}
    assert (about.is_structural, about.node_ids()) == (False, frozenset())
    assert difference(project, project).is_empty


def test_undo_of_large_designs_stores_only_differences() -> None:
    graph = chain(5000)
    project = Project(graph=graph)
    changes = []
    for number in range(50):
        after = edits.set_settings(project, [f"relu_{number + 1}"], {"p": number})
        changes.append(difference(project, after))
        project = after
    assert all(len(change.entries) == 1 for change in changes)


def test_repairs_are_checked_when_they_are_applied(project: Project) -> None:
    cut = Repair("Cut", "disconnect", {"keys": ["gone"], "node": "relu_1", "scope": ""})
    for repair in (cut, Repair("?", "unknown", {}), Repair("Odd", "remove", {"nodes": 3})):
        with pytest.raises(EditError):
            apply_repair(project, repair)


def test_repair_can_change_training_and_data_settings(project: Project) -> None:
    changes = {"early_stopping.enabled": True, "epochs": 3}
    after = apply_repair(project, Repair("x", "set_training", {"changes": changes, "node": ""}))
    assert (after.training.early_stopping.enabled, after.training.epochs) == (True, 3)
    after = apply_repair(project, Repair("x", "set_data", {"changes": {"split.validation": 0.25}}))
    assert after.data.split.validation == 0.25
    with pytest.raises(EditError, match="no setting called 'deep'"):
        apply_repair(project, Repair("x", "set_training", {"changes": {"epochs.deep": 1}}))


def test_generated_names_are_valid_and_new(project: Project) -> None:
    for kind in ("relu", "Conv2D!", "class", "1x1", "ü", "forward", "x" * 300):
        name = new_id(project, TOP, kind)
        assert is_valid_id(name)
        assert name not in project.graph.nodes


def test_attributes_of_torch_modules_are_invalid_names() -> None:
    torch = pytest.importorskip("torch")
    module = torch.fx.GraphModule(torch.nn.Module(), torch.fx.Graph())
    containers = (module, torch.nn.ModuleDict(), torch.nn.Sequential())
    names = {name for container in containers for name in dir(container)}
    assert [name for name in sorted(names) if is_valid_id(name)] == []
    assert "forward" in RESERVED


def test_random_steps_cover_every_edit() -> None:
    rng = random.Random(1)
    counts: Counter[int] = Counter()
    for _ in range(240):
        project = Project()
        for _ in range(60):
            step = rng.randrange(len(STEPS))
            after = apply_step(project, (step, rng.randrange(60), rng.randrange(60)))
            counts[step] += after is not project
            project = after
    assert min(counts[step] for step in range(len(STEPS))) >= 5
