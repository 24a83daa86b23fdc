"""The design and the run bar of the tests of the training panels."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.training.run_bar import RunBar
from tests.gui.panel_designs import (
    example_document,
)
from tests.gui.training.run_controls import create_run_bar


@pytest.fixture
def bar(document: Document, session: TrainingSession, qtbot: QtBot) -> RunBar:
    run_bar = create_run_bar(document, session)
    run_bar.resize(1800, 48)
    qtbot.addWidget(run_bar)
    run_bar.show()
    return run_bar


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return example_document("xor-mlp", tmp_path)
