from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from dlstudio.design import edits
from dlstudio.design.arrange.arrange import arrange
from dlstudio.design.blocks import group, placements, set_block, ungroup
from dlstudio.design.commands.clipboard import copy, duplicate, is_pasteable, paste
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.edits import EditError
from dlstudio.design.library.files import dumps, loads
from dlstudio.design.model.model import Block, Edge, Graph, Layout, Node, Parameter, Project
from dlstudio.design.model.values import Ref
from dlstudio.design.structure.expand import MAX_NODES, Expanded, expand
from dlstudio.design.structure.structure import downstream, upstream
from tests.design.sample_graphs import resnet50, series_parallel

BODY = ("conv2d_6", "batch_norm2d_6", "relu_5", "conv2d_7", "batch_norm2d_7")


@pytest.fixture
def project() -> Project:
    graph = resnet50()
    return Project(graph=graph, layouts={"": Layout(arrange(graph), colours={"relu_5": "#123456"})})


def wired_kinds(expanded: Expanded) -> Counter[tuple[str, str, str, int]]:
    kinds = {path: flat.node.kind for path, flat in expanded.nodes.items()}
    return Counter(
        (kinds[e.source], kinds[e.target], e.target_port, e.slot) for e in expanded.edges
    )


def test_ungrouping_undoes_grouping_exactly(project: Project) -> None:
    grouped, placement = group(project, BODY, "Body")
    assert grouped.graph.nodes[placement].settings == {"block": "body"}
    assert expand(grouped).nodes[f"{placement}.relu_5"].node is project.graph.nodes["relu_5"]
    assert ungroup(grouped, placement) == project
    assert loads(dumps(grouped)) == grouped


@pytest.mark.parametrize("seed", range(20))
def test_grouping_a_random_selection_keeps_the_network(seed: int) -> None:
    rng = random.Random(seed)
    graph = series_parallel(seed, 25)
    project = Project(graph=graph, layouts={"": Layout(arrange(graph))})
    ends = rng.sample([n for n in graph.nodes if graph.nodes[n].kind in {"relu", "add"}], 3)
    selection = {*ends, *(downstream(graph, ends) & upstream(graph, ends))}
    grouped, placement = group(project, selection)
    assert wired_kinds(expand(grouped)) == wired_kinds(expand(project))
    assert ungroup(grouped, placement) == project


def test_non_contiguous_selection_is_refused(project: Project) -> None:
    with pytest.raises(EditError, match="not selected: batch_norm2d_6, relu_5"):
        group(project, ["conv2d_6", "conv2d_7"])
    with pytest.raises(EditError, match="inputs and outputs stay outside"):
        group(project, ["input_1"])
    with pytest.raises(EditError, match="Select the layers"):
        group(project, [])


def test_shared_weights_survive_grouping_and_ungrouping(project: Project) -> None:
    shared = edits.set_weights_from(project, "conv2d_8", "conv2d_7")
    grouped, placement = group(shared, BODY, "Body")
    assert grouped.graph.nodes["conv2d_8"].weights_from == f"{placement}.conv2d_7"
    assert ungroup(grouped, placement) == shared


@pytest.mark.parametrize("share", [False, True])
def test_repeats_are_expanded(project: Project, share: bool) -> None:
    grouped, placement = group(project, BODY, "Body")
    repeated = edits.set_settings(grouped, [placement], {"repeat": 3, "share": share})
    flat = expand(repeated)
    assert len(flat.nodes) == len(project.graph.nodes) + 10
    later = flat.nodes[f"{placement}.2.conv2d_6"]
    assert later.node.weights_from == (f"{placement}.0.conv2d_6" if share else None)
    assert (later.scope, later.owner) == ("body", placement)
    wire = Edge(f"{placement}.0.batch_norm2d_7", f"{placement}.1.conv2d_6")
    assert wire in flat.edges
    ungrouped = ungroup(repeated, placement)
    assert wired_kinds(expand(ungrouped)) == wired_kinds(flat)


def small_block(*inner: Node, parameters: tuple[Parameter, ...] = ()) -> Project:
    nodes = (Node("input", "block_input"), *inner, Node("output", "block_output"))
    path = [node.id for node in nodes]
    edges = [Edge(source, target) for source, target in pairwise(path)]
    graph = Graph({node.id: node for node in nodes}, {edge.key: edge for edge in edges})
    return Project(blocks={"cell": Block("cell", "Cell", parameters, graph)})


def test_parameters_reach_inner_layers_and_become_values() -> None:
    conv = Node("conv2d_1", "conv2d", {"out_channels": Ref("width", 3, 2)})
    project = small_block(conv, parameters=(Parameter("width", 8),))
    settings = {"block": "cell", "values": {"width": Ref("classes", 2)}}
    project, placement = edits.add_node(project, "block", settings=settings)
    flat = expand(project, {"classes": 10})
    assert flat.nodes[f"{placement}.conv2d_1"].parameter_values == {"width": 20}
    assert flat.problems == ()
    channels = ungroup(project, placement).graph.nodes["conv2d_1"].settings["out_channels"]
    assert channels == Ref("classes", 6, 2)
    plain = edits.set_settings(project, [placement], {"values": {"width": 4}})
    assert ungroup(plain, placement).graph.nodes["conv2d_1"].settings["out_channels"] == 6


