"""Canvases with small networks, and a pointer that works in scene units."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem, Repair, Severity
from dlstudio.design.model.report import Cost, NodeReport, Report
from dlstudio.design.model.signals import Signal
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
    """Return a canvas with Input, ReLU, Tanh and Output, wired in a row."""
    return canvas(chain("input", "relu", "tanh", "output"))


@pytest.fixture
def long_chain(canvas) -> Pointer:
    return canvas(chain("input", *["relu"] * 20, "output"))


@pytest.fixture
def broken_network(network) -> Pointer:
    """Return the network with an error at ReLU, the card before Tanh."""
    network.document.set_report(broken_report())
    return network


def broken_report() -> Report:
    fix = Repair("Take the layer out", "remove", {"scope": "", "node": "relu_1"})
    problem = Problem(
        Severity.ERROR,
        "relu_1",
        "test",
        "Because of this.",
        "ReLU cannot do that",
        repairs=(fix,),
        details="torch says no",
        edge="input_0.output>relu_1.input#0",
    )
    signal = Signal((16, 28, 28))
    return Report(
        {
            "input_0": NodeReport("input_0", "input", {}, {"output": signal}, Cost(4672)),
            "tanh_2": NodeReport("tanh_2", "tanh", blocked_by="relu_1"),
        },
        (problem,),
    )
