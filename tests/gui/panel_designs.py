"""Small designs for the tests of panels, and text entry in setting editors."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import append_after, set_data
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.values import Ref, Value
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.setting_editor import SettingEditor
from dlstudio.gui.forms.setting_editors import TextEditor
from dlstudio.network.check.inference import Checker
from dlstudio.training.readiness.check import check_project


def chain(*layers: tuple[str, dict[str, Value]]) -> Project:
    """Return layers connected in a chain."""
    project, last_id = Project(), None
    for kind, settings in layers:
        project, last_id = append_after(project, last_id, kind, settings)
    return project


def small_network() -> Project:
    """Return a valid network for the digits."""
    return chain(
        ("input", {}),
        ("conv2d", {"out_channels": 4}),
        ("conv2d", {"out_channels": 8}),
        ("flatten", {}),
        ("linear", {"out_features": Ref("classes")}),
        ("output", {"role": "class scores"}),
    )


def broken_network() -> Project:
    """Return an invalid network: it lacks a Flatten before the Linear layer."""
    return chain(
        ("input", {}),
        ("conv2d", {"out_channels": 4}),
        ("linear", {"out_features": Ref("classes")}),
        ("output", {"role": "class scores"}),
    )


def checked_document(project: Project, path: Path | None = None) -> Document:
    """Return a document that is checked now and after every change."""
    document = Document()
    document.load(project, path)
    checker = Checker()

    def check(*_: object) -> None:
        document.set_report(check_project(document.project, checker))

    document.project_changed.connect(check)
    check()
    return document


def example_document(name: str, folder: Path) -> Document:
    """Copy an example to `folder` and return its checked document."""
    path = folder / f"{name}.dlstudio"
    path.write_bytes(example_path(name).read_bytes())
    return checked_document(load(path), path)


def type_into(qtbot: QtBot, editor: SettingEditor, text: str) -> None:
    assert isinstance(editor, TextEditor)
    editor.field.setFocus()
    editor.field.selectAll()
    qtbot.keyClicks(editor.field, text)
    qtbot.keyClick(editor.field, Qt.Key.Key_Return)


def table_document(folder: Path) -> Document:
    rows = "\n".join(
        f"{number},{number % 7},{'yes' if number % 7 > 3 else 'no'}" for number in range(60)
    )
    (folder / "shop.csv").write_text(f"id,visits,buys\n{rows}\n")
    document = checked_document(small_network())
    data = DataSettings(source="csv", options={"path": str(folder / "shop.csv")})
    document.apply(set_data(document.project, data), "Use a table")
    return document
