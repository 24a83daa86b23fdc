"""One warm worker for the analyses of all tests of a file: a cold one has to import torch first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dlstudio.worker.view_worker import ViewWorker


class KeptWorker(ViewWorker):
    """A worker that outlives the windows that use it."""

    def close(self) -> None:
        """Stay warm."""

    def end(self) -> None:
        super().close()


@pytest.fixture(scope="module")
def kept_worker() -> Iterator[KeptWorker]:
    kept = KeptWorker()
    with kept.worker.reserved(lambda: False):
        kept.worker.run("tests.worker.worker_jobs.import_torch", {})
    yield kept
    kept.end()


@pytest.fixture(autouse=True)
def _warm_worker(kept_worker: KeptWorker, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let windows use the worker; one that a test had to start anew ends with the test."""
    pid = kept_worker.worker.pid
    monkeypatch.setattr("dlstudio.gui.window.main_window.ViewWorker", lambda: kept_worker)
    yield
    if pid is None or kept_worker.worker.pid != pid:
        kept_worker.end()
