"""A plug-in package with views, and programs that run with it installed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from tests.forked_process import IS_AVAILABLE, run_forked, run_process
from tests.plugin_package import install_package, plugin_environment, write_entry_points

ROOT = Path(__file__).parents[4]


def install_views(folder: Path, source: str) -> Path:
    """Install the package `tiny_views` and return its site-packages folder."""
    site = install_package(folder, "tiny_views", {"__init__": source})
    write_entry_points(site, "tiny_views", "dlstudio.views", "tiny = tiny_views:VIEWS")
    return site


def run_with_views(site: Path, program: str, *arguments: object) -> dict[str, Any]:
    """Return what a program prints last, as JSON, while the package is installed.

    The program may import `tests.gui.plots.views.package_window`, which opens the window.
    """
    output = site.parent / "output"
    output.mkdir()
    environment = {**os.environ, **plugin_environment(site)}
    run = run_forked if IS_AVAILABLE else run_process
    outcome = run(program, [str(argument) for argument in arguments], environment, ROOT, output)
    assert outcome.status == 0, outcome.err
    facts: dict[str, Any] = json.loads(outcome.out.splitlines()[-1])
    return facts
