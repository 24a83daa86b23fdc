"""Runs programs in forks of a process that has already imported PyTorch.

The import takes seconds, and most tests of the command line and of plug-in packages need it several
times. dlstudio itself is imported by each fork, with the plug-ins of its environment.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.cli.outcome import Outcome

DLSTUDIO = "import runpy; runpy.run_module('dlstudio', run_name='__main__', alter_sys=True)"
"""The program `python -m dlstudio`."""
IS_AVAILABLE = sys.platform == "linux"
_PRELOADED = ("torch", "torch._dynamo", "torchvision", "sklearn.datasets", "networkx", "sympy")
_STREAMS = ("stdout", "stderr")
_TIMEOUT = 540


def run_process(
    program: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    _output: Path,
) -> Outcome:
    """Return the result of `python -c program`, as `run_forked` does, where it cannot fork."""
    result = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=_TIMEOUT,
    )
    return Outcome(result.returncode, result.stdout, result.stderr)


def run_forked(
    program: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    output: Path,
) -> Outcome:
    """Return the result of `python -c program`; what it prints goes through files in `output`."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*_PRELOADED, __name__])
    process = context.Process(
        target=_run, args=(program, arguments, dict(environment), folder, output), daemon=False
    )
    process.start()
    process.join(_TIMEOUT)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise TimeoutError(f"the program {' '.join(arguments)} took over {_TIMEOUT} s")
    status = process.exitcode
    process.close()
    out, err = ((output / name).read_text(encoding="utf-8") for name in _STREAMS)
    return Outcome(status, out, err)


def _run(
    program: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    output: Path,
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    search_path = environment.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:0] = [str(folder), *filter(None, search_path)]
    importlib.invalidate_caches()
    for name in _STREAMS:
        with (output / name).open("wb") as file:
            os.dup2(file.fileno(), getattr(sys, name).fileno())
    sys.argv = ["-c", *arguments]
    exec(compile(program, "<program>", "exec"), {"__name__": "__main__"})
