"""A block for each time step on the canvas: its card, its wires, what its problem offers."""

from __future__ import annotations

from dlstudio.design import edits
from dlstudio.design.blocks import group
from dlstudio.design.data_settings import DataSettings
from dlstudio.design.model import Project
from dlstudio.network.inference import Checker
from dlstudio.training.readiness import check_project
from tests.gui.canvas.canvas_pointer import Pointer


def stepwise(rows: bool) -> Project:
    data = DataSettings(source="digits", options={"rows": rows})
    project, last = Project(data=data), None
    for kind, settings in (
        ("input", {}), ("linear", {"out_features": 5}), ("relu", {}), ("flatten", {}),
        ("linear", {"out_features": 10}), ("output", {}),
    ):  # fmt: skip
        project, last = edits.append_after(project, last, kind, settings)
    project, placement = group(project, ["linear_1", "relu_1"], "Reader")
    return edits.set_settings(project, [placement], {"each_step": True})


def shown(canvas, project: Project) -> Pointer:
    pointer: Pointer = canvas(project)
    pointer.document.set_report(check_project(pointer.project, Checker()))
    return pointer


def test_its_card_and_wires_show_whole_sequences(canvas) -> None:
    pointer = shown(canvas, stepwise(rows=True))
    scene = pointer.editor.stage.scene
    content = scene.face("reader_1")
    assert (content.telling, content.line, content.figure) == ("each step", "8×5", "45")
    assert scene.face("flatten_1").line == "40"
    report = scene.findings
    signals = {
        (edge.source, edge.target): report.signal(pointer.project, "", edge)
        for edge in pointer.project.graph.edges.values()
    }
    assert {signal.shape for signal in signals.values() if signal} >= {(8, 8), (8, 5), (40,)}
    pointer.document.set_scope("reader")
    assert scene.face("relu_1").line == "5"
    assert scene.face("input").line == "8"


def test_a_picture_is_refused_on_its_card_and_the_next_one_waits(canvas) -> None:
    pointer = shown(canvas, stepwise(rows=False))
    report = pointer.editor.stage.scene.findings
    problem = report.worst("reader_1")
    assert problem is not None
    assert problem.title == "1×8×8 has no time axis"
    assert report.waiting_for("flatten_1") == "reader_1"