def test_nested_shared_repeats_have_one_weight_owner() -> None:
    inner = small_block(Node("linear_1", "linear")).blocks["cell"]
    nested = Node("cell_1", "block", {"block": "cell", "repeat": 2, "share": True})
    outer = small_block(nested).blocks["cell"]
    blocks = {"cell": inner, "outer": Block("outer", "Outer", (), outer.graph)}
    settings = {"block": "outer", "repeat": 2, "share": True}
    project, placement = edits.add_node(Project(blocks=blocks), "block", settings=settings)
    owners = {flat.node.weights_from for flat in expand(project).nodes.values()}
    assert owners == {None, f"{placement}.0.cell_1.0.linear_1"}


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"block": "gone"}, "unknown-block"),
        ({"block": "cell", "repeat": 0}, "bad-repeat"),
        ({"block": "cell", "repeat": "many"}, "bad-parameter"),
        ({"block": "cell", "repeat": Ref("nothing")}, "bad-parameter"),
        ({"block": "cell", "repeat": MAX_NODES}, "too-many-layers"),
    ],
)
def test_placement_that_cannot_be_expanded_is_a_problem(
    settings: dict[str, int | str], code: str
) -> None:
    project = small_block(Node("relu_1", "relu"), Node("relu_2", "relu"))
    project, _ = edits.add_node(project, "block", settings=settings)
    assert [problem.code for problem in expand(project).problems] == [code]


@pytest.mark.parametrize(
    ("invalid", "code", "message"),
    [
        ({"values": {"depth": 3, "width": 2}}, "bad-parameter", "no parameter for 'depth'"),
        ({"values": "wide"}, "bad-parameter", "no parameter for 'wide'; it has width"),
        ({"each_step": "yes"}, "bad-switch", "must be on or off, not 'yes'"),
        ({"share": 1}, "bad-switch", "“Share weights” of Cell must be on or off, not 1"),
    ],
)
def test_invalid_placement_settings_are_reported_and_removable(
    invalid: dict[str, Any], code: str, message: str
) -> None:
    cell = small_block(Node("relu_1", "relu")).blocks["cell"]
    cell = replace(cell, title="Cell", parameters=(Parameter("width", 4),))
    project = Project(blocks={"cell": cell})
    project, placement = edits.add_node(project, "block", settings={"block": "cell", **invalid})
    loaded = loads(dumps(project))
    assert loaded == project
    (problem,) = expand(loaded).problems
    assert (problem.code, problem.path) == (code, placement)
    assert message in problem.text
    repaired = apply_repair(loaded, problem.repairs[0])
    assert expand(repaired).problems == ()
    settings = repaired.graph.nodes[placement].settings
    assert settings.get("values", {}).get("width", 2) == 2
    assert settings["block"] == "cell"


def test_block_inside_itself_is_a_problem() -> None:
    project = small_block(Node("cell_1", "block", {"block": "cell"}))
    project, placement = edits.add_node(project, "block", settings={"block": "cell"})
    (problem,) = expand(project).problems
    assert (problem.code, problem.path) == ("recursive-block", f"{placement}.cell_1")


def test_definition_is_removed_with_its_last_placement(project: Project) -> None:
    grouped, placement = group(project, BODY, "Body")
    twice, (second,) = duplicate(grouped, [placement])
    assert len(placements(twice, "body")) == 2
    once = ungroup(twice, placement)
    assert list(once.blocks) == ["body"]
    assert ungroup(once, second).blocks == {}


def test_block_can_be_renamed(project: Project) -> None:
    grouped, _ = group(project, BODY, "Body")
    renamed = set_block(grouped, Block("body", "New\nname", (Parameter("c", 3),)))
    assert renamed.blocks["body"].title == "New name"
    assert renamed.blocks["body"].graph is grouped.blocks["body"].graph
    assert set_block(renamed, renamed.blocks["body"]) is renamed


def test_blocks_are_copied_with_the_clipboard(project: Project) -> None:
    grouped, placement = group(project, BODY, "Body")
    text = copy(grouped, [placement, "relu_6"])
    assert is_pasteable(text)
    pasted, ids = paste(Project(), text, (10.0, 20.0))
    assert pasted.blocks.keys() == {"body"}
    assert len(ids) == 2
    assert min(pasted.layout_at().positions.values())[0] == 10.0
    pasted_twice, _ = paste(pasted, text, (0.0, 0.0))
    assert pasted_twice.blocks.keys() == {"body"}
    other = set_block(pasted, Block("body", "Another"))
    assert paste(other, text)[0].blocks.keys() == {"body", "body_1"}


@pytest.mark.parametrize("text", ["", "hi", "{}", '{"format": "dlstudio-clipboard"}', "[" * 9999])
def test_other_text_cannot_be_pasted(text: str) -> None:
    assert not is_pasteable(text)
    with pytest.raises(EditError, match="cannot be pasted"):
        paste(Project(), text)
