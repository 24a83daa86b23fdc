"""Views of an installed plug-in package get a tab, a form and drawings without Qt code."""

from __future__ import annotations

from pathlib import Path

from tests.gui.plots.views.plugin_package import install_views, run_with_views

VIEWS = """
import numpy as np

from dlstudio.insight.views.spec import ViewSpec
from dlstudio.insight.views.values import Bars, CardOverlay, Curves, Matrix, Table, Text
from dlstudio.layers.framework.settings import Choice, Integer


def compute(state, kind, count):
    state.progress("Counting", 0.5)
    numbers = np.arange(count, dtype=np.float32)
    names = tuple(map(str, range(count)))
    values = {
        "bars": Bars(names, numbers, title="Numbers", unit="ms"),
        "matrix": Matrix(np.outer(numbers, numbers), names, names, title="Products"),
        "curves": Curves(numbers, {"square": numbers**2}, "number", "square"),
        "table": Table(("Number", "Step"), ((1, state.network.step), (2, None))),
        "text": Text(f"{len(state.network.subsets['train'])} samples"),
    }
    if kind == "overlay":
        return CardOverlay({"linear_1": float(count)}, unit="ms", title="Time")
    return tuple(values.values()) if kind == "all" else values[kind]


OPTIONS = {
    "kind": Choice(
        title="Kind",
        help="What is shown.",
        default="all",
        options=("all", "bars", "matrix", "curves", "table", "text", "overlay"),
    ),
    "count": Integer(title="Count", help="How many numbers.", default=4, maximum=9),
}
TOY = ViewSpec(
    "toy", "Toy", "Shows numbers.", "state", "slow", "tiny_views.compute", options=OPTIONS
)
NEVER = ViewSpec(
    "never",
    "Never",
    "Shows nothing.",
    "state",
    "slow",
    "tiny_views.compute",
    needs=lambda project, facts: "There is never anything to see.",
)
LIVE = ViewSpec(
    "live",
    "Live",
    "Follows a run.",
    "state",
    "live",
    "tiny_views.follow",
    options={"divisor": Integer(title="Divisor", help="Divides one.", default=1, minimum=0)},
)
VIEWS = (TOY, NEVER, LIVE)


def follow(state, divisor):
    return Text(f"step {state.network.step} with {1 / divisor}")
"""
PROGRAM = """
import sys

from dlstudio.gui.window.bottom_panel import TABS
from tests.gui.plots.views.package_window import (
    card_values,
    linear_network,
    open_window,
    print_facts,
    save_image,
    wait_until,
    wait_until_computed,
)

window = open_window()
window.document.load(linear_network(10, epochs=1), None)
wait_until(lambda: window.checker.is_current)
panel, never = window.panels.views["toy"], window.panels.views["never"]
window.bottom.show_tab("toy")
facts = {"tabs": list(TABS), "before": panel._placeholder.text()}
facts["menu"] = [
    window.menus.actions[name].text() for name in ("probe", "view-toy", "view-never", "problems")
]
window.menus.trigger("view-never")
facts["shown"] = window.bottom.current
window.bottom.show_tab("toy")
facts["form"] = sorted(panel.form.editors)
facts["start"] = panel.toolbar.start_button.isEnabled()
facts["never"] = [never._placeholder.text(), never.toolbar.isVisibleTo(never)]
live = window.panels.views["live"]


def live_text():
    return live.result.drawings[0].body.text() if live.has_result else ""


window.bottom.show_tab("live")
facts["live"] = [live._placeholder.text()]
window.session.step()
wait_until(lambda: window.session.state == "paused" and live_text().startswith("step 1"))
facts["live"] += [live_text(), live.heading.text(), live.heading.toolTip().splitlines()[1][:13]]
live.form.edited.emit("divisor", 2)
wait_until(lambda: live_text() != facts["live"][1])
facts["live"].append(live_text())
live.form.edited.emit("divisor", 0)
wait_until(lambda: live.toolbar.status.text())
facts["live"] += [live.toolbar.status.text(), live_text()]
live.form.edited.emit("divisor", 4)
wait_until(lambda: not live.toolbar.status.text())
facts["live"].append(live_text())
window.bottom.show_tab("toy")
window.session.train()
wait_until(lambda: window.session.state == "idle")
facts["unseen"] = live_text()
window.bottom.show_tab("live")
live.compute()
wait_until_computed(live)
facts["at rest"] = live_text()
window.bottom.show_tab("toy")
panel.compute()
wait_until_computed(panel)
facts["drawings"] = [type(drawing).__name__ for drawing in panel.result.drawings]
facts["heading"] = panel.heading.text()
facts["bars"] = panel.result.drawings[0].rows
facts["text"] = panel.result.drawings[-1].body.text()
save_image(window, sys.argv[1])
panel.form.edited.emit("count", 50)
facts["refused"] = panel.toolbar.task.is_busy
panel.form.edited.emit("kind", "bars")
wait_until_computed(panel)
facts["again"] = [type(drawing).__name__ for drawing in panel.result.drawings]


def card_texts():
    return [value.description for value in card_values(window)]


project = window.document.project
panel.form.edited.emit("kind", "overlay")
wait_until_computed(panel)
facts["cards"] = [card_texts(), panel.result.drawings[0].rows]
for tab in ("live", "toy"):
    window.bottom.show_tab(tab)
    wait_until(lambda: window.panels.views[tab].isVisible())
    facts["cards"].append(card_texts())
facts["modified"] = window.document.project is not project
window.session.reset()
wait_until(lambda: not panel.has_result)
facts["cards"].append(card_texts())
print_facts(window, facts)
"""


def test_plugin_view_is_shown_with_form_and_drawings(tmp_path: Path) -> None:
    site = install_views(tmp_path, VIEWS)
    facts = run_with_views(site, PROGRAM, tmp_path / "toy.png")
    assert facts["tabs"][-6:] == ["toy", "never", "live", "problems", "runs", "log"]
    assert facts["before"] == "Shows numbers.\nPress Train, then Compute."
    assert facts["menu"] == ["Probe", "Toy", "Never", "&Problems"]
    assert facts["shown"] == "never"
    assert facts["form"] == ["count", "kind"]
    assert not facts["start"]
    assert facts["never"] == ["Shows nothing.\nThere is never anything to see.", False]
    drawings = ["BarsDrawing", "PlanesDrawing", "LinesDrawing", "TableDrawing", "TextDrawing"]
    assert facts["drawings"] == drawings
    assert facts["heading"] == "Toy · epoch 1 (last)"
    assert facts["bars"] == ["0: 0 ms", "1: 1 ms", "2: 2 ms", "3: 3 ms"]
    assert facts["text"].endswith(" samples")
    assert not facts["refused"]
    assert facts["live"] == [
        "Follows a run.\nPress Train. The view is updated while the network trains.",
        "step 1 with 1.0",
        "Live · training, epoch 1 · step 1",
        "Updated every",
        "step 1 with 0.5",
        "Live could not be computed: ZeroDivisionError: division by zero",
        "step 1 with 0.5",
        "step 1 with 0.25",
    ]
    assert facts["unseen"] == "step 1 with 0.25"
    assert facts["at rest"].endswith(" with 0.25")
    assert facts["at rest"] != facts["unseen"]
    time = ["Time: 4 ms"]
    assert facts["cards"] == [time, ["linear_1: 4 ms"], [], time, []]
    assert not facts["modified"]
    assert facts["again"] == ["BarsDrawing"]
