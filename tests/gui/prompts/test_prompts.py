from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from dlstudio.data.sources.sources import SOURCES
from dlstudio.gui.prompts.prompts import Prompts
from dlstudio.gui.window.main_window import MainWindow


def test_data_prompt_lists_all_supported_folders(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: texts.append(box.informativeText()))
    assert Prompts(window).choose_data_kind() == ""
    assert all(kind in texts[0] for kind in ("pictures", "sounds", "masks"))


@pytest.mark.parametrize("clicked", ["Time series (CSV)", "Table (CSV)", "Cancel"])
def test_source_prompt_describes_the_possible_sources_of_a_file(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, clicked: str
) -> None:
    sources = (SOURCES["series-csv"], SOURCES["csv"])

    def click(box: QMessageBox) -> None:
        assert all(source.summary in box.informativeText() for source in sources)
        (button,) = (button for button in box.buttons() if button.text() == clicked)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    monkeypatch.setattr(QMessageBox, "exec", click)
    chosen = Prompts(window).choose_source("sunspots.csv", sources)
    assert (chosen.title if chosen else "Cancel") == clicked
