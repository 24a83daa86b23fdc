"""Weights are stored beside a design only while they fit its network."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.edits import append_after, remove_nodes, set_settings
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.gui.runs.session import IDLE
from dlstudio.gui.runs.weights_fit import weights_fit
from dlstudio.gui.window.main_window import MainWindow
from dlstudio.network.check.inference import Checker
from dlstudio.network.compile.compile import compile_design
from dlstudio.network.weights.weights import save_weights
from dlstudio.training.readiness.check import check_project
from dlstudio.training.storage.weights_origin import WeightsOrigin, weights_fingerprint

EXAMPLES = ["xor-mlp", "mnist-cnn", "segment-shapes", "char-transformer", "adding-lstm", "gan-ring"]


def write_weights(project: Project, folder: Path) -> Path:
    path = folder / "weights.safetensors"
    save_weights(compile_design(project, info_of(project.data)).module, str(path))
    return path


def fits(file: Path, project: Project) -> bool:
    return weights_fit(file, project, check_project(project, Checker()))


@pytest.mark.parametrize("name", EXAMPLES)
def test_weights_fit_their_own_network(name: str, tmp_path: Path) -> None:
    project = load(example_path(name))
    assert fits(write_weights(project, tmp_path), project)


def test_weights_do_not_fit_another_network(tmp_path: Path) -> None:
    project = load(example_path("mnist-cnn"))
    file = write_weights(project, tmp_path)
    wider = set_settings(project, ["linear_1"], {"out_features": 5})
    longer, _ = append_after(project, "linear_1", "linear")
    shorter = remove_nodes(project, ["conv2d_2"], rewire=True)
    for changed in (wider, longer, shorter):
        assert not fits(file, changed)
    frozen = set_settings(project, ["linear_1"], {"frozen": True})
    without_dropout = remove_nodes(
        project, [n for n in project.graph.nodes if n.startswith("relu")][:1], rewire=True
    )
    for changed in (frozen, without_dropout):
        assert fits(file, changed)


def test_fingerprint_of_a_run_decides_where_numbers_are_equal(tmp_path: Path) -> None:
    project = load(example_path("mnist-cnn"))
    module = compile_design(project, info_of(project.data)).module
    origin = WeightsOrigin(weights_fingerprint(project, check_project(project, Checker())))
    file = tmp_path / "weights.safetensors"
    save_weights(module, file, origin.metadata)
    assert fits(file, project)
    flat = set_settings(project, ["conv2d_1"], {"kernel_size": (1, 9)})
    assert not fits(file, flat)


@pytest.mark.parametrize("content", [b"", b"\xff" * 40, b"\x02" + b"\0" * 7 + b"[]"])
def test_files_that_hold_no_weights_do_not_fit(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "weights.safetensors"
    file.write_bytes(content)
    assert not fits(file, load(example_path("xor-mlp")))
    assert not fits(tmp_path / "missing", load(example_path("xor-mlp")))


@pytest.mark.parametrize("is_checked", [True, False])
def test_changed_network_is_saved_without_weights(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, is_checked: bool
) -> None:
    window.files.open_example("xor-mlp")
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=60_000)
    window.session.train_more(1)
    qtbot.waitUntil(lambda: window.session.run.finished is not None, timeout=60_000)
    qtbot.waitUntil(lambda: window.session.state == IDLE)
    window.prompts.path = tmp_path / "mine.dlstudio"
    assert window.files.save()
    assert window.document.project.weights is not None
    messages: list[str] = []
    window.document.message.connect(messages.append)
    window.document.try_edit(
        lambda project: set_settings(project, ["linear_1"], {"out_features": 3}), "Change"
    )
    if is_checked:
        qtbot.waitUntil(lambda: window.document.is_checked, timeout=60_000)
    assert window.files.save()
    assert load(tmp_path / "mine.dlstudio").weights is None
    assert not list(tmp_path.glob("*.safetensors"))
    assert any("Saved without trained weights" in text for text in messages)
    window.document.undo_stack.undo()
    if is_checked:
        qtbot.waitUntil(lambda: window.document.is_checked, timeout=60_000)
    assert window.files.save()
    reference = load(tmp_path / "mine.dlstudio").weights
    assert reference is not None
    assert (tmp_path / reference.file).is_file()
