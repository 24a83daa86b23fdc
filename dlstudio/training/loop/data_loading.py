"""Loads the data in its own thread, to report progress and respond to a stop."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator

from dlstudio.data.core.dataset import DataSet
from dlstudio.data.core.errors import Cancelled
from dlstudio.data.load import load_data
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.training.protocol.control import Control
from dlstudio.training.protocol.events import ProgressUpdate, RunOptions

_POLL_INTERVAL = 0.05


class StopRequested(Exception):
    """`stop` was sent before the first step."""


def load_with_progress(
    settings: DataSettings, options: RunOptions, control: Control | None
) -> Generator[ProgressUpdate, None, DataSet]:
    """Yield progress and return the data set.

    Raises:
        DataError: The data cannot be loaded.
        StopRequested: `stop` was sent.
    """
    progress_events: queue.SimpleQueue[ProgressUpdate] = queue.SimpleQueue()
    stop = threading.Event()
    results: list[DataSet] = []
    errors: list[BaseException] = []

    def read() -> None:
        try:
            results.append(
                load_data(
                    settings,
                    data_dir=options.data_dir,
                    design_dir=options.design_dir,
                    progress=lambda text, done: progress_events.put(ProgressUpdate(text, done)),
                    cancelled=stop.is_set,
                )
            )
        except Exception as error:  # noqa: BLE001 - raised again in the caller's thread
            errors.append(error)

    thread = threading.Thread(target=read, name="dlstudio-data", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(_POLL_INTERVAL)
            while not progress_events.empty():
                yield progress_events.get()
            if control is not None and control.stop_requested():
                stop.set()
    finally:
        stop.set()
        thread.join()
    if errors and isinstance(errors[0], Cancelled):
        raise StopRequested from errors[0]
    if errors:
        raise errors[0]
    return results[0]
