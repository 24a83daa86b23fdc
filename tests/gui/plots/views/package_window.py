"""The window with the views of installed packages, for programs in a process of their own."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QApplication

from dlstudio.app import make_application, make_window
from dlstudio.design.edits import append_after, set_training
from dlstudio.design.model.model import Project
from dlstudio.gui.canvas.scene.card_values import CardValue
from dlstudio.gui.plots.views.view_panel import ViewPanel
from dlstudio.gui.window.main_window import MainWindow

_TIMEOUT = 300.0


def open_window() -> MainWindow:
    """Return the window of the application, shown with all of its panels."""
    make_application()
    window = make_window()
    window.resize(1300, 900)
    window.show()
    wait_until(lambda: window.panels is not None)
    return window


def wait_until(condition: Callable[[], object]) -> None:
    """Process events until the condition holds."""
    end = time.monotonic() + _TIMEOUT
    while not condition():
        QApplication.processEvents()
        time.sleep(0.005)
        assert time.monotonic() < end


def wait_until_computed(panel: ViewPanel) -> None:
    """Wait for the end of the computation that a view's panel has begun."""
    wait_until(lambda: not panel.toolbar.task.is_busy)


def linear_network(*out_features: int, epochs: int) -> Project:
    """Return a classifier with a linear layer of each given size."""
    linears = [("linear", {"out_features": size}) for size in out_features]
    layers: list[tuple[str, dict[str, Any]]] = [("input", {}), ("flatten", {}), *linears]
    project, last = Project(), None
    for kind, settings in [*layers, ("output", {})]:
        project, last = append_after(project, last, kind, settings)
    return set_training(project, replace(project.training, epochs=epochs))


def save_image(window: MainWindow, path: str) -> None:
    """Save an image of the window for a person to look at."""
    QApplication.processEvents()
    assert window.grab().save(path)


def card_values(window: MainWindow) -> list[CardValue]:
    """Return the values that the shown view has put on the cards, in the order of the layers."""
    scene = window.editor.context.scene
    values = (scene.card_values.value(scene.content.path(node_id)) for node_id in scene.cards)
    return [value for value in values if value]


def print_facts(window: MainWindow, facts: dict[str, Any]) -> None:
    """Close the window and print what `run_with_views` returns."""
    window.dispose()
    print(json.dumps(facts))
