"""The isolated environment of a monkey session: files, settings, no network, little memory."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, chdir, contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch
from urllib.error import URLError

import numpy as np
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QFileDialog

from dlstudio.design.arrange.arrange import arrange
from dlstudio.design.edits import add_note, append_after, connect, move_nodes
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import save, save_bundle
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Edge, Project
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.design.model.values import Ref, Value
from dlstudio.gui.document.preferences import CONFIG_VARIABLE
from tests.design.storage.corrupt_files import corrupt_files

MEMORY = 400_000_000
"""Available memory in bytes, as reported to the check."""
_CONV: dict[str, Value] = {"out_channels": 6, "kernel_size": 3, "padding": 1}
_LAYERS: tuple[tuple[str, dict[str, Value]], ...] = (
    *(("input", {}), ("conv2d", _CONV), ("batch_norm2d", {}), ("relu", {}), ("conv2d", _CONV)),
    *(("batch_norm2d", {}), ("relu", {}), ("add", {}), ("max_pool2d", {"kernel_size": 2})),
    *(("conv2d", _CONV), ("relu", {}), ("dropout2d", {"p": 0.1}), ("flatten", {})),
    *(("linear", {"out_features": 24}), ("batch_norm1d", {}), ("relu", {}), ("dropout", {})),
    *(("linear", {"out_features": 16}), ("tanh", {}), ("linear", {"out_features": Ref("classes")})),
    ("output", {}),
)


def playground_project() -> Project:
    """Return a residual network with 21 cards and two notes for the digits."""
    project, last_id = Project(), None
    for kind, settings in _LAYERS:
        port = "inputs" if kind == "add" else "input"
        project, last_id = append_after(project, last_id, kind, settings, input_port=port)
    project = connect(project, Edge("relu_1", "add_1", "output", "inputs", 1))
    project = move_nodes(project, arrange(project.graph))
    for position in ((0.0, 300.0), (600.0, 320.0)):
        project, _ = add_note(project, "Watch this.\nAnd that.", position)
    training = TrainingSettings(epochs=2, batch_size=64, seed=3)
    return replace(project, data=DataSettings(source="digits"), training=training)


class Workspace:
    """Files for random moves: valid, unusual and corrupt ones."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.rng = random.Random(seed)
        self.valid_design = folder / "playground.dlstudio"
        save(playground_project(), self.valid_design)
        self.bundle = folder / "playground.dlstudioz"
        save_bundle(playground_project(), self.bundle, None)
        self.examples = [
            self._copy_example(name) for name in ("digits-cnn", "spirals-mlp", "xor-mlp")
        ]
        self.invalid_files = [
            *self._create_corrupt_files(24),
            *self._create_data(),
            folder / "gone.dlstudio",
        ]
        self.image_folder = self._create_images()

    def random_design(self) -> Path:
        """Return a design to open: usually the playground, sometimes another or an invalid file."""
        roll = self.rng.random()
        if roll < 0.7:
            return self.valid_design
        return self.rng.choice([self.bundle, *self.examples] if roll < 0.9 else self.invalid_files)

    def random_data(self) -> Path:
        return self.rng.choice([path for path in self.invalid_files if path.suffix != ".dlstudio"])

    def random_file(self) -> Path:
        return self.rng.choice(
            [self.valid_design, self.bundle, self.image_folder, *self.invalid_files]
        )

    def random_save_path(self) -> Path:
        """Return a path to save to: a new one, an existing one, or one in a missing folder."""
        roll = self.rng.random()
        if roll < 0.1:
            return self.folder / "no such folder" / "design.dlstudio"
        return self.folder / f"saved-{self.rng.randrange(6)}"

    def _copy_example(self, name: str) -> Path:
        return Path(shutil.copy(example_path(name), self.folder))

    def _create_corrupt_files(self, count: int) -> list[Path]:
        paths = []
        for name, content in corrupt_files(count, self.rng.randrange(1000)):
            path = self.folder / f"{name}.dlstudio"
            path.write_bytes(content)
            paths.append(path)
        return paths

    def _create_data(self) -> list[Path]:
        table, broken, noise, arrays = (
            self.folder / name for name in ("table.csv", "broken.csv", "noise.npz", "arrays.npz")
        )
        rows = (f"{i},{i * i % 7},{'ab'[i % 2]}" for i in range(60))
        table.write_text("\n".join(["height,width,kind", *rows]), encoding="utf-8")
        broken.write_bytes(b'a,b\n1,2,3\n"x\n\xff\xfe,\n')
        noise.write_bytes(self.rng.randbytes(400))
        np.savez(arrays, x=np.arange(240, dtype=np.float32).reshape(60, 4), y=np.arange(60) % 3)
        return [table, broken, noise, arrays]

    def _create_images(self) -> Path:
        folder = self.folder / "pictures"
        for name in ("cats", "dogs"):
            (folder / name).mkdir(parents=True)
            (folder / name / "broken.png").write_bytes(b"\x89PNG no image")
        return folder


@contextmanager
def isolated(workspace: Workspace) -> Iterator[None]:
    """Isolate settings, files, memory and network, and answer the file dialogs."""
    home = str(workspace.folder / "home")
    environment = {
        **dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", CONFIG_VARIABLE), home),
        "DLSTUDIO_DATA": f"{home}/data",
    }
    Path(home, "data").mkdir(parents=True)
    with ExitStack() as stack:
        stack.enter_context(chdir(workspace.folder))
        stack.enter_context(patch.dict(os.environ, environment))
        for name, answer in _dialog_results(workspace).items():
            stack.enter_context(patch.object(QFileDialog, name, staticmethod(answer)))
        stack.enter_context(patch.object(QDesktopServices, "openUrl", staticmethod(lambda _: True)))
        stack.enter_context(patch.object(QPrintDialog, "exec", lambda _dialog: 0))
        offline = URLError("offline")
        stack.enter_context(patch("urllib.request.urlopen", side_effect=offline))
        for module in ("network.check.memory", "training.readiness.rules.resources"):
            name = f"dlstudio.{module}.available_memory"
            stack.enter_context(patch(name, lambda _device="cpu": MEMORY))
        yield


def _dialog_results(workspace: Workspace) -> dict[str, object]:
    def maybe_cancel(path: Path) -> str:
        return str(path) if workspace.rng.random() < 0.85 else ""

    def to_open(_parent: object, title: str = "", *_rest: object) -> tuple[str, str]:
        return maybe_cancel(
            workspace.random_design() if "design" in title else workspace.random_data()
        ), ""

    def to_save(_parent: object, title: str = "", *_rest: object) -> tuple[str, str]:
        suffix = workspace.rng.choice([".png", ".svg", ".csv"]) if "curves" in title else ""
        return maybe_cancel(workspace.random_save_path().with_suffix(suffix)), ""

    def folder(*_arguments: object) -> str:
        return maybe_cancel(workspace.image_folder)

    return {
        "getOpenFileName": to_open,
        "getSaveFileName": to_save,
        "getExistingDirectory": folder,
    }
