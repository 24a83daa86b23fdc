"""The parent's side of the child process: sends requests, receives events, ends the process."""

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
"""Time for the child to exit by itself before it is killed."""
_DETAILS_BYTES = 4000
_INSTALLED = frozenset({"site-packages", "dist-packages"})


class ChildProcess:
    """A running `python -m dlstudio.worker`."""

    def __init__(
        self, idle_seconds: float, prepare: str = "", *, low_priority: bool = False
    ) -> None:
        """Start the process; it exits after `idle_seconds` without a request."""
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - held until the child has ended
        arguments = [sys.executable, "-m", "dlstudio.worker", "--idle", str(idle_seconds)]
        arguments += ["--prepare", prepare] if prepare else []
        arguments += ["--low-priority"] if low_priority else []
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
        """Process ID."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process is still running."""
        return self._process.poll() is None

    def send(self, request: dict[str, Any]) -> None:
        """Send a request; raises OSError if the process no longer reads."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()

    def next_event(self, timeout: float) -> Event | None:
        """Return the next event, None if the process has ended.

        Raises:
            queue.Empty: No event arrived within `timeout` seconds.
        """
        event = self._events.get(timeout=timeout)
        if event is None:
            self._events.put(None)
        return event

    def stop(self, patience: float = KILL_SECONDS) -> None:
        """Close stdin, which cancels the current request; kill after `patience` seconds."""
        self._close_stdin()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._thread.join()
        self._errors.close()

    def details(self) -> str:
        """Return the exit status and the end of stderr, for the log."""
        self._process.wait()
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(size - _DETAILS_BYTES, 0))
        text = self._errors.read().decode("utf-8", "replace").strip()
        return f"exit status {self._process.returncode}\n{text}".strip()

    def _read(self) -> None:
        """Queue the events, then None once the process has ended; a broken line ends it."""
        assert self._process.stdout is not None
        try:
            with self._process.stdout as lines:
                for line in lines:
                    self._events.put(_parse(line))
        except ValueError:
            self._process.kill()
        finally:
            self._process.wait()
            self._events.put(None)

    def _close_stdin(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it may have ended with a line still on its way
            self._process.stdin.close()


def _parse(line: bytes) -> Event:
    """Return the event; raises ValueError if the line is incomplete or holds something else."""
    event = json.loads(line)
    if not isinstance(event, dict):
        raise ValueError("An event must be a JSON object.")
    return event


def _environment() -> dict[str, str]:
    """Return an environment in which the child imports the same copy of this package."""
    environment = dict(os.environ)
    root = Path(__file__).parents[2]
    if root.name not in _INSTALLED:
        paths = filter(None, (str(root), environment.get("PYTHONPATH")))
        environment["PYTHONPATH"] = os.pathsep.join(paths)
    return environment
