"""Has work done by a child process; one child is kept warm for the next request.

Knows neither torch nor Qt. `Worker.run` waits for the answer: call it from a background thread.
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
_ENDED = "The worker ended before its work was done. The log says more."


class WorkError(Exception):
    """The work could not be done; the text is for people.

    Attributes:
        details: A traceback or the child's last words, for the log; empty for a mistake of the
            user's that the text explains.
    """

    def __init__(self, text: str, details: str = "") -> None:
        """Hold the text and the details."""
        super().__init__(text)
        self.details = details


class _NeverStarted(WorkError):
    """The child ended before it had begun with the request."""


class Worker:
    """Does one piece of work at a time in a child, which is started when there is something to do.

    It may be used from several threads: the second waits for the first.
    """

    def __init__(self, idle_seconds: float = IDLE_SECONDS) -> None:
        """Start nothing yet; a child ends by itself `idle_seconds` after its last request."""
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._child: ChildProcess | None = None
        self._folder: TemporaryDirectory[str] | None = None

    @property
    def pid(self) -> int | None:
        """Number of the warm child's process, None where there is none."""
        child = self._child
        return child.pid if child is not None and child.is_alive else None

    @property
    def folder(self) -> Path:
        """Folder for files that requests name; it is removed by `close`."""
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="dlstudio-", ignore_cleanup_errors=True)
        return Path(self._folder.name)

    @contextmanager
    def reserved(self, is_cancelled: Callable[[], bool]) -> Iterator[None]:
        """Wait until no other thread uses the worker, and keep it for the block.

        Raises:
            Cancelled: `is_cancelled` said so meanwhile.
        """
        while not self._lock.acquire(timeout=_POLL_SECONDS):
            if is_cancelled():
                raise Cancelled
        try:
            yield
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
        """Return what a job gives; call it within `reserved`.

        Args:
            job: Dotted target, as `server` describes it.
            arguments: Plain values for it.
            low_priority: Whether other processes go first, where the system can do so.
            packages: Top-level packages besides our own whose values it may return.
            progress: Told what goes on and the share done; what it raises ends the work.
            is_cancelled: Asked many times a second whether to end.

        Raises:
            Cancelled: `is_cancelled` said so.
            WorkError: The job failed, or the child ended before its time.
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
        """End the child and remove the folder; the worker can be used again afterwards."""
        with self._lock:
            self._stop(patience=0)
            if self._folder is not None:
                self._folder.cleanup()
                self._folder = None

    def _answer(self, request: Event, progress: Progress, is_cancelled: Callable[[], bool]) -> Any:
        """Return the tree of an answer.

        A warm child may be about to end as it was idle; then a new one takes the request.
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
    """Return the tree of an answer, once it is there."""
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
