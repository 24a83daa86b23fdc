"""The weights of trained examples are loaded and saved with copies."""

from dataclasses import replace
from pathlib import Path

import pytest

from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load, save
from dlstudio.design.model.model import WeightsRef
from dlstudio.gui.files import design_files
from dlstudio.gui.runs.weights_store import fingerprint_of, stored_weights
from dlstudio.gui.window.main_window import MainWindow


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "shipped" / "digits-mlp.dlstudio"
    path.parent.mkdir()
    weights = path.with_suffix(".safetensors")
    weights.write_bytes(b"trained")
    reference = WeightsRef(weights.name, fingerprint_of(weights))
    save(replace(load(example_path("digits-mlp")), weights=reference), path)
    monkeypatch.setattr(design_files, "example_path", lambda _name: path)
    return path


def test_weights_beside_an_example_are_loaded(window: MainWindow, example: Path) -> None:
    window.files.open_example("digits-mlp")
    assert window.run_controller.weights == example.with_suffix(".safetensors")
    assert not window.isWindowModified()


def test_saved_copy_has_the_weights_beside_it(
    window: MainWindow, example: Path, tmp_path: Path
) -> None:
    window.files.open_example("digits-mlp")
    window.files.prompts.path = tmp_path / "mine.dlstudio"
    assert window.files.save()
    reference = load(tmp_path / "mine.dlstudio").weights
    assert reference is not None
    assert stored_weights(reference, tmp_path) is not None
    assert example.with_suffix(".safetensors").exists()
