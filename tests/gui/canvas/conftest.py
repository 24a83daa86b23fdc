"""A canvas on the offscreen platform, and a pointer that works in scene units."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from dlstudio.design.model.model import Project
from dlstudio.gui.canvas.editor.editor import CanvasEditor
from dlstudio.gui.document.document import Document
from dlstudio.gui.style import theme
from tests.gui.canvas.canvas_pointer import Pointer, chain


@pytest.fixture
def canvas(qtbot) -> Iterator[Callable[..., Pointer]]:
    theme.load_fonts()
    theme.apply_theme("dark")

    def build(project: Project) -> Pointer:
        editor = CanvasEditor(Document(project))
        qtbot.addWidget(editor)
        editor.resize(1280, 800)
        editor.show()
        return Pointer(editor)

    yield build
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def network(canvas) -> Pointer:
    """Input, ReLU, Tanh and Output in a row, wired."""
    return canvas(chain("input", "relu", "tanh", "output"))
