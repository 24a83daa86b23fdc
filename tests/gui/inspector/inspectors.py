"""An inspector for a checked design."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QLabel,
)
from pytestqt.qtbot import QtBot

from dlstudio.design.model.model import Project
from dlstudio.gui.document.document import Document
from dlstudio.gui.inspector.inspector import Inspector
from tests.gui.panel_designs import (
    checked_document,
)


def create_inspector(qtbot: QtBot, project: Project) -> tuple[Inspector, Document]:
    document = checked_document(project)
    inspector = Inspector(document)
    qtbot.addWidget(inspector)
    inspector.resize(285, 800)
    inspector.show()
    return inspector, document


def page_text(inspector: Inspector) -> str:
    return "\n".join(label.text() for label in inspector.page.findChildren(QLabel))
