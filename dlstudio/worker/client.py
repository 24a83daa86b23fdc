"""Runs jobs in a child process, which is kept alive for the next request.

Imports neither torch nor Qt. `Worker.run` blocks until the answer: call it from a background
thread.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dlstudio.data.core.errors import Cancelled
from dlstudio.worker.child_process import KILL_SECONDS, ChildProcess, Event
from dlstudio.worker.server import IDLE_SECONDS

Progress = Callable[[str, float | None], None]
_POLL_SECONDS = 0.05
_OWN_PACKAGE = "dlstudio"
_ENDED = "The worker process ended unexpectedly. See the log for details."


class WorkError(Exception):
    """The job failed; the text is shown to the user.

    Attributes:
        details: A traceback or the end of the child's stderr, for the log; empty if the text
            already explains what the user can change.
    """

    def __init__(self, text: str, details: str = "") -> None:
        """Store the text and the details."""
        super().__init__(text)
        self.details = details


class _NeverStarted(WorkError):
    """The child ended before it started the request."""


class Worker:
    """Runs one job at a time in a child process, started by `warm_up` or the first job.

    May be used from several threads; a second one waits for the first.
    """

    def __init__(self, idle_seconds: float = IDLE_SECONDS) -> None:
        """Start no process yet; a child exits `idle_seconds` after its last request."""
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._child: ChildProcess | None = None
        self._folder: TemporaryDirectory[str] | None = None

    @property
    def pid(self) -> int | None:
        """Process ID of the child, None if none is running."""
        child = self._child
        return child.pid if child is not None and child.is_alive else None

    @property
    def folder(self) -> Path:
        """Temporary folder for files that requests refer to; `close` removes it."""
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="dlstudio-", ignore_cleanup_errors=True)
        return Path(self._folder.name)

    @contextmanager
    def reserved(self, is_cancelled: Callable[[], bool]) -> Iterator[None]:
        """Wait until no other thread uses the worker, and reserve it for the `with` block.

        Raises:
            Cancelled: `is_cancelled` returned True while waiting.
        """
        while not self._lock.acquire(timeout=_POLL_SECONDS):
            if is_cancelled():
                raise Cancelled
        try:
            yield
        finally:
            self._lock.release()

    def warm_up(self, prepare: str, *, low_priority: bool = False) -> None:
        """Start the child if there is none, and return at once.

        Args:
            prepare: Dotted target of a function that the child calls before its first job.
            low_priority: As for `run`.

        Raises:
            OSError: The process could not be started.
        """
        if self.pid is not None or not self._lock.acquire(blocking=False):
            return
        try:
            self._stop(patience=0)
            self._child = ChildProcess(self._idle_seconds, prepare, low_priority=low_priority)
        finally:
            self._lock.release()

    def run(
        self,
        job: str,
        arguments: Mapping[str, Any],
        *,
        low_priority: bool = False,
        packages: Collection[str] = (),
        progress: Progress = lambda _text, _done: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Any:
        """Run a job and return its result; call it within `reserved`.

        Args:
            job: Dotted target, see `server`.
            arguments: JSON values for the job.
            low_priority: Whether to lower the priority of the process, if supported.
            packages: Top-level packages, besides dlstudio, whose dataclasses the job may return.
            progress: Called with a text and the fraction done or None; its exceptions end the job.
            is_cancelled: Polled every 50 ms; True cancels the job.

        Raises:
            Cancelled: `is_cancelled` returned True.
            WorkError: The job failed, or the child ended unexpectedly.
        """
        result = self.folder / "result.safetensors"
        request = {
            "job": job,
            "arguments": dict(arguments),
            "arrays": str(result),
            "low_priority": low_priority,
        }
        try:
            tree = self._answer(request, progress, is_cancelled)
        except WorkError:
            raise
        except BaseException:
            self._stop()
            raise
        return _read_value(tree, result, {_OWN_PACKAGE, *packages})

    def close(self) -> None:
        """Stop the child and remove the folder; the worker can be used again afterwards."""
        with self._lock:
            self._stop(patience=0)
            if self._folder is not None:
                self._folder.cleanup()
                self._folder = None

    def _answer(self, request: Event, progress: Progress, is_cancelled: Callable[[], bool]) -> Any:
        """Return the encoded result.

        An idle child may exit just before the request arrives; a new one then gets the request.
        """
        if self._child is not None:
            with suppress(_NeverStarted):
                return _ask(self._child, request, progress, is_cancelled)
            self._stop()
        self._child = ChildProcess(self._idle_seconds)
        return _ask(self._child, request, progress, is_cancelled)

    def _stop(self, patience: float = KILL_SECONDS) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.stop(patience)


def _ask(
    child: ChildProcess, request: Event, progress: Progress, is_cancelled: Callable[[], bool]
) -> Any:
    """Send a request, wait and return the encoded result."""
    try:
        child.send(request)
    except OSError as error:
        raise _NeverStarted(_ENDED, child.details()) from error
    is_started = False
    while True:
        if is_cancelled():
            raise Cancelled
        try:
            event = child.next_event(_POLL_SECONDS)
        except queue.Empty:
            continue
        if event is None:
            raise (WorkError if is_started else _NeverStarted)(_ENDED, child.details())
        is_started = True
        match event:
            case {"event": "progress", "text": str(text), "done": done}:
                progress(text, done)
            case {"event": "done", "value": value}:
                return value
            case {"event": "failed", "text": str(text), "details": str(details)}:
                raise WorkError(text, details)


def _read_value(tree: Any, file: Path, packages: Collection[str]) -> Any:
    from safetensors.numpy import load_file

    from dlstudio.worker.value_codec import decode

    arrays = load_file(file) if file.exists() else {}
    file.unlink(missing_ok=True)
    return decode(tree, arrays, packages)
