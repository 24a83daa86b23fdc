from __future__ import annotations

from dataclasses import replace

from dlstudio.design.edits import set_data
from dlstudio.design.model.report import Report
from dlstudio.gui.canvas.model.card_content import CardStatus


def test_cards_and_wires_show_the_check_report(broken_network):
    content = broken_network.editor.context.scene.content
    assert content.card("input_0").output_text == "16×28×28"
    assert content.card("input_0").parameter_text == "4\u2009672"
    assert content.card("relu_1").status is content.status("relu_1") is CardStatus.ERROR
    assert content.card("relu_1").output_text == "cannot do that"
    assert content.card("tanh_2").output_text == "waits for ReLU"
    assert content.is_broken("input_0.output>relu_1.input#0")
    assert not content.is_broken("relu_1.output>tanh_2.input#0")
    assert content.edge_text("input_0.output>relu_1.input#0") == "16×28×28"


def test_next_report_replaces_the_texts(broken_network):
    content = broken_network.editor.context.scene.content
    assert content.card("input_0").output_text
    broken_network.document.set_report(Report())
    assert not content.card("input_0").output_text
    assert not content.edge_text("input_0.output>relu_1.input#0")
    assert not content.is_broken("input_0.output>relu_1.input#0")


def test_input_card_shows_the_data_source(network):
    data = replace(network.project.data, source="mnist")
    network.document.try_edit(lambda project: set_data(project, data), "Data")
    assert network.editor.context.scene.content.card("input_0").card_summary == "MNIST"
