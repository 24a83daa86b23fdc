"""Fixtures for every test: no display is used and no thread is leaked.

Hypothesis sets no time limits, because the time of a drawn example depends on what else runs.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import hypothesis
import pytest

hypothesis.settings.register_profile(
    "any load", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any load")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")
_PATIENCE = 5.0


@pytest.fixture(autouse=True)
def _no_leaked_threads() -> Iterator[None]:
    """Fail a test that leaves a Python thread running."""
    before = set(threading.enumerate())
    yield
    end = time.monotonic() + _PATIENCE
    while (leaked := _alive_threads(before)) and time.monotonic() < end:
        time.sleep(0.01)
    assert not leaked, f"threads left behind: {', '.join(thread.name for thread in leaked)}"


def _alive_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    return [
        thread for thread in threading.enumerate() if thread not in before and thread.is_alive()
    ]
