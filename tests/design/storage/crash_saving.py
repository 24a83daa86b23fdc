"""Kills a process while it saves, and checks the file that remains."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dlstudio.design.library.files import load

FIRST = "first save done"
SAVING = f"""
import sys
from itertools import count
from dlstudio.design.edits import add_node, set_about
from dlstudio.design.library.files import save
from dlstudio.design.model.model import Project

project = Project()
for number in range(300):
    project, _ = add_node(project, "linear", (number, number), {{"out_features": number}})
save(set_about(project, "0"), sys.argv[1])
print({FIRST!r}, flush=True)
for number in count(1):
    save(set_about(project, str(number)), sys.argv[1])
    print(number, flush=True)
"""


def kill_while_saving(folder: Path, kills: int, seed: int = 0) -> list[int]:
    """Kill a saving process `kills` times at random moments.

    Returns:
        The number of the save in the file after each kill.

    Raises:
        AssertionError: The file does not contain a save that was reported as done.
        FileError: The file cannot be read.
    """
    rng = random.Random(seed)
    saved_numbers = []
    for kill in range(kills):
        path = folder / f"design-{kill}.dlstudio"
        with _saving(path) as process:
            time.sleep(rng.uniform(0.0, 0.12))
            process.kill()
            reported = process.stdout.read().split() if process.stdout else []
        project = load(path)
        assert len(project.graph.nodes) == 300
        saved = int(project.about)
        assert saved >= int(reported[-1] if reported else 0)
        saved_numbers.append(saved)
    return saved_numbers


@contextmanager
def _saving(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Yield a process that has saved to `path` once and keeps saving."""
    command = [sys.executable, "-c", SAVING, os.fspath(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == FIRST
            yield process
        finally:
            process.kill()
