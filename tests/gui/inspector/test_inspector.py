from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from dlstudio.design.blocks import group
from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem, Repair, Severity
from dlstudio.design.model.report import Cost, Report
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.setting_editors import MIXED, ChoiceEditor, TextEditor
from dlstudio.gui.inspector.inspector import Inspector
from dlstudio.gui.inspector.multi_selection_page import MultiSelectionPage
from dlstudio.gui.inspector.network_page import NetworkPage
from dlstudio.gui.inspector.node_page import NodePage
from dlstudio.gui.inspector.node_properties import cost_rows
from dlstudio.gui.widgets.collapsible_text import CollapsibleText
from dlstudio.insight.activations.activation_views import ActivationView, LayerView, SampleChoice
from tests.gui.panel_designs import (
    broken_network,
    chain,
    checked_document,
    small_network,
    type_into,
)


def create_inspector(qtbot: QtBot, project: Project) -> tuple[Inspector, Document]:
    document = checked_document(project)
    inspector = Inspector(document)
    qtbot.addWidget(inspector)
    inspector.resize(285, 800)
    inspector.show()
    return inspector, document


def page_text(inspector: Inspector) -> str:
    return "\n".join(label.text() for label in inspector.page.findChildren(QLabel))


def test_node_page_shows_shapes_and_costs(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    document.set_selection(["conv2d_1"])
    page = inspector.page
    assert isinstance(page, NodePage)
    facts = dict(page.property_table.rows)
    assert facts["Input"] == "1×8×8"
    assert facts["Output"] == "4×6×6"
    assert facts["Parameters"] == "40"
    assert facts["Activation memory"].endswith("KiB")
    assert dict(cost_rows(Cost(), 32))["Activation memory"] == "none"
    assert "for a batch of 32" in page_text(inspector)
    assert "conv2d_1" in page_text(inspector)


class WindowRecorder(QObject):
    """An event filter that records the windows shown."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            self.names += [type(watched).__name__] if watched.isWindow() else []
        return False


def test_no_page_widget_is_shown_as_a_window(qtbot: QtBot) -> None:
    _, document = create_inspector(qtbot, group(small_network(), ["linear_1"], "Stage")[0])
    recorder, application = WindowRecorder(), QApplication.instance()
    assert application is not None
    application.installEventFilter(recorder)
    nodes = list(document.project.graph.nodes)
    for selection in (*([node_id] for node_id in nodes), nodes, []):
        document.set_selection(selection)
        QApplication.processEvents()
    application.removeEventFilter(recorder)
    assert recorder.names == []


def test_another_design_gets_one_new_page(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    old, at_reset = inspector.page, list[object]()
    document.reset.connect(lambda: at_reset.append(inspector.page))
    document.load(broken_network(), None)
    assert at_reset == [inspector.page]
    assert inspector.page is not old


def test_edit_changes_the_design_and_the_properties(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    document.set_selection(["conv2d_1"])
    page = inspector.page
    assert isinstance(page, NodePage)
    type_into(qtbot, page.form.editors["out_channels"], "6")
    assert document.project.graph.nodes["conv2d_1"].settings["out_channels"] == 6
    assert dict(page.property_table.rows)["Parameters"] == "60"


def test_steps_in_a_row_are_one_undo_step(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    before = document.project
    document.set_selection(["conv2d_1"])
    page = inspector.page
    assert isinstance(page, NodePage)
    editor = page.form.editors["out_channels"]
    assert isinstance(editor, TextEditor)
    for _ in range(5):
        qtbot.keyClick(editor.field, Qt.Key.Key_Up)
    assert document.project.graph.nodes["conv2d_1"].settings["out_channels"] == 9
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.project == before
    assert editor.field.text() == "4"


def test_invalid_value_stays_in_the_field_only(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    before = document.project
    document.set_selection(["conv2d_1"])
    page = inspector.page
    assert isinstance(page, NodePage)
    type_into(qtbot, page.form.editors["out_channels"], "lots")
    assert document.project is before
    assert "lots" in page.form.editors["out_channels"].error_text


def test_repair_button_fixes_the_problem(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, broken_network())
    document.set_selection(["linear_1"])
    assert "missing-flatten" in [problem.code for problem in document.report.problems]
    repair = inspector.page.findChild(QPushButton, "repair")
    assert repair is not None
    qtbot.mouseClick(repair, Qt.MouseButton.LeftButton)
    assert document.report.problems == ()
    qtbot.waitUntil(lambda: inspector.page.findChild(QPushButton, "repair") is None)
    document.undo_stack.undo()
    assert "missing-flatten" in [problem.code for problem in document.report.problems]


def test_a_card_can_be_renamed(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    document.set_selection(["conv2d_1"])
    page = inspector.page
    assert isinstance(page, NodePage)
    page.title.setFocus()
    qtbot.keyClicks(page.title, "Edges")
    qtbot.keyClick(page.title, Qt.Key.Key_Return)
    assert document.project.graph.nodes["conv2d_1"].title == "Edges"


def test_several_cards_are_edited_at_once(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    document.set_selection(["conv2d_1", "conv2d_2"])
    page = inspector.page
    assert isinstance(page, MultiSelectionPage)
    filters, kernel = page.form.editors["out_channels"], page.form.editors["kernel_size"]
    assert isinstance(filters, TextEditor)
    assert isinstance(kernel, TextEditor)
    assert filters.field.text() == MIXED
    assert kernel.field.text() == "3 × 3"
    type_into(qtbot, filters, "5")
    nodes = document.project.graph.nodes
    assert [nodes[node_id].settings["out_channels"] for node_id in ("conv2d_1", "conv2d_2")] == [
        5,
        5,
    ]
    assert document.undo_stack.count() == 1


def test_different_kinds_share_only_what_both_have(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    document.set_selection(["conv2d_1", "linear_1"])
    page = inspector.page
    assert isinstance(page, MultiSelectionPage)
    assert "bias" in page.form.editors
    assert "out_channels" not in page.form.editors


def test_unknown_kind_is_shown_with_its_settings(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, chain(("warp", {"speed": 9})))
    document.set_selection(["warp_1"])
    assert "Unknown layer kind “warp”" in page_text(inspector)
    assert "speed = 9" in page_text(inspector)


def test_nothing_selected_shows_the_network(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    page = inspector.page
    assert isinstance(page, NetworkPage)
    facts = dict(page.property_table.rows)
    assert facts["Layers"] == "6"
    assert facts["Parameters"] == f"{document.report.cost.parameters:,}".replace(",", "\u202f")
    assert "4×6×6" in page_text(inspector)


def test_changing_the_optimiser_shows_its_settings(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    page = inspector.page
    assert isinstance(page, NetworkPage)
    form = next(section for section in page.training.forms if "optimiser.name" in section.editors)
    combo = form.editors["optimiser.name"]
    assert isinstance(combo, ChoiceEditor)
    combo.combo.setFocus()
    qtbot.keyClick(combo.combo, Qt.Key.Key_Home)
    assert document.project.training.groups[0].optimiser.name == "sgd"
    form = next(section for section in page.training.forms if "optimiser.name" in section.editors)
    type_into(qtbot, form.editors["optimiser.settings.momentum"], "0.9")
    assert document.project.training.groups[0].optimiser.settings == {"momentum": 0.9}


def test_changing_the_task_selects_a_compatible_loss(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    page = inspector.page
    assert isinstance(page, NetworkPage)
    form = next(section for section in page.training.forms if "task" in section.editors)
    editor = form.editors["task"]
    assert isinstance(editor, ChoiceEditor)
    editor.combo.setFocus()
    qtbot.keyClick(editor.combo, Qt.Key.Key_Down)
    assert document.project.training.task == "regression"
    assert document.project.training.loss == "mse"


def test_changing_the_source_shows_its_options(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    page = inspector.page
    assert isinstance(page, NetworkPage)
    source = page.data.source
    source.setFocus()
    qtbot.keyClicks(source, "Spirals")
    assert document.project.data.source == "spirals"
    assert "noise" in page.data.forms["Options"].editors
    assert "Augmentation" not in page.data.forms
    type_into(qtbot, page.data.forms["Options"].editors["noise"], "0.2")
    assert document.project.data.options == {"noise": 0.2}
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.project.data.source == "digits"
    assert source.currentText() == "Handwritten digits 8×8"


def test_sample_limit_is_shown_for_randomly_split_sources(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    page = inspector.page
    assert isinstance(page, NetworkPage)
    type_into(qtbot, page.data.forms["Split"].editors["split.most"], "100")
    assert document.project.data.split.most == 100
    page.data.source.setFocus()
    qtbot.keyClicks(page.data.source, "Time series")
    assert document.project.data.source == "series"
    assert "split.most" not in page.data.forms["Split"].editors


@pytest.mark.parametrize("code", ["conv2d_1", "linear_1", "input_1", "output_1", "flatten_1"])
def test_removing_the_selected_card_goes_back_to_the_network(qtbot: QtBot, code: str) -> None:
    from dlstudio.design.edits import remove_nodes

    inspector, document = create_inspector(qtbot, small_network())
    document.set_selection([code])
    assert isinstance(inspector.page, NodePage)
    document.apply(remove_nodes(document.project, [code]), "Remove")
    assert isinstance(inspector.page, NetworkPage)


def test_a_placed_block_is_repeated_from_its_form(qtbot: QtBot) -> None:
    from dlstudio.design.blocks import group

    project, node_id = group(small_network(), ["conv2d_1", "conv2d_2"], "Two convolutions")
    inspector, document = create_inspector(qtbot, project)
    document.set_selection([node_id])
    page = inspector.page
    assert isinstance(page, NodePage)
    assert "Two convolutions" in page.title.placeholderText()
    assert dict(page.property_table.rows)["Parameters"] == "336"
    type_into(qtbot, page.form.editors["repeat"], "2")
    assert document.project.graph.nodes[node_id].settings["repeat"] == 2
    page.form.editors["each_step"].toggle.toggled.emit(True)
    assert document.project.graph.nodes[node_id].settings["each_step"] is True


def activation_view(path: str) -> ActivationView:
    maps = np.random.default_rng(0).normal(size=(6, 8, 8)).astype(np.float32)
    layer = LayerView(
        "maps", maps, maps.shape, -3.0, 3.0, 0.0, np.ones(2, np.int64), maps[0, 0, :3]
    )
    return ActivationView(
        step=5, choice=SampleChoice(), samples=9, subsets=("test",), image=None, true_label="3",
        target=3, scores=np.zeros(10, np.float32), class_names=(), layers={path: layer},
        times={path: 0.114, "other": 5.0},
    )  # fmt: skip


def test_run_shows_time_and_feature_maps_of_the_selected_layer(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    document.set_selection(["conv2d_1"])
    page = inspector.page
    assert isinstance(page, NodePage)
    assert "Measured" not in dict(page.property_table.rows)
    assert not page.output_preview.isVisible()
    inspector.show_view(activation_view("conv2d_1"))
    assert dict(page.property_table.rows)["Measured"] == "0.11 ms"
    assert page.output_preview.isVisible()
    assert page.output_preview.grid.accessibleName() == "6 feature maps"
    document.set_selection(["conv2d_2"])
    other = inspector.page
    assert isinstance(other, NodePage)
    assert not other.output_preview.isVisible()
    document.set_selection(["conv2d_1"])
    again = inspector.page
    assert isinstance(again, NodePage)
    assert again.output_preview.isVisible()
    inspector.show_view(None)
    assert not again.output_preview.isVisible()


def test_long_explanation_is_truncated_until_expanded(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    document.set_selection(["conv2d_1"])
    explanation = inspector.page.findChild(CollapsibleText)
    assert explanation is not None
    qtbot.waitUntil(lambda: explanation.is_truncated)
    line = explanation.fontMetrics().lineSpacing()
    qtbot.waitUntil(lambda: explanation.height() < 5 * line)
    short = explanation.height()
    explanation.setFocus()
    qtbot.keyClick(explanation, Qt.Key.Key_Tab)
    qtbot.keyClick(explanation, Qt.Key.Key_Return)
    assert not explanation.is_truncated
    qtbot.waitUntil(lambda: explanation.height() > short)


def test_explanation_survives_any_resize(qtbot: QtBot) -> None:
    random = Random(6)
    for number in range(120):
        area, page = QScrollArea(), QWidget()
        area.setWidgetResizable(True)
        qtbot.addWidget(area)
        column = QVBoxLayout(page)
        explanation = CollapsibleText("word and " * (number + 1))
        column.addWidget(explanation)
        area.setWidget(page)
        area.show()
        for _ in range(3):
            area.resize(random.randint(0, 400), random.randint(0, 200))
            QApplication.processEvents()
        assert explanation.text().startswith("word and")
        area.hide()


def right_edge(widget: QWidget, ancestor: QWidget) -> int:
    return widget.mapTo(ancestor, widget.rect().topRight()).x()


@pytest.mark.parametrize("selection", [(), ("conv2d_2",), ("conv2d_1", "linear_1")])
def test_a_page_is_never_wider_than_its_panel(qtbot: QtBot, selection: tuple[str, ...]) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    repair = Repair("Remove this layer and join its neighbours to one another again", "remove")
    problem = Problem(Severity.ERROR, "conv2d_2", "code", "Too much.", repairs=(repair,))
    document.set_selection(list(selection))
    document.set_report(replace(document.report, problems=(problem,)))
    inspector.resize(180, 800)
    qtbot.waitUntil(lambda: inspector.page.width() == inspector.viewport().width())
    buttons = inspector.page.findChildren(QPushButton, "repair")
    assert bool(buttons) is (selection == ("conv2d_2",))
    for button in buttons:
        qtbot.waitUntil(lambda button=button: right_edge(button, inspector) < inspector.width())
        assert button.sizeHint().width() > button.width(), "the text is cut short"
        assert button.toolTip() == repair.title


def test_long_repair_title_does_not_truncate_the_problem_text(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    repair = Repair("Remove this layer and join its neighbours at once", "remove", {})
    text = "MaxPool2d summarises patches of 2×2 positions, but the input is only 1×1. Use less. "
    problem = Problem(Severity.ERROR, "conv2d_1", "test", 2 * text, "Too large", repairs=(repair,))
    document.set_selection(["conv2d_1"])
    document.set_report(Report({}, (problem,)))
    (text_label,) = (
        label for label in inspector.page.findChildren(QLabel) if label.text() == 2 * text
    )
    qtbot.waitUntil(
        lambda: text_label.height() >= text_label.heightForWidth(text_label.width()) > 60,
        timeout=2000,
    )
