from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_data
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.gui.data.data_preview import DataPreview
from dlstudio.gui.document.document import Document
from dlstudio.gui.inspector.inspector import Inspector
from dlstudio.gui.inspector.network_page import NetworkPage
from tests.gui.panel_designs import checked_document, small_network, type_into


def create_network_page(qtbot: QtBot) -> tuple[NetworkPage, Document, Inspector]:
    """Return the page and its document; the caller keeps the inspector alive."""
    document = checked_document(small_network())
    inspector = Inspector(document)
    qtbot.addWidget(inspector)
    inspector.show()
    page = inspector.page
    assert isinstance(page, NetworkPage)
    return page, document, inspector


def test_missing_path_has_a_locate_button(qtbot: QtBot, tmp_path: Path) -> None:
    page, document, _inspector = create_network_page(qtbot)
    page.data.source.setFocus()
    qtbot.keyClicks(page.data.source, "Table")
    editor = page.data.path_editor
    assert editor is not None
    table = tmp_path / "flowers.csv"
    table.write_text("a,b\n1,x\n2,y\n")
    for path, button in ((tmp_path / "gone.csv", "Locate…"), (table, "Choose…")):
        editor.line_edit.setFocus()
        editor.line_edit.selectAll()
        qtbot.keyClicks(editor.line_edit, str(path))
        qtbot.keyClick(editor.line_edit, Qt.Key.Key_Return)
        assert document.project.data.options["path"] == str(path)
        assert editor.browse_button.text() == button
        assert bool(editor.error_text) is (button == "Locate…")
    close_preview(qtbot, page)


def close_preview(qtbot: QtBot, page: NetworkPage) -> None:
    (preview,) = page.findChildren(DataPreview)
    with qtbot.waitSignal(preview.load_finished, timeout=30_000):
        pass
    preview.close()


def test_chosen_file_is_read_at_once_and_changed_options_require_a_preview(
    qtbot: QtBot, tmp_path: Path
) -> None:
    page, document, _inspector = create_network_page(qtbot)
    page.data.source.setFocus()
    qtbot.keyClicks(page.data.source, "Arrays")
    np.savez(tmp_path / "arrays.npz", x=np.zeros((40, 3), np.float32), y=np.arange(40) % 2)
    editor = page.data.path_editor
    assert editor is not None
    editor.line_edit.setFocus()
    qtbot.keyClicks(editor.line_edit, str(tmp_path / "arrays.npz"))
    qtbot.keyClick(editor.line_edit, Qt.Key.Key_Return)
    close_preview(qtbot, page)
    assert document.project.data.facts is not None
    texts = [label.text() for label in page.data.findChildren(QLabel)]
    assert not any("press Preview" in text for text in texts)
    type_into(qtbot, page.data.forms["Options"].editors["inputs"], "x")
    assert document.project.data.facts is None
    texts = [label.text() for label in page.data.findChildren(QLabel)]
    assert any("press Preview" in text for text in texts)


def test_unknown_source_is_named_and_can_be_replaced(qtbot: QtBot) -> None:
    page, document, _inspector = create_network_page(qtbot)
    unknown = DataSettings("from-a-package", {"anything": 1})
    document.apply(set_data(document.project, unknown), "Use unknown data")
    form = page.data
    assert form.source.currentIndex() == -1
    texts = [label.text() for label in form.findChildren(QLabel)]
    assert any("“from-a-package”" in text for text in texts)
    assert set(form.forms) == {"Split", "Normalisation"}
    form.source.setFocus()
    qtbot.keyClicks(form.source, "Iris")
    assert document.project.data == DataSettings("iris")
