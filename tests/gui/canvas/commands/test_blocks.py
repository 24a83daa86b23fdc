"""Blocks on the canvas: card texts and problems at every level, inserting and pasting."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF

from dlstudio.design import edits
from dlstudio.design.blocks import group, promote_setting, set_parameter_value
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.values import Ref
from dlstudio.gui.canvas.commands import adding, grouping
from dlstudio.gui.canvas.model.card_content import CardStatus
from dlstudio.gui.canvas.model.insertable_items import find_item, insertable_items
from dlstudio.gui.canvas.scene.canvas_context import SearchRequest
from dlstudio.gui.inspector.node_properties import node_problems
from dlstudio.network.check.inference import Checker
from dlstudio.training.readiness.check import check_project
from tests.gui.canvas.canvas_pointer import Pointer

CONV = {"out_channels": 4, "padding": (1, 1)}


def nested_blocks() -> Project:
    """Return a network with block `Outer`, which contains `Cell`: Conv2d of `width` and ReLU."""
    project, last = Project(data=DataSettings(source="digits")), None
    for kind, settings in (
        ("input", {}), ("conv2d", CONV), ("relu", {}), ("tanh", {}), ("flatten", {}),
        ("linear", {"out_features": 10}), ("output", {}),
    ):  # fmt: skip
        project, last = edits.append_after(project, last, kind, settings)
    project, inner = group(project, ["conv2d_1", "relu_1"], "Cell")
    project = promote_setting(project, "conv2d_1", "out_channels", "width", 4, scope="cell")
    return group(project, [inner, "tanh_1"], "Outer")[0]


@pytest.fixture
def blocks(canvas) -> Pointer:
    return canvas(nested_blocks())


def check(pointer: Pointer) -> None:
    pointer.document.set_report(check_project(pointer.project, Checker()))


def test_cards_show_repeats_values_shapes_and_parameters_at_every_level(blocks):
    project = edits.set_settings(blocks.project, ["cell_1"], {"repeat": 3, "share": True}, "outer")
    project = set_parameter_value(project, "cell_1", "width", 6, "outer")
    blocks.document.apply(project, "Repeat")
    check(blocks)
    scene = blocks.editor.context.scene
    content = scene.content.card("outer_1")
    assert (content.title, content.output_text, content.parameter_text) == ("Outer", "6×8×8", "60")
    blocks.document.set_scope("outer")
    content = scene.content.card("cell_1")
    assert (content.title, content.card_summary) == ("Cell ×3", "6 · shared")
    assert (content.output_text, content.parameter_text) == ("6×8×8", "60")
    assert scene.content.card("input").output_text == "1×8×8"


def test_repeat_bound_to_the_data_is_shown_on_the_card_and_inside_the_block(blocks):
    changed = edits.set_settings(blocks.project, ["outer_1"], {"repeat": Ref("classes")})
    blocks.document.apply(changed, "Repeat")
    check(blocks)
    scene = blocks.editor.context.scene
    assert scene.content.card("outer_1").title == "Outer ×classes"
    assert scene.content.card("outer_1").output_text == "4×8×8"
    blocks.document.set_scope("outer")
    assert scene.content.path("tanh_1") == "outer_1.0.tanh_1"
    assert scene.content.card("tanh_1").output_text == "4×8×8"


def test_nested_problem_marks_every_enclosing_card(blocks):
    broken = edits.set_settings(blocks.project, ["conv2d_1"], {"kernel_size": (99, 99)}, "cell")
    blocks.document.apply(broken, "Break")
    check(blocks)
    scene = blocks.editor.context.scene
    assert scene.content.status("outer_1") is CardStatus.ERROR
    for scope, card in (("outer", "cell_1"), ("cell", "conv2d_1")):
        blocks.document.set_scope(scope)
        assert scene.content.status(card) is CardStatus.ERROR


def test_shipped_block_is_inserted_on_a_wire_in_one_undo_step(blocks):
    before = blocks.project
    item = find_item(before, "shipped:residual")
    blocks.document.set_scope("outer")
    wire = next(iter(blocks.graph.edges))
    added = adding.add_at(blocks.editor.context, item, SearchRequest(QPointF(0, 0), wire=wire))
    assert blocks.graph.nodes[added].settings == {"block": "residual"}
    assert blocks.project.layout_at("residual").positions
    assert len(blocks.graph.edges) == 4
    blocks.undo.undo()
    assert blocks.project is before
    adding.add_after_selection(blocks.editor.context, "shipped:residual")
    adding.add_after_selection(blocks.editor.context, "shipped:residual")
    assert [*blocks.project.blocks] == ["cell", "outer", "residual"]


def test_cards_are_pasted_across_scopes(blocks):
    before = blocks.project
    blocks.document.set_scope("cell")
    blocks.document.set_selection({"conv2d_1"})
    blocks.editor.copy()
    grouping.leave_block(blocks.editor.context)
    grouping.leave_block(blocks.editor.context)
    blocks.editor.paste()
    (pasted,) = blocks.document.selection
    assert blocks.graph.nodes[pasted].settings["out_channels"] == 4
    blocks.document.set_selection({"outer_1"})
    blocks.editor.copy()
    blocks.document.set_scope("cell")
    messages = []
    blocks.document.message.connect(messages.append)
    blocks.editor.paste()
    assert messages == ["Cell cannot contain itself."]
    blocks.undo.undo()
    assert blocks.project is before


def test_problem_in_a_later_repeat_is_shown_inside_the_block(canvas):
    project, last = Project(data=DataSettings(source="digits")), None
    for kind in ("input", "max_pool2d", "relu", "output"):
        project, last = edits.append_after(project, last, kind)
    project, inner = group(project, ["max_pool2d_1"], "Inner")
    project, outer = group(project, [inner, "relu_1"], "Outer")
    pointer = canvas(edits.set_settings(project, [inner], {"repeat": 5}, "outer"))
    check(pointer)
    scene = pointer.editor.context.scene
    for card, scope, path in (
        (outer, "", ()), (inner, "outer", (outer,)), ("max_pool2d_1", "inner", (outer, inner)),
    ):  # fmt: skip
        pointer.document.set_scope(scope, path)
        assert scene.content.status(card) is CardStatus.ERROR
        problem = scene.content.report.worst_problem(card)
        assert problem is not None
        assert problem.text.startswith("In repeat 4: MaxPool2d")
        problems = node_problems(pointer.document.report, scene.content.path(card))
        assert [shown_problem.text for shown_problem in problems] == [problem.text]


def test_block_scope_offers_block_ports_but_not_enclosing_blocks(blocks):
    def tokens() -> set[str]:
        return {item.token for item in insertable_items(blocks.project, blocks.document.scope)}

    assert {"input", "output", "block:cell", "block:outer"} <= tokens()
    assert not {"block_input", "block_output"} & tokens()
    blocks.document.set_scope("cell")
    assert {"block_input", "block_output"} <= tokens()
    assert not {"input", "output", "block:cell", "block:outer"} & tokens()
    added = adding.add_after_selection(blocks.editor.context, "block_input")
    blocks.document.set_scope("outer")
    ports = blocks.editor.context.scene.cards["cell_1"].description.ports
    assert [port.name for port in ports.inputs] == ["input", added]
