"""A block placed several times: the canvas shows the opened placement."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QToolButton

from dlstudio.design import edits
from dlstudio.design.blocks import group, promote_setting, set_parameter_value
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import BLOCK, Edge, Node, Project
from dlstudio.gui.canvas.commands.grouping import enter_block, leave_block
from dlstudio.gui.inspector.node_properties import references_in_scope, report_path
from dlstudio.network.check.inference import Checker
from dlstudio.training.readiness.check import check_project
from tests.gui.canvas.canvas_pointer import Pointer


def placed_twice() -> Project:
    """Return a network with `Cell`, a Conv2d of `width` channels, inside and after `Outer`."""
    project, last = Project(data=DataSettings(source="digits")), None
    for kind, settings in (
        ("input", {}), ("conv2d", {"out_channels": 4, "padding": (1, 1)}), ("relu", {}),
        ("tanh", {}), ("flatten", {}), ("linear", {"out_features": 10}), ("output", {}),
    ):  # fmt: skip
        project, last = edits.append_after(project, last, kind, settings)
    project, inner = group(project, ["conv2d_1", "relu_1"], "Cell")
    project = promote_setting(project, "conv2d_1", "out_channels", "width", 4, scope="cell")
    project, outer = group(project, [inner, "tanh_1"], "Outer")
    graph = project.graph
    wire = next(edge for edge in graph.edges.values() if edge.target == "flatten_1")
    inside = project.blocks["cell"].graph.nodes.values()
    input_id = next(node.id for node in inside if node.kind == "block_input")
    output_id = next(node.id for node in inside if node.kind == "block_output")
    edges = {key: edge for key, edge in graph.edges.items() if edge != wire}
    for edge in (
        Edge(outer, "cell_2", wire.source_port, input_id),
        Edge("cell_2", "flatten_1", output_id),
    ):
        edges[edge.key] = edge
    nodes = {**graph.nodes, "cell_2": Node("cell_2", BLOCK, {"block": "cell"})}
    project = project.with_graph(type(graph)(nodes, edges))
    return set_parameter_value(project, "cell_2", "width", 7)


@pytest.fixture
def placed(canvas) -> Pointer:
    pointer: Pointer = canvas(placed_twice())
    check(pointer)
    return pointer


def check(pointer: Pointer) -> None:
    pointer.document.set_report(check_project(pointer.project, Checker()))


def breadcrumbs(pointer: Pointer) -> list[QToolButton]:
    bar = pointer.editor.breadcrumb_bar
    widgets = (bar._trail.itemAt(index).widget() for index in range(bar._trail.count()))
    return [widget for widget in widgets if isinstance(widget, QToolButton)]


def breadcrumb_texts(pointer: Pointer) -> list[str]:
    return [button.text() for button in breadcrumbs(pointer)]


def test_breadcrumb_shows_the_opened_placements(placed: Pointer) -> None:
    context = placed.editor.context
    assert enter_block(context, "cell_2")
    assert breadcrumb_texts(placed) == ["Network", "Cell · cell_2"]
    leave_block(context)
    assert placed.document.selection == {"cell_2"}
    enter_block(context, "outer_1")
    enter_block(context, "cell_1")
    assert breadcrumb_texts(placed) == ["Network", "Outer", "Cell · cell_1"]
    breadcrumbs(placed)[1].click()
    assert placed.document.scope == "outer"
    leave_block(context)
    assert placed.document.selection == {"outer_1"}


def test_shapes_values_and_paths_belong_to_the_opened_placement(placed: Pointer) -> None:
    context, document = placed.editor.context, placed.document
    enter_block(context, "cell_2")
    assert context.scene.content.card("conv2d_1").output_text == "7×8×8"
    assert report_path(document, "conv2d_1") == "cell_2.conv2d_1"
    assert references_in_scope(document)["width"] == 7
    leave_block(context)
    enter_block(context, "outer_1")
    enter_block(context, "cell_1")
    assert context.scene.content.card("conv2d_1").output_text == "4×8×8"
    assert report_path(document, "conv2d_1") == "outer_1.cell_1.conv2d_1"
    assert references_in_scope(document)["width"] == 4


def test_scope_without_a_path_opens_its_first_placement(placed: Pointer) -> None:
    placed.document.set_scope("cell")
    assert placed.document.placement_path in {("outer_1", "cell_1"), ("cell_2",)}
    first = placed.document.placement_path
    enter_block(placed.editor.context)
    assert placed.document.placement_path == first


def test_removing_the_opened_placement_shows_the_first(placed: Pointer) -> None:
    enter_block(placed.editor.context, "cell_2")
    placed.document.try_edit(
        lambda project: edits.remove_nodes(project, ["cell_2"], rewire=True), "Remove"
    )
    check(placed)
    assert placed.document.placement_path == ("outer_1", "cell_1")
    assert breadcrumb_texts(placed) == ["Network", "Outer", "Cell"]
    assert placed.editor.context.scene.content.card("conv2d_1").output_text == "4×8×8"


def test_wiring_problems_are_shown_in_every_placement(placed: Pointer) -> None:
    enter_block(placed.editor.context, "cell_2")
    wire = next(
        edge for edge in placed.project.blocks["cell"].graph.edges.values()
        if edge.target == "relu_1"
    )  # fmt: skip
    placed.document.try_edit(
        lambda project: edits.disconnect(project, [wire.key], scope="cell"), "Cut"
    )
    check(placed)
    problem = placed.editor.context.scene.content.report.worst_problem("relu_1")
    assert problem is not None
    assert problem.code == "unconnected-port"
    placed.editor.show_node(problem.path)
    assert placed.document.selection == {"relu_1"}
    assert placed.document.placement_path == ("cell_2",)


def test_breadcrumb_shows_the_custom_title_of_a_placement(placed: Pointer) -> None:
    placed.document.try_edit(
        lambda project: edits.set_title(project, "cell_2", "Second look"), "Name"
    )
    enter_block(placed.editor.context, "cell_2")
    assert breadcrumb_texts(placed) == ["Network", "Second look"]
