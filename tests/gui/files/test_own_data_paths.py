"""Own data and weights stay with a design that is saved in another folder, or moved with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from dlstudio.data.load import load_data
from dlstudio.data.sources.sources import SOURCES as SOURCES_BY_NAME
from dlstudio.design.edits import set_data
from dlstudio.design.library.files import save
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.values import Ref
from dlstudio.gui.forms.path_editor import PathEditor
from dlstudio.gui.runs.next_run import NextAction
from tests.gui.runs.sequences.studio import Studio
from tests.training.training_designs import chain

SETTING = SOURCES_BY_NAME["csv"].options["path"]
LAYERS = [("flatten", {}), ("linear", {"out_features": Ref("classes")})]


def write_table(folder: Path) -> DataSettings:
    rows = [f"{i / 40},{i % 7},{'ab'[i % 2]}" for i in range(40)]
    (folder / "table.csv").write_text("\n".join(["x,y,kind", *rows]))
    return DataSettings("csv", {"path": str(folder / "table.csv")})


def write_arrays(folder: Path) -> DataSettings:
    samples = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
    np.savez(folder / "arrays.npz", x=samples, y=np.arange(40) % 2)
    return DataSettings("npz", {"path": str(folder / "arrays.npz")})


def write_pictures(folder: Path) -> DataSettings:
    for name, grey in (("dark", 20), ("light", 220)):
        (folder / "pictures" / name).mkdir(parents=True)
        for number in range(12):
            picture = Image.new("L", (8, 8), grey + number)
            picture.save(folder / "pictures" / name / f"{number}.png")
    return DataSettings("image-folder", {"path": str(folder / "pictures")})


SOURCES: Mapping[str, Callable[[Path], DataSettings]] = {
    "csv": write_table,
    "npz": write_arrays,
    "pictures": write_pictures,
}


def own_design(data: DataSettings) -> Project:
    project = chain(LAYERS, epochs=1, batch_size=8)
    return set_data(project, replace(data, facts=load_data(data).facts))


@pytest.fixture(params=SOURCES)
def trained(request: pytest.FixtureRequest, tmp_path: Path, qtbot: QtBot) -> Studio:
    """Return a design with own data beside its file, trained and saved."""
    folder = tmp_path / "work" / "first"
    folder.mkdir(parents=True)
    save(own_design(SOURCES[request.param](folder)), folder / "mine.dlstudio")
    studio = open_design(folder / "mine.dlstudio", tmp_path)
    studio.runs.next_run.train()
    studio.wait()
    assert studio.files.save()
    return studio


def open_design(path: Path, tmp_path: Path) -> Studio:
    studio = Studio(tmp_path / "recovery")
    assert studio.files.open_path(path), studio.prompts.messages
    studio.wait()
    assert studio.document.report.ok, studio.document.report.problems
    return studio


def continue_run(studio: Studio) -> None:
    """Continue the run with the weights and data that are stored with the design."""
    assert studio.runs.weights is not None
    assert studio.runs.next_run.plan.action is NextAction.CONTINUE, studio.runs.next_run.plan
    studio.runs.next_run.continue_for(1)
    studio.wait()
    assert not studio.failures, studio.failures
    assert studio.session.run.history.epoch == 2
    studio.close()


@pytest.mark.parametrize("place", ["work/first/inside", "work/second", "far/away/third"])
def test_saved_in_another_folder(trained: Studio, tmp_path: Path, place: str) -> None:
    folder = tmp_path / place
    folder.mkdir(parents=True)
    trained.prompts.path = folder / "copy.dlstudio"
    assert trained.files.save_as()
    trained.wait()
    trained.close()
    continue_run(open_design(folder / "copy.dlstudio", tmp_path))


def test_moved_with_its_folder(trained: Studio, tmp_path: Path) -> None:
    trained.close()
    shutil.move(tmp_path / "work", tmp_path / "moved")
    continue_run(open_design(tmp_path / "moved" / "first" / "mine.dlstudio", tmp_path))


def test_saved_in_a_folder_beside_it_and_moved(trained: Studio, tmp_path: Path) -> None:
    folder = tmp_path / "work" / "second"
    folder.mkdir()
    trained.prompts.path = folder / "copy.dlstudio"
    assert trained.files.save_as()
    trained.wait()
    trained.close()
    shutil.move(tmp_path / "work", tmp_path / "moved")
    continue_run(open_design(tmp_path / "moved" / "second" / "copy.dlstudio", tmp_path))


def test_data_chosen_in_an_open_design_stays_after_saving_elsewhere(
    tmp_path: Path, qtbot: QtBot
) -> None:
    """The form holds an absolute path, whichever way it was typed."""
    folder = tmp_path / "first"
    folder.mkdir()
    data = write_table(folder)
    save(own_design(data), folder / "mine.dlstudio")
    studio = open_design(folder / "mine.dlstudio", tmp_path)
    editor = PathEditor(SETTING, studio.document, folder=False)
    qtbot.addWidget(editor)
    paths: list[str] = []
    editor.edited.connect(paths.append)
    editor.line_edit.setText("table.csv")
    editor.line_edit.editingFinished.emit()
    assert paths == [str(folder / "table.csv")]
    studio.close()
