from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from dlstudio.design.files import load
from tests.gui.studio import Desk


def test_a_bundle_holds_design_and_weights(
    desk: Desk, make_desk: Callable[[], Desk], tmp_path: Path
) -> None:
    weights = _weights(tmp_path / "w.safetensors")
    desk.edit("bundled")
    desk.runs.use_weights(weights, unsaved=True)
    desk.answers.path = tmp_path / "sent.dlstudioz"

    assert desk.files.save_bundle()

    other = make_desk()
    assert other.files.open_path(tmp_path / "sent.dlstudioz"), other.answers.told
    assert other.document.project.title == "bundled"
    assert other.runs.weights is not None
    assert other.runs.weights.read_bytes() == weights.read_bytes()


def test_weights_are_saved_with_the_design_and_restored(
    desk: Desk, make_desk: Callable[[], Desk], tmp_path: Path
) -> None:
    desk.edit("trained")
    desk.runs.use_weights(_weights(tmp_path / "w.safetensors"), unsaved=True)
    desk.answers.path = tmp_path / "design" / "net.dlstudio"
    desk.answers.path.parent.mkdir()
    assert desk.files.save(), desk.answers.told
    desk.close()

    other = make_desk()
    messages: list[str] = []
    other.document.message.connect(messages.append)
    assert other.files.open_path(desk.answers.path)

    assert other.document.project.weights is not None
    name = other.document.project.weights.file
    assert messages == [f"Trained weights restored from {name}; Train goes on from them"]
    assert other.runs.weights == tmp_path / "design" / other.document.project.weights.file
    assert not other.runs.unsaved_weights


def test_newer_weights_take_the_place_of_older_ones(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "design"
    folder.mkdir()
    (folder / "net.notes123.safetensors").write_text("somebody else's", encoding="utf-8")
    desk.answers.path = folder / "net.dlstudio"
    desk.edit()
    desk.runs.use_weights(_weights(tmp_path / "a.safetensors", 1), unsaved=True)
    desk.files.save()
    desk.runs.use_weights(_weights(tmp_path / "b.safetensors", 2), unsaved=True)
    desk.files.save()

    stored = sorted(path.name for path in folder.glob("*.safetensors"))
    reference = load(folder / "net.dlstudio").weights
    assert reference is not None
    assert stored == sorted([reference.file, "net.notes123.safetensors"])


def test_changed_weights_beside_the_design_are_not_taken(
    desk: Desk, make_desk: Callable[[], Desk], tmp_path: Path
) -> None:
    desk.answers.path = tmp_path / "net.dlstudio"
    desk.edit()
    desk.runs.use_weights(_weights(tmp_path / "w.safetensors"), unsaved=True)
    desk.files.save()
    reference = desk.document.project.weights
    assert reference is not None
    (tmp_path / reference.file).write_bytes(b"other")
    desk.close()

    other = make_desk()
    other.files.open_path(desk.answers.path)

    assert other.runs.weights is None


def _weights(path: Path, value: int = 1) -> Path:
    save_file({"linear_1.weight": np.full((2, 2), value, np.float32)}, path)
    return path
