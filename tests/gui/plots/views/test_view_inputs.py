"""Views of a package get pairs, series and traces of a run: live, finished and opened again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dlstudio.insight.series.series import UPDATE_RATIO, read_series
from dlstudio.network.weights.weights import read_weights
from dlstudio.training.storage.runs import list_runs
from dlstudio.training.storage.snapshots import list_snapshots
from tests.gui.plots.views.plugin_package import install_views, run_with_views

VIEWS = """
import numpy as np

from dlstudio.insight.views.spec import ViewSpec
from dlstudio.insight.views.values import Curves, Table, Text
from dlstudio.layers.framework.settings import Integer

LAYER = "linear_1"


def compare(pair):
    states = (pair.first, pair.second)
    modules = [state.network.objective.compiled.module.get_submodule(LAYER) for state in states]
    steps = tuple(state.network.step for state in states)
    distance = float((modules[1].weight - modules[0].weight).detach().norm())
    return Text(f"{steps[0]} {steps[1]} {distance:.6g}")


def draw(series):
    return Curves(series.steps.astype(np.float32), {LAYER: series.at("update_ratio", LAYER)})


def check(trace, digits):
    import torch
    from torch.nn import functional

    layer = trace.layers[LAYER]
    (call,) = layer.calls
    tensors = {name: torch.tensor(value.before) for name, value in layer.parameters.items()}
    for tensor in tensors.values():
        tensor.requires_grad_()
    output = functional.linear(torch.tensor(call.inputs[0]), **tensors)
    output.retain_grad()
    loss = functional.cross_entropy(output, torch.tensor(trace.target))
    loss.backward()
    pairs = [(call.outputs[0], output.detach()), (call.output_gradients[0], output.grad)]
    pairs += [(layer.parameters[name].gradients[0], tensors[name].grad) for name in tensors]
    error = max(float(np.abs(array - other.numpy()).max()) for array, other in pairs)
    return Text(f"{trace.step} {error < 1e-6} {abs(trace.loss - float(loss.detach())):.{digits}f}")


DIGITS = Integer(title="Digits", help="How many.", default=4)
VIEWS = (
    ViewSpec("change", "Change", "Compares.", "pair", "slow", "tiny_views.compare"),
    ViewSpec("growth", "Growth", "Draws.", "series", "slow", "tiny_views.draw"),
    ViewSpec("step", "Step", "Checks.", "trace", "slow", "tiny_views.check",
             options={"digits": DIGITS}),
)
"""
PROGRAM = """
import sys
from pathlib import Path

from dlstudio.design.library.files import save
from tests.gui.plots.views.package_window import (
    linear_network,
    open_window,
    print_facts,
    save_image,
    wait_until,
    wait_until_computed,
)

window = open_window()


def computed(panel):
    panel.toolbar.start_button.click()
    wait_until(lambda: panel.toolbar.task.is_busy or panel.has_result)
    wait_until_computed(panel)
    assert panel.has_result, panel.toolbar.status.text()
    return shown(panel)


def shown(panel):
    drawing = panel.result.drawings[0]
    body = drawing.body.text() if hasattr(drawing, "body") else type(drawing).__name__
    return [panel.heading.text(), body]


def hints():
    return [panel._placeholder.text().partition("\\n")[2] for panel in panels]


path = Path(sys.argv[1])
save(linear_network(10, epochs=8), path)
window.files.open_path(path)
wait_until(lambda: window.checker.is_current and window.document.path == path)
panels = change, growth, step = [
    window.panels.views[name] for name in ("change", "growth", "step")
]
facts = {"before": hints()}
window.session.step()
wait_until(lambda: window.session.state == "paused")
wait_until(lambda: not growth.toolbar.source.missing_text)
facts["paused"] = hints()
facts["button"] = step.toolbar.start_button.text()
step.toolbar.start_button.click()
facts["waiting"] = [step.toolbar.status.text(), hints()[2]]
window.session.step()
wait_until(lambda: step.has_result)
facts["traced"] = shown(step)
facts["pair"] = computed(change)
window.session.train()
facts["live"] = computed(step)
facts["growth"] = computed(growth)
wait_until(lambda: window.session.state == "idle")
facts["button at rest"] = step.toolbar.start_button.text()
facts["finished"] = computed(change)
facts["grown"] = computed(growth)
traced = shown(step)
step.form.edited.emit("digits", 5)
wait_until(lambda: step.toolbar.task.is_busy)
wait_until_computed(step)
facts["again"] = [traced, shown(step)]
source = change.toolbar.source
facts["offered"] = [source.first.itemText(0), source.second.itemText(source.second.count() - 1)]
source.first.setCurrentIndex(source.first.findData(-1))
source.first.activated.emit(source.first.currentIndex())
wait_until(lambda: change.toolbar.task.is_busy)
wait_until_computed(change)
facts["now"] = shown(change)
window.bottom.show_tab("change")
save_image(window, sys.argv[2])
window.files.save()
window.files.open_path(path)
wait_until(lambda: not source.missing_text and not growth.toolbar.source.missing_text)
facts["reopened"] = [hints(), computed(growth), computed(change)]
print_facts(window, facts)
"""


def test_inputs_reach_the_views_of_a_package(tmp_path: Path) -> None:
    site = install_views(tmp_path, VIEWS)
    path = tmp_path / "net.dlstudio"
    facts = run_with_views(site, PROGRAM, path, tmp_path / "inputs.png")
    train = "Press Train, then Compute."
    trace = "Press Train or Step, then Trace the next step."
    assert facts["before"] == [train, train, trace]
    assert facts["paused"] == ["Press Compute.", "Press Compute.", "Press Trace the next step."]
    assert facts["button"] == "Trace the next step"
    assert facts["waiting"] == ["Press Step to take the step…", "The result appears here."]
    assert facts["traced"] == ["Step · step 2", "2 True 0.0000"]
    assert facts["live"][1].endswith(" True 0.0000")
    live_step = int(facts["live"][1].split()[0])
    assert live_step > 2
    assert facts["button at rest"] == "Compute"
    assert facts["again"][0] == facts["live"]
    assert facts["again"][1] == [facts["live"][0], f"{live_step} True 0.00000"]

    (run,) = list_runs(tmp_path / "net.runs")
    stored = list_snapshots(run.path)
    first, last = (read_weights(stored[index].path) for index in (0, -1))
    distance = float((last["linear_1.weight"] - first["linear_1.weight"]).norm())
    heading, text = facts["finished"]
    steps = f"{run.steps:,}".replace(",", "\u202f")
    assert heading == f"Change · step 0 → step {steps}"
    assert text.split()[:2] == ["0", str(run.steps)]
    assert float(text.split()[2]) == pytest.approx(distance, rel=1e-4)
    assert facts["pair"][0].startswith("Change · step 0 → step ")
    assert facts["offered"] == ["step 0", "now"]
    now = f"Change · epoch {run.epochs} (last) → step {steps}"
    assert facts["now"] == [now, f"{run.steps} {run.steps} 0"]
    assert facts["reopened"][2][1].split()[2] == text.split()[2]

    series = read_series(run.path)
    assert facts["growth"][0].startswith("Growth · steps 1 to ")
    assert facts["grown"] == [facts["reopened"][1][0], "LinesDrawing"]
    assert series.steps[0] == 1
    assert np.isfinite(series.at(UPDATE_RATIO, "linear_1")).all()
