"""The card, wires and problems of a block that is applied to each time step."""

from __future__ import annotations

from dlstudio.design import edits
from dlstudio.design.blocks import group
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.network.check.inference import Checker
from dlstudio.training.readiness.check import check_project
from tests.gui.canvas.canvas_pointer import Pointer


def time_distributed_project(rows: bool) -> Project:
    data = DataSettings(source="digits", options={"rows": rows})
    project, last = Project(data=data), None
    for kind, settings in (
        ("input", {}), ("linear", {"out_features": 5}), ("relu", {}), ("flatten", {}),
        ("linear", {"out_features": 10}), ("output", {}),
    ):  # fmt: skip
        project, last = edits.append_after(project, last, kind, settings)
    project, placement = group(project, ["linear_1", "relu_1"], "Reader")
    return edits.set_settings(project, [placement], {"each_step": True})


def open_checked(canvas, project: Project) -> Pointer:
    pointer: Pointer = canvas(project)
    pointer.document.set_report(check_project(pointer.project, Checker()))
    return pointer


def test_card_and_wires_show_sequence_shapes(canvas) -> None:
    pointer = open_checked(canvas, time_distributed_project(rows=True))
    scene = pointer.editor.context.scene
    content = scene.content.card("reader_1")
    assert (content.card_summary, content.output_text, content.parameter_text) == (
        "each step",
        "8×5",
        "45",
    )
    assert scene.content.card("flatten_1").output_text == "40"
    report = scene.content.report
    signals = {
        (edge.source, edge.target): report.signal(pointer.project, "", edge)
        for edge in pointer.project.graph.edges.values()
    }
    assert {signal.shape for signal in signals.values() if signal} >= {(8, 8), (8, 5), (40,)}
    pointer.document.set_scope("reader")
    assert scene.content.card("relu_1").output_text == "5"
    assert scene.content.card("input").output_text == "8"


def test_image_input_is_a_problem_and_blocks_the_next_card(canvas) -> None:
    pointer = open_checked(canvas, time_distributed_project(rows=False))
    report = pointer.editor.context.scene.content.report
    problem = report.worst_problem("reader_1")
    assert problem is not None
    assert problem.title == "1×8×8 has no time axis"
    assert report.blocked_by("flatten_1") == "reader_1"
