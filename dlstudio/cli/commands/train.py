"""`dlstudio train`: train a design without a window, with console output or JSON lines."""

from __future__ import annotations

import argparse
from pathlib import Path

from dlstudio.cli.framework.argument_types import positive_int, seed, thread_count
from dlstudio.cli.framework.command import Command


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the design (.dlstudio)")
    parser.add_argument("--epochs", type=positive_int, help="instead of the design's")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="")
    parser.add_argument("--seed", type=seed, help="instead of the design's")
    parser.add_argument("--threads", type=thread_count, default=0, help="default: all cores")
    parser.add_argument("--data-dir", default="", help="folder that contains the data sets")
    parser.add_argument("--run-dir", default="", help="folder of this run")
    parser.add_argument("--resume", action="store_true", help="continue the newest unfinished run")
    parser.add_argument("--json", action="store_true", help="print one JSON object per event")


def _run(arguments: argparse.Namespace) -> int:
    from dlstudio.cli.commands.headless_training import run

    return run(arguments)


COMMAND = Command("train", "train a design without a window", _add_arguments, _run)
