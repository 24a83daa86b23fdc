"""What several tests of the panels ask for by name."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from dlstudio.gui.document import Document
from dlstudio.gui.panels.run_bar import RunBar
from dlstudio.gui.session import TrainingSession


@pytest.fixture
def bar(document: Document, session: TrainingSession, qtbot: QtBot) -> RunBar:
    made = RunBar(document, session)
    made.resize(1800, 48)
    qtbot.addWidget(made)
    made.show()
    return made
