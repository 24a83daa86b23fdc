"""Jobs for tests of the worker; only one imports torch."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from dlstudio.insight.views.values import Bars, Text

Progress = Callable[[str, float | None], None]


def describe(arguments: Mapping[str, Any], progress: Progress) -> tuple[Bars, Text]:
    progress("Counting", 0.5)
    print("a library that prints")
    bars = Bars(tuple(arguments["names"]), np.arange(len(arguments["names"]), dtype=np.float32))
    return bars, Text(f"{os.getpid()} {'torch' in sys.modules} {os.nice(0)}")


def prepare() -> None:
    os.environ["DLSTUDIO_TEST_PREPARED"] = "yes"


def is_prepared(_arguments: Mapping[str, Any], _progress: Progress) -> Text:
    return Text(os.environ.get("DLSTUDIO_TEST_PREPARED", "no"))


def sleep() -> None:
    time.sleep(60)


def wait(arguments: Mapping[str, Any], progress: Progress) -> None:
    """Report progress until it is cancelled."""
    while True:
        progress("Waiting", None)
        time.sleep(0.01)


def hang(arguments: Mapping[str, Any], progress: Progress) -> None:
    """Ignore cancelling."""
    progress("Hanging", None)
    time.sleep(60)


def crash(arguments: Mapping[str, Any], progress: Progress) -> None:
    print("error output", file=sys.stderr, flush=True)
    os._exit(3)


def break_off(arguments: Mapping[str, Any], progress: Progress) -> None:
    """End in the middle of an event."""
    print("last words", file=sys.stderr, flush=True)
    for descriptor in (fd for fd in range(3, 64) if _is_pipe(fd)):
        with contextlib.suppress(OSError):  # one that is only read
            os.write(descriptor, b'{"event": "done", "val')
    os._exit(9)


def _is_pipe(descriptor: int) -> bool:
    try:
        return stat.S_ISFIFO(os.fstat(descriptor).st_mode)
    except OSError:
        return False


def refuse(arguments: Mapping[str, Any], progress: Progress) -> None:
    raise ValueError("Choose another layer.")


def fail(arguments: Mapping[str, Any], progress: Progress) -> None:
    raise KeyError("layer")


def give_object(arguments: Mapping[str, Any], progress: Progress) -> object:
    return object()


def import_torch(arguments: Mapping[str, Any], progress: Progress) -> str:
    """Import torch, which takes most of the start of a worker."""
    import dlstudio.insight.analyses.layer_probe
    import dlstudio.worker.view_job

    return dlstudio.worker.view_job.__name__ + dlstudio.insight.analyses.layer_probe.__name__
