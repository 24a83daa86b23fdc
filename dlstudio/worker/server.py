"""The child process: handles one request after the other and answers in JSON lines.

Imports torch only within jobs. A request names its job by a dotted target. A job is called with the
request's arguments and a progress callback, and returns a value that `value_codec` can encode; the
texts of ValueError and DataError are shown to the user.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from dlstudio.data.core.errors import Cancelled, DataError
from dlstudio.entry_points import resolve_target

IDLE_SECONDS = 60.0
"""Time without a request after which the child exits."""
_LOW_PRIORITY = 10
_CHUNK = 1 << 16
_FIELDS: Mapping[str, tuple[type, str]] = {
    "job": (str, "the dotted name of a function"),
    "arguments": (dict, "an object with its arguments"),
    "arrays": (str, "the path of a file for the arrays of its result"),
    "low_priority": (bool, "true or false"),
}
"""What a request must hold, and how a refusal describes it."""


def serve(idle_seconds: float, prepare: str = "", *, low_priority: bool = False) -> None:
    """Answer requests until stdin is closed or none arrives for `idle_seconds`.

    Args:
        idle_seconds: Time to wait for each request.
        prepare: Dotted target of a function to call before the first request, or empty.
        low_priority: Whether to lower the priority of the process now rather than on request.
    """
    output = _take_stdout()
    lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    closed = threading.Event()
    threading.Thread(target=_read, args=(lines, closed), daemon=True).start()
    is_low = low_priority and _lower_priority()
    if prepare:
        _call(prepare)
    while True:
        try:
            line = lines.get(timeout=idle_seconds)
        except queue.Empty:
            return
        if line is None:
            return
        conversation = _Conversation(output, closed)
        try:
            request = _parse(line)
        except ValueError as error:
            conversation.send("failed", text=f"The request cannot be read: {error}", details="")
            continue
        if request["low_priority"] and not is_low:
            is_low = _lower_priority()
        conversation.answer(request)


def _lower_priority() -> bool:
    """Lower the priority of this process, if the system supports it."""
    if hasattr(os, "nice"):
        os.nice(_LOW_PRIORITY)
    return True


def _call(target: str) -> None:
    try:
        resolve_target(target)()
    except Exception:  # noqa: BLE001 - the first job reports the error, if it concerns the job
        traceback.print_exc()


class _Conversation:
    """Handles one request and sends its events."""

    def __init__(self, output: TextIO, closed: threading.Event) -> None:
        self._output = output
        self._closed = closed

    def send(self, event: str, **fields: object) -> None:
        """Write an event; raises Cancelled if the parent has closed the pipe."""
        try:
            self._output.write(f"{json.dumps({'event': event, **fields}, allow_nan=False)}\n")
            self._output.flush()
        except OSError as error:
            raise Cancelled from error

    def progress(self, text: str, done: float | None) -> None:
        """Send a progress event; raises Cancelled once stdin is closed."""
        if self._closed.is_set():
            raise Cancelled
        self.send("progress", text=text, done=done)

    def answer(self, request: dict[str, Any]) -> None:
        """Run the job, and send the result or the error."""
        try:
            self.send("started")
            self.send("done", value=self._work(request))
        except Cancelled:
            return
        except (DataError, ValueError) as error:
            details = "\n".join(getattr(error, "__notes__", ()))
            self.send("failed", text=str(error), details=details)
        except Exception as error:  # noqa: BLE001 - the child's loop ends here, and reports
            text = f"{type(error).__name__}: {error}"
            self.send("failed", text=text, details=traceback.format_exc())

    def _work(self, request: dict[str, Any]) -> Any:
        from safetensors.numpy import save_file

        from dlstudio.worker.temporary_files import writing
        from dlstudio.worker.value_codec import Arrays, encode

        result = resolve_target(request["job"])(request["arguments"], self.progress)
        arrays: Arrays = {}
        tree = encode(result, arrays)
        if arrays:
            file = Path(request["arrays"])
            try:
                with writing(file):
                    save_file(arrays, file)
            except OSError as error:
                raise DataError(str(error)) from error
        return tree


def _parse(line: bytes) -> dict[str, Any]:
    """Return the request; raises ValueError if it is malformed."""
    request = json.loads(line)
    if not isinstance(request, dict):
        raise ValueError("it is not a JSON object")
    for name, (kind, meaning) in _FIELDS.items():
        if name not in request:
            raise ValueError(f"{name!r} is missing; it must be {meaning}")
        if not isinstance(request[name], kind):
            raise ValueError(f"{name!r} must be {meaning}, not {json.dumps(request[name])}")
    return request


def _take_stdout() -> TextIO:
    """Return a stream to the parent; from now on all other output goes to stderr."""
    sys.stdout.flush()
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return output


def _read(lines: queue.SimpleQueue[bytes | None], closed: threading.Event) -> None:
    for line in _stdin_lines():
        lines.put(line)
    closed.set()
    lines.put(None)


def _stdin_lines() -> Iterator[bytes]:
    """Yield lines. Unbuffered: a buffered reader's lock would be held at interpreter exit."""
    rest = b""
    while chunk := os.read(0, _CHUNK):
        *complete, rest = (rest + chunk).split(b"\n")
        yield from complete
