"""Time to change the theme of a window that shows a finished run.

Run as a program, it prints the seconds of each change as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

from dlstudio.app import make_application, make_window
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.gui.style.theme import apply_theme
from dlstudio.gui.window.screenshot import (
    process_events,
    select_representative_layer,
    train_and_wait,
    wait_for_check,
)
from tests.benchmarks.isolated_settings import isolated_environment
from tests.benchmarks.rows import ResultRow

ROOT = Path(__file__).parents[2]
EXAMPLE = "digits-cnn"
SWITCHES = 7
BUDGET = 0.1


def theme() -> list[ResultRow]:
    """Measure switching between the dark and the light theme after a run."""
    with tempfile.TemporaryDirectory() as home:
        process = subprocess.run(
            [sys.executable, "-m", __spec__.name],
            check=True,
            cwd=ROOT,
            env=isolated_environment(home),
            capture_output=True,
        )
    styling, painting = (median(times) for times in json.loads(process.stdout.splitlines()[-1]))
    return [_row("styling the widgets", styling), _row("repainting them", painting)]


def main() -> None:
    """Train an example, switch the theme several times and print the times."""
    app = make_application()
    window = make_window()
    window.show()
    process_events(0.2)
    window.build_plots()
    window.document.load(load(example_path(EXAMPLE)), None)
    wait_for_check(window)
    train_and_wait(window, 1, lambda _text, _done: None)
    select_representative_layer(window)
    styling, painting = [], []
    for number in range(-1, SWITCHES):
        process_events(0.2)
        start = time.perf_counter()
        apply_theme("dark" if number % 2 else "light")
        styled = time.perf_counter()
        app.processEvents()
        if number >= 0:
            styling.append(styled - start)
            painting.append(time.perf_counter() - styled)
    print(json.dumps([styling, painting]), flush=True)
    window.dispose()


def _row(name: str, seconds: float) -> ResultRow:
    text = f"{seconds * 1000:.0f} ms"
    return ResultRow(
        f"change of theme, {name}", f"<= {BUDGET * 1000:.0f} ms", text, seconds <= BUDGET
    )


BENCHMARKS: Mapping[str, Callable[[], list[ResultRow]]] = {"theme": theme}

if __name__ == "__main__":
    main()
