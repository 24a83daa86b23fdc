"""One worker for the analyses of a test module: a new one has to import torch first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dlstudio.worker.view_worker import ViewWorker


class SharedWorker(ViewWorker):
    """A worker that keeps running when a window closes it."""

    def close(self) -> None:
        """Keep the process for the next window."""

    def shut_down(self) -> None:
        super().close()


@pytest.fixture(scope="module")
def shared_worker() -> Iterator[SharedWorker]:
    shared = SharedWorker()
    with shared.worker.reserved(lambda: False):
        shared.worker.run("tests.worker.worker_jobs.import_torch", {})
    yield shared
    shared.shut_down()


@pytest.fixture(autouse=True)
def _use_shared_worker(
    shared_worker: SharedWorker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Give windows the shared worker; end it after a test that had to restart it."""
    pid = shared_worker.worker.pid
    monkeypatch.setattr("dlstudio.gui.window.plot_panels.ViewWorker", lambda: shared_worker)
    yield
    if pid is None or shared_worker.worker.pid != pid:
        shared_worker.shut_down()
