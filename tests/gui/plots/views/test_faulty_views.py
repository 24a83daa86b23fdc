"""A faulty view of a plug-in package shows its reason and leaves all other panels usable."""

from __future__ import annotations

from pathlib import Path

from tests.gui.plots.views.plugin_package import install_views, run_with_views

VIEWS = """
import sys

from dlstudio.insight.views.spec import ViewSpec
from dlstudio.insight.views.values import CardOverlay, Text


def draw(state):
    return Text(5)


def measure(state):
    return CardOverlay({"linear_1": 1.0, "linear_2": 2.0})


class Broken:
    def __init__(self, services):
        raise RuntimeError("no panel today")


def leave(*_arguments):
    sys.exit(3)


def view(name, **options):
    options = {"compute": "tiny_views.draw", **options}
    return ViewSpec(name, name.title(), "Helps.", "state", "slow", **options)


VIEWS = (
    view("divides", needs=lambda project, facts: 1 / 0),
    view("exits", needs=leave),
    view("missing", panel="tiny_views.missing"),
    view("raises", panel="tiny_views.Broken"),
    view("leaves", panel="tiny_views.leave"),
    view("widgetless", panel="builtins.repr"),
    view("undrawn"),
    view("norms", compute="tiny_views.measure"),
)
"""
PROGRAM = """
import json, time
from dataclasses import replace
from PySide6.QtWidgets import QApplication, QLabel
from dlstudio.design.edits import append_after, set_settings, set_training
from dlstudio.design.model.model import Project
from dlstudio.gui.style.theme import apply_theme, load_fonts
from dlstudio.gui.window.connections import connect_signals
from dlstudio.gui.window.main_window import MainWindow

app = QApplication([])
load_fonts()
apply_theme("dark")
window = MainWindow()
connect_signals(window)
window.show()


def wait(condition):
    end = time.monotonic() + 300
    while not condition():
        app.processEvents()
        time.sleep(0.005)
        assert time.monotonic() < end


wait(lambda: window.panels is not None)
views = window.panels.views
project, last = Project(), None
layers = (
    ("input", {}), ("flatten", {}), ("linear", {"out_features": 8}),
    ("linear", {"out_features": 10}), ("output", {}),
)
for kind, settings in layers:
    project, last = append_after(project, last, kind, settings)
ids = list(project.graph.nodes)
window.document.load(set_training(project, replace(project.training, epochs=1)), None)
wait(lambda: window.checker.is_current)
facts = {"needs": [views[name]._placeholder.text() for name in ("divides", "exits")]}
names = "missing", "raises", "leaves", "widgetless"
facts["panels"] = [views[name].text() for name in names if isinstance(views[name], QLabel)]
window.session.step()
wait(lambda: window.session.state == "paused")
window.session.stop()
wait(lambda: window.session.state == "idle")


def compute(name):
    window.bottom.show_tab(name)
    panel = views[name]
    wait(lambda: panel.toolbar.start_button.isEnabled())
    panel.compute()
    wait(lambda: not panel.toolbar.task.is_busy)
    return panel


panel = compute("undrawn")
facts["undrawn"] = [panel.has_result, panel.toolbar.status.text()[:40]]


def card_texts():
    scene = window.editor.context.scene
    values = (scene.card_values.value(scene.content.path(node_id)) for node_id in scene.cards)
    return [value.text for value in values if value]


compute("norms")
facts["cards"] = [ids[2:4], card_texts()]
before = window.document.project
window.document.apply(set_settings(before, ids[2:3], {"out_features": 9}), "Edit")
facts["cards"].append(card_texts())
window.bottom.show_tab("undrawn")
window.bottom.show_tab("norms")
wait(lambda: views["norms"].isVisible())
facts["cards"].append(card_texts())
window.document.undo_stack.undo()
facts["cards"].append(card_texts())
window.dispose()
print(json.dumps(facts))
"""


def test_faulty_view_shows_its_reason(tmp_path: Path) -> None:
    facts = run_with_views(install_views(tmp_path, VIEWS), PROGRAM)
    assert facts["needs"] == [
        "Helps.\nDivides cannot be shown: ZeroDivisionError: division by zero",
        "Helps.\nExits cannot be shown: SystemExit: 3",
    ]
    assert [text.partition(" has no attribute")[0] for text in facts["panels"]] == [
        "Missing cannot be shown: AttributeError: module 'tiny_views'",
        "Raises cannot be shown: RuntimeError: no panel today",
        "Leaves cannot be shown: SystemExit: 3",
        "Widgetless cannot be shown: TypeError: builtins.repr is not a widget class",
    ]
    assert facts["undrawn"] == [False, "Undrawn cannot be drawn: TypeError: 'PyS"]
    assert facts["cards"] == [["linear_1", "linear_2"], ["1", "2"], ["2"], ["2"], ["1", "2"]]
