"""Adding layers by kind."""

from __future__ import annotations

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.network.check.inference import Checker


def test_added_kinds_are_wired_in_a_row(canvas):
    pointer = canvas(Project())
    for kind in ("input", "flatten", "linear", "output"):
        assert pointer.editor.add_kind(kind)
    assert pointer.wires == {
        ("input_1", "flatten_1"),
        ("flatten_1", "linear_1"),
        ("linear_1", "output_1"),
    }
    xs = [pointer.layout.positions[node_id][0] for node_id in pointer.graph.nodes]
    assert xs == sorted(xs)


def test_layer_that_needs_another_one_before_it_brings_it_along(canvas, qtbot):
    pointer = canvas(Project(data=DataSettings(source="digits")))
    pointer.editor.add_kind("input")
    report = Checker().check(pointer.project, info_of(pointer.project.data))
    pointer.document.set_report(report)
    with qtbot.waitSignal(pointer.document.message) as signal:
        pointer.editor.add_kind("linear")
    assert pointer.wires == {("input_1", "flatten_1"), ("flatten_1", "linear_1")}
    assert signal.args[0] == (
        "Flatten was added before Linear: Linear needs a flat list, not 1×8×8."
    )
    pointer.document.undo_stack.undo()
    assert list(pointer.graph.nodes) == ["input_1"]


def test_layer_whose_mistake_has_several_fixes_is_added_alone(canvas):
    pointer = canvas(Project(data=DataSettings(source="digits")))
    pointer.editor.add_kind("input")
    report = Checker().check(pointer.project, info_of(pointer.project.data))
    pointer.document.set_report(report)
    pointer.editor.add_kind("conv1d")
    assert list(pointer.graph.nodes) == ["input_1", "conv1d_1"]


def test_kind_added_after_a_wired_card_is_inserted_on_its_wire(network):
    network.click(network.centre("relu_1"))
    network.editor.add_kind("dropout")
    assert {("relu_1", "dropout_1"), ("dropout_1", "tanh_2")} <= network.wires


def test_unknown_kind_is_rejected_with_a_message(network, qtbot):
    with qtbot.waitSignal(network.document.message):
        assert not network.editor.add_kind("warp-drive")
