"""Kills a process again and again while it saves, and looks what is left."""

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

FIRST = "saving begins"
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
        For each kill, the number of the save that the file then held.

    Raises:
        AssertionError: A save that had been reported as done was not in the file.
        FileError: The file could not be read any more.
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
    """Yield a process that saves to `path` without end, once its first save is done."""
    command = [sys.executable, "-c", SAVING, os.fspath(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == FIRST
            yield process
        finally:
            process.kill()
