"""A table of flats, and the page that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from dlstudio.gui.background.background_task import stop_all_tasks
from dlstudio.gui.data.page.data_page import DataPage

FLATS = ("West", "North", "Centre")


@pytest.fixture
def flats(tmp_path: Path) -> Path:
    """Return a table with an id, gaps, two rows without a target and a bad number."""
    lines = ["id;district;area;rooms;let_in"]
    for index in range(120):
        area = "" if index in (5, 17) else f"{40 + index % 37},{index % 10}"
        area = "on request" if index == 30 else area
        target = "" if index in (7, 8) else ("1 week", "1 month")[index % 2]
        lines.append(f"{4001 + index};{FLATS[index % 3]};{area};{1 + index % 5};{target}")
    path = tmp_path / "flats.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[DataPage]:
    page = DataPage()
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show()
    yield page
    stop_all_tasks()
    page.reader.close()
