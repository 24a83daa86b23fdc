from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from dlstudio.design.model.data_settings import DataSettings
from dlstudio.gui.data.page.data_page import DataPage
from dlstudio.gui.prompts.prompts import Answer
from dlstudio.gui.runs.session import IDLE
from dlstudio.gui.window.main_window import MainWindow


@pytest.fixture
def arrays(tmp_path: Path) -> Path:
    path = tmp_path / "arrays.npz"
    rng = np.random.default_rng(0)
    np.savez(path, x=rng.normal(size=(60, 3)).astype(np.float32), y=np.arange(60) % 2)
    return path


def show(window: MainWindow, path: Path, qtbot: QtBot) -> DataPage:
    assert window.data_importer.import_path(path)
    page = window.data_importer.page
    qtbot.waitUntil(lambda: page.contents is not None, timeout=60_000)
    return page


def test_data_can_be_used_in_the_open_design(
    window: MainWindow, arrays: Path, qtbot: QtBot
) -> None:
    window.files.open_example("digits-mlp")
    before = window.document.project

    show(window, arrays, qtbot).side.foot.apply_button.click()

    assert window.pages.current is None
    assert window.document.project.data.source == "npz"
    assert window.document.project.data.facts is not None
    assert (window.document.project.title, window.document.project.about) == ("", "")
    window.document.undo_stack.setIndex(0)
    assert window.document.project == before
    renamed = replace(before, title="Mine", about="My own words.")
    window.document.load(renamed, None)
    show(window, arrays, qtbot).side.foot.apply_button.click()
    assert (window.document.project.title, window.document.project.about) == (
        "Mine",
        "My own words.",
    )


def test_first_network_is_opened_and_trained(
    window: MainWindow, arrays: Path, qtbot: QtBot
) -> None:
    page = show(window, arrays, qtbot)

    page.side.foot.train_button.click()

    assert window.pages.current is None
    assert window.document.project.data.source == "npz"
    assert {node.kind for node in window.document.project.graph.nodes.values()} == {
        "input", "linear", "relu", "output",
    }  # fmt: skip
    qtbot.waitUntil(lambda: window.session.run.history.step > 0, timeout=120_000)
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.state == IDLE, timeout=60_000)


def test_unsupported_file_is_named(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "photo.xyz").touch()
    with qtbot.waitSignal(window.document.message) as message:
        assert not window.data_importer.import_path(tmp_path / "photo.xyz")
    assert "photo.xyz is not supported" in message.args[0]


def test_empty_page_asks_for_a_file(window: MainWindow, arrays: Path, qtbot: QtBot) -> None:
    window.data_importer.open()
    page = window.data_importer.page
    assert window.pages.current is page
    window.prompts.path = arrays
    page.empty.file_button.click()
    qtbot.waitUntil(lambda: page.contents is not None, timeout=60_000)
    page.close_page()


def test_moved_data_can_be_located(window: MainWindow, tmp_path: Path, arrays: Path) -> None:
    data = DataSettings("npz", {"path": str(arrays)})
    window.document.load(replace(window.document.project, data=data), None)
    new_path = tmp_path / "moved.npz"
    arrays.rename(new_path)
    window.prompts.locate = Answer.YES
    window.prompts.path = new_path

    window.data_importer.offer_to_relocate()

    assert "locate data" in window.prompts.calls
    assert Path(str(window.document.project.data.options["path"])) == new_path


def test_columns_of_the_open_design_are_reviewed_on_the_page(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    table = tmp_path / "points.csv"
    rows = [f"{index % 7},{index % 5},{'ab'[index % 2]}" for index in range(60)]
    table.write_text("\n".join(["length,width,kind", *rows]), encoding="utf-8")
    data = DataSettings("csv", {"path": str(table)})
    window.document.load(replace(window.document.project, data=data), None)
    page = window.data_importer.page
    with qtbot.waitSignal(page.read_finished, timeout=60_000):
        window.inspector.columns_requested.emit()
    assert window.pages.current is page
    assert window.document.project.data.facts is not None
    with qtbot.waitSignal(page.read_finished, timeout=60_000):
        page.choose_use("width", "ignore")
    assert page.contents is not None
    assert page.contents.can_train, page.contents.error

    page.side.foot.apply_button.click()

    assert window.pages.current is None
    assert window.document.project.data.options["columns"] == {"width": "ignore"}
    assert window.document.dataset_info.numbers["features"] == 1


def test_status_bar_shows_facts_of_the_data_and_then_of_the_design_again(
    window: MainWindow, arrays: Path, qtbot: QtBot
) -> None:
    bar = window.status_bar
    window.data_importer.open()
    assert bar.layers.isHidden()
    assert bar.missing.isHidden()
    page = show(window, arrays, qtbot)
    assert page.status_facts[0] == "60 samples"
    assert page.status_facts[-2:] == ("3 inputs, 2 classes", "the file stays as it is")
    assert "60 samples" in bar.facts.text()
    page.close_page()
    assert not bar.layers.isHidden()
