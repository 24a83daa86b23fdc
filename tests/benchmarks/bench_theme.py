"""How long a change of theme holds the window up, one that is fully furnished.

Run as a program it prints the seconds of each change as JSON.
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
from dlstudio.design.examples import example_path
from dlstudio.design.files import load
from dlstudio.gui.picture import select_telling, settle, train_and_wait, wait_for_check
from dlstudio.gui.theme import apply_theme
from tests.benchmarks.rows import Row
from tests.benchmarks.surroundings import own_settings

ROOT = Path(__file__).parents[2]
EXAMPLE = "digits-cnn"
SWITCHES = 7
BUDGET = 0.1


def theme() -> list[Row]:
    """Change between dark and light behind a finished run."""
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-m", __spec__.name],
            check=True,
            cwd=ROOT,
            env=own_settings(home),
            capture_output=True,
        )
    dressing, painting = (median(each) for each in json.loads(done.stdout.splitlines()[-1]))
    return [_row("dressing the widgets", dressing), _row("painting them anew", painting)]


def main() -> None:
    """Open, train, change, print."""
    app = make_application()
    window = make_window()
    window.show()
    settle(0.2)
    window.furnish()
    window.document.load(load(example_path(EXAMPLE)), None)
    wait_for_check(window)
    train_and_wait(window, 1, lambda _text, _done: None)
    select_telling(window)
    dressing, painting = [], []
    for number in range(-1, SWITCHES):
        settle(0.2)
        began = time.perf_counter()
        apply_theme("dark" if number % 2 else "light")
        dressed = time.perf_counter()
        app.processEvents()
        if number >= 0:
            dressing.append(dressed - began)
            painting.append(time.perf_counter() - dressed)
    print(json.dumps([dressing, painting]), flush=True)
    window.shut()


def _row(what: str, seconds: float) -> Row:
    figure = f"{seconds * 1000:.0f} ms"
    return Row(f"change of theme, {what}", f"<= {BUDGET * 1000:.0f} ms", figure, seconds <= BUDGET)


BENCHMARKS: Mapping[str, Callable[[], list[Row]]] = {"theme": theme}

if __name__ == "__main__":
    main()
