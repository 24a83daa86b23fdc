"""Designs, bundles, blocks and clipboards of earlier versions are read completely."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlstudio.design.commands.clipboard import is_pasteable, paste
from dlstudio.design.library.files import load, load_bundle
from dlstudio.design.library.library import read_library
from dlstudio.design.model.model import Project, WeightsRef
from dlstudio.design.model.training_settings import Selector
from dlstudio.design.model.values import Ref
from dlstudio.design.storage.block_file import read_block
from tests.kept_files import KEPT

WEIGHTS = "fa6fa44a"


@pytest.fixture
def blocks() -> Project:
    return load(KEPT / "blocks.dlstudio")


def test_blocks_keep_parameters_references_and_repeats(blocks: Project) -> None:
    unit = blocks.blocks["unit"]
    assert (unit.title, unit.help) == ("Unit", "A residual unit.")
    assert [(item.name, item.default, item.help) for item in unit.parameters] == [
        ("width", 8, "Features inside")
    ]
    assert unit.graph.nodes["linear_1"].settings["out_features"] == Ref("width", times=2)
    nested = blocks.blocks["stage"].graph.nodes["unit_1"].settings
    assert (nested["block"], nested["repeat"], nested["share"]) == ("unit", 2, True)
    assert nested["values"] == {"width": Ref("size")}
    placed = blocks.graph.nodes["unit_1"].settings
    assert (placed["repeat"], placed["share"], placed["values"]) == (2, False, {"width": 8})


def test_blocks_keep_graph_and_layout(blocks: Project) -> None:
    assert blocks.about == "Blocks, references, notes and groups.\nSecond line."
    assert blocks.graph.nodes["linear_3"].weights_from == "linear_2"
    assert blocks.graph.nodes["linear_1"].title == "Stem"
    assert "linear_3.output>add_1.inputs#2" in blocks.graph.edges
    layout = blocks.layout_at()
    assert layout.positions["linear_1"] == (240.0, 20.0)
    assert layout.colours == {"linear_4": "blue"}
    note = layout.notes["note_1"]
    assert (note.text, note.colour) == ("Blocks, shared weights\nand notes", "amber")
    assert blocks.layout_at("unit").notes["note_1"].text == "Inside"


def test_blocks_keep_data_and_training_settings(blocks: Project) -> None:
    data, training = blocks.data, blocks.training
    assert (data.source, data.split.most, data.split.seed) == ("iris", 60, 7)
    head, rest = training.groups
    assert head.selector == Selector(paths=("linear_4", "stage_1.unit_1.0"))
    assert head.optimiser.settings == {"momentum": 0.9, "nesterov": True}
    assert (head.factor, head.clipping.limit, head.schedule.name) == (0.5, 5.0, "cosine")
    assert (rest.name, rest.optimiser.name, rest.selector) == ("all", "adamw", Selector())
    assert (training.task, training.loss) == ("classification", "cross-entropy")
    assert training.loss_settings == {"label_smoothing": 0.1}
    assert training.early_stopping.patience == 50
    assert training.test_each_epoch


def test_table_keeps_its_file_and_last_known_facts() -> None:
    project = load(KEPT / "table.dlstudio")
    facts = project.data.facts
    assert (project.data.source, project.data.options["path"]) == (
        "csv",
        str(KEPT / "measurements.csv"),
    )
    assert facts is not None
    assert facts.numbers == {"classes": 2, "features": 4}
    assert facts.class_names == ("a", "b")


def test_trained_design_names_its_weights() -> None:
    weights = load(KEPT / "trained.dlstudio").weights
    assert isinstance(weights, WeightsRef)
    assert weights.file == f"trained.{WEIGHTS}.safetensors"
    assert (KEPT / weights.file).is_file()


def test_bundle_contains_the_trained_design_and_its_weights(tmp_path: Path) -> None:
    project, weights = load_bundle(KEPT / "bundle.dlstudioz", tmp_path)
    trained = load(KEPT / "trained.dlstudio")
    assert project.graph == trained.graph
    assert project.training == trained.training
    assert weights is not None
    assert weights.read_bytes() == (KEPT / f"trained.{WEIGHTS}.safetensors").read_bytes()


def test_block_file_includes_inner_blocks(blocks: Project, tmp_path: Path) -> None:
    name = "stage.dlstudio-block"
    file = read_block(KEPT / name)
    assert (file.block_id, file.block.title) == ("stage", "Stage")
    assert file.definitions.blocks == blocks.blocks
    (tmp_path / name).write_bytes((KEPT / name).read_bytes())
    library = read_library(tmp_path)
    assert library.files == {"stage": file}
    assert not library.errors


def test_clipboard_is_pasted_into_another_design() -> None:
    text = (KEPT / "clipboard.json").read_text(encoding="utf-8")
    assert is_pasteable(text)
    project, ids = paste(Project(), text)
    assert sorted(node.kind for node in project.graph.nodes.values()) == [
        "block",
        "block",
        "linear",
    ]
    assert sorted(project.blocks) == ["stage", "unit"]
    assert [note.text for note in project.layout_at().notes.values()] == [
        "Blocks, shared weights\nand notes"
    ]
    assert len(ids) == 4
