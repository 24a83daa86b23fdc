"""The child process as its parent holds it: lines in, events out, ended without a trace."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

Event = dict[str, Any]

KILL_SECONDS = 1.0
"""So long a child may take to end by itself."""
_DETAILS_BYTES = 4000
_INSTALLED = frozenset({"site-packages", "dist-packages"})


class ChildProcess:
    """A running `python -m dlstudio.worker`."""

    def __init__(self, idle_seconds: float) -> None:
        """Start it; it ends by itself after `idle_seconds` without a request."""
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - held until the child has ended
        arguments = [sys.executable, "-m", "dlstudio.worker", "--idle", str(idle_seconds)]
        self._process = subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._read, name="worker", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def send(self, request: dict[str, Any]) -> None:
        """Hand over a request; OSError where nobody takes it any more."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()

    def next_event(self, timeout: float) -> Event | None:
        """Return the next event, None where the child has ended.

        Raises:
            queue.Empty: Nothing came in time.
        """
        event = self._events.get(timeout=timeout)
        if event is None:
            self._events.put(None)
        return event

    def stop(self, patience: float = KILL_SECONDS) -> None:
        """Close its stdin, which cancels what it does; kill it after `patience` seconds."""
        self._close_stdin()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._thread.join()
        self._errors.close()

    def details(self) -> str:
        """Return how it ended and the last that it wrote to stderr, for the log."""
        self._process.wait()
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(size - _DETAILS_BYTES, 0))
        text = self._errors.read().decode("utf-8", "replace").strip()
        return f"exit status {self._process.returncode}\n{text}".strip()

    def _read(self) -> None:
        """Pass events on, and take leave of the process once it has ended."""
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._events.put(_parse(line))
        self._process.wait()
        self._events.put(None)

    def _close_stdin(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it may have ended with a line still on its way
            self._process.stdin.close()


def _parse(line: bytes) -> Event:
    event = json.loads(line)
    assert isinstance(event, dict)
    return event


def _environment() -> dict[str, str]:
    """Return an environment in which the child finds this very package."""
    environment = dict(os.environ)
    root = Path(__file__).parents[2]
    if root.name not in _INSTALLED:
        paths = filter(None, (str(root), environment.get("PYTHONPATH")))
        environment["PYTHONPATH"] = os.pathsep.join(paths)
    return environment
