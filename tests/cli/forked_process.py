"""Runs `python -m dlstudio` in forks of a process that has already imported PyTorch.

The import takes seconds, and most tests of the command line call it several times. dlstudio itself
is imported by each fork, with the plug-ins of its environment.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.cli.outcome import Outcome

IS_AVAILABLE = sys.platform == "linux"
_PRELOADED = ("torch", "torch._dynamo", "torchvision", "sklearn.datasets", "networkx", "sympy")
_TIMEOUT = 240


def run_forked(
    arguments: Sequence[str], environment: Mapping[str, str], folder: Path, output: Path
) -> Outcome:
    """Return the result of the command; what it prints goes through files in `output`."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*_PRELOADED, __name__])
    out, err = output / "stdout", output / "stderr"
    process = context.Process(
        target=_run, args=(arguments, dict(environment), folder, out, err), daemon=False
    )
    process.start()
    process.join(_TIMEOUT)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise TimeoutError(f"dlstudio {' '.join(arguments)} took over {_TIMEOUT} s")
    status = process.exitcode
    process.close()
    return Outcome(status, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))


def _run(
    arguments: Sequence[str], environment: Mapping[str, str], folder: Path, out: Path, err: Path
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    search_path = environment.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:0] = [str(folder), *filter(None, search_path)]
    importlib.invalidate_caches()
    for stream, path in ((sys.stdout, out), (sys.stderr, err)):
        with path.open("wb") as file:
            os.dup2(file.fileno(), stream.fileno())
    sys.argv = ["dlstudio", *arguments]
    runpy.run_module("dlstudio", run_name="__main__", alter_sys=True)
