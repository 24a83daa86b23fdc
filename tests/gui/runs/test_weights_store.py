from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from dlstudio.design.library.files import load
from tests.gui.gui_fixtures import FileWorkspace


def test_bundle_contains_design_and_weights(
    workspace: FileWorkspace, make_workspace: Callable[[], FileWorkspace], tmp_path: Path
) -> None:
    weights = _weights(tmp_path / "w.safetensors")
    workspace.edit("bundled")
    workspace.runs.use_weights(weights, unsaved=True)
    workspace.prompts.path = tmp_path / "sent.dlstudioz"

    assert workspace.files.save_bundle()

    other = make_workspace()
    assert other.files.open_path(tmp_path / "sent.dlstudioz"), other.prompts.messages
    assert other.document.project.title == "bundled"
    assert other.runs.weights is not None
    assert other.runs.weights.read_bytes() == weights.read_bytes()


def test_weights_are_saved_with_the_design_and_restored(
    workspace: FileWorkspace, make_workspace: Callable[[], FileWorkspace], tmp_path: Path
) -> None:
    workspace.edit("trained")
    workspace.runs.use_weights(_weights(tmp_path / "w.safetensors"), unsaved=True)
    workspace.prompts.path = tmp_path / "design" / "net.dlstudio"
    workspace.prompts.path.parent.mkdir()
    assert workspace.files.save(), workspace.prompts.messages
    workspace.close()

    other = make_workspace()
    messages: list[str] = []
    other.document.message.connect(messages.append)
    assert other.files.open_path(workspace.prompts.path)

    assert other.document.project.weights is not None
    name = other.document.project.weights.file
    assert messages == [f"Trained weights loaded from {name}; training continues from them"]
    assert other.runs.weights == tmp_path / "design" / other.document.project.weights.file
    assert not other.runs.unsaved_weights


def test_newer_weights_replace_older_ones(workspace: FileWorkspace, tmp_path: Path) -> None:
    folder = tmp_path / "design"
    folder.mkdir()
    (folder / "net.notes123.safetensors").write_text("somebody else's", encoding="utf-8")
    workspace.prompts.path = folder / "net.dlstudio"
    workspace.edit()
    workspace.runs.use_weights(_weights(tmp_path / "a.safetensors", 1), unsaved=True)
    workspace.files.save()
    workspace.runs.use_weights(_weights(tmp_path / "b.safetensors", 2), unsaved=True)
    workspace.files.save()

    stored = sorted(path.name for path in folder.glob("*.safetensors"))
    reference = load(folder / "net.dlstudio").weights
    assert reference is not None
    assert stored == sorted([reference.file, "net.notes123.safetensors"])


def test_modified_weights_are_not_loaded(
    workspace: FileWorkspace, make_workspace: Callable[[], FileWorkspace], tmp_path: Path
) -> None:
    workspace.prompts.path = tmp_path / "net.dlstudio"
    workspace.edit()
    workspace.runs.use_weights(_weights(tmp_path / "w.safetensors"), unsaved=True)
    workspace.files.save()
    reference = workspace.document.project.weights
    assert reference is not None
    (tmp_path / reference.file).write_bytes(b"other")
    workspace.close()

    other = make_workspace()
    other.files.open_path(workspace.prompts.path)

    assert other.runs.weights is None


def _weights(path: Path, value: int = 1) -> Path:
    save_file({"linear_1.weight": np.full((2, 2), value, np.float32)}, path)
    return path
