"""Random sequences of edits, runs and files against a model of what must be trained and stored."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from tempfile import TemporaryDirectory

from dlstudio.gui.document.preferences import CONFIG_VARIABLE
from tests.benchmarks.rows import ResultRow

SEQUENCES, REPORTED, SECONDS = 2000, 100, 540.0


def run_model(arguments: Sequence[str] = ()) -> Iterator[ResultRow]:
    """Play sequences for up to nine minutes, and print those that fail as short as possible.

    Args:
        arguments: Number of the first sequence, with which an interrupted call goes on.
    """
    with TemporaryDirectory() as home:
        os.environ[CONFIG_VARIABLE] = home
        os.environ["XDG_DATA_HOME"] = home
        yield from _play(int(arguments[0]) if arguments else 0)


def _play(first: int) -> Iterator[ResultRow]:
    from dlstudio.app import make_application
    from tests.gui.runs.sequences.play import draw, play, shrink

    application = make_application()
    end, start, failed = time.monotonic() + SECONDS, first, 0
    for seed in range(first, SEQUENCES):
        steps = draw(seed)
        if fault := play(steps):
            failed += 1
            shortest = shrink(steps)
            yield ResultRow(f"sequence {seed}: {shortest}", "", play(shortest) or fault, False)
        is_over = time.monotonic() > end
        if (seed + 1) % REPORTED == 0 or is_over:
            name = f"sequences {start} to {seed}"
            yield ResultRow(name, "no failure", f"{failed} failed", failed == 0)
            start, failed = seed + 1, 0
        if is_over:
            yield ResultRow(f"goes on with run-model {seed + 1}", "", "", None)
            break
    application.processEvents()


BENCHMARKS: Mapping[str, Callable[..., Iterator[ResultRow]]] = {"run-model": run_model}
