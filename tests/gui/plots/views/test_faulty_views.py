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
from PySide6.QtWidgets import QLabel

from dlstudio.design.edits import set_settings
from tests.gui.plots.views.package_window import (
    card_values,
    linear_network,
    open_window,
    print_facts,
    wait_until,
    wait_until_computed,
)

window = open_window()
views = window.panels.views
window.document.load(linear_network(8, 10, epochs=1), None)
wait_until(lambda: window.checker.is_current)
facts = {"needs": [views[name]._placeholder.text() for name in ("divides", "exits")]}
names = "missing", "raises", "leaves", "widgetless"
facts["panels"] = [views[name].text() for name in names if isinstance(views[name], QLabel)]
window.session.step()
wait_until(lambda: window.session.state == "paused")
window.session.stop()
wait_until(lambda: window.session.state == "idle")


def compute(name):
    window.bottom.show_tab(name)
    panel = views[name]
    wait_until(lambda: panel.toolbar.start_button.isEnabled())
    panel.compute()
    wait_until_computed(panel)
    return panel


panel = compute("undrawn")
facts["undrawn"] = [panel.has_result, panel.toolbar.status.text()[:40]]


def card_texts():
    return [value.text for value in card_values(window)]


compute("norms")
before = window.document.project
linears = list(before.graph.nodes)[2:4]
facts["cards"] = [linears, card_texts()]
window.document.apply(set_settings(before, linears[:1], {"out_features": 9}), "Edit")
facts["cards"].append(card_texts())
window.bottom.show_tab("undrawn")
window.bottom.show_tab("norms")
wait_until(lambda: views["norms"].isVisible())
facts["cards"].append(card_texts())
window.document.undo_stack.undo()
facts["cards"].append(card_texts())
print_facts(window, facts)
"""


ADVICE = "Update or remove the package that provides this view."


def test_faulty_view_shows_its_reason(tmp_path: Path) -> None:
    facts = run_with_views(install_views(tmp_path, VIEWS), PROGRAM)
    assert facts["needs"] == [
        f"Helps.\nDivides cannot be shown: ZeroDivisionError: division by zero\n{ADVICE}",
        f"Helps.\nExits cannot be shown: SystemExit: 3\n{ADVICE}",
    ]
    reasons, advice = zip(*(text.split("\n") for text in facts["panels"]), strict=True)
    assert set(advice) == {ADVICE}
    assert [reason.partition(" has no attribute")[0] for reason in reasons] == [
        "Missing cannot be shown: AttributeError: module 'tiny_views'",
        "Raises cannot be shown: RuntimeError: no panel today",
        "Leaves cannot be shown: SystemExit: 3",
        "Widgetless cannot be shown: TypeError: builtins.repr is not a widget class",
    ]
    assert facts["undrawn"] == [False, "Undrawn cannot be drawn: TypeError: 'PyS"]
    assert facts["cards"] == [["linear_1", "linear_2"], ["1", "2"], ["2"], ["2"], ["1", "2"]]
