"""Runs commands on corrupt design files and checks their output."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from dlstudio.cli.main import main
from tests.design.storage.corrupt_files import corrupt_files

UNREADABLE = 2
LONGEST_LINE = 400
SUBPROCESS_EVERY = 25
"""Interval, in files, at which the command also runs in a subprocess."""


def failed_commands(folder: Path, count: int, seed: int = 0) -> list[str]:
    """Return one line for every file and command with unexpected output.

    A command must exit with the status for unreadable files, print one line with the file name to
    stderr and, only with `--json`, one JSON object to stdout.
    """
    failures = []
    for number, (name, content) in enumerate(corrupt_files(count, seed)):
        path = folder / f"{name}.dlstudio"
        path.write_bytes(content)
        for command in (["check", str(path)], ["train", str(path), "--epochs", "1"]):
            failures += _check_output(path, command, *_in_process(command))
            failures += _check_json_output(path, [*command, "--json"])
        if number % SUBPROCESS_EVERY == 0:
            command = ("check", "train")[number // SUBPROCESS_EVERY % 2], str(path)
            failures += _check_output(path, command, *_in_subprocess(command))
    return failures


def _in_process(command: Sequence[str]) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(command)
    return status, out.getvalue(), err.getvalue()


def _in_subprocess(command: Sequence[str]) -> tuple[int, str, str]:
    arguments = [sys.executable, "-m", "dlstudio", *command]
    result = subprocess.run(arguments, capture_output=True, text=True, check=False)
    return result.returncode, result.stdout, result.stderr


def _check_output(
    path: Path, command: Sequence[str], status: int, out: str, err: str
) -> Iterator[str]:
    title = f"{command[0]} {path.name}"
    lines = err.splitlines()
    if status != UNREADABLE:
        yield f"{title}: exit status {status}"
    if out:
        yield f"{title}: writes {out[:80]!r} to stdout"
    if len(lines) != 1 or path.name not in err or "Traceback" in err:
        yield f"{title}: prints {err[:200]!r}"
    elif len(lines[0]) > LONGEST_LINE or not lines[0].isprintable():
        yield f"{title}: unreadable line: {err[:200]!r}"


def _check_json_output(path: Path, command: Sequence[str]) -> Iterator[str]:
    title = f"{command[0]} --json {path.name}"
    status, out, _err = _in_process(command)
    lines = out.splitlines()
    if status != UNREADABLE or len(lines) != 1 or not isinstance(json.loads(lines[0]), dict):
        yield f"{title}: exit status {status}, {out[:200]!r}"
