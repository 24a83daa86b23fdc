"""`dlstudio train`: train a design without a window, with console output or JSON lines."""

from __future__ import annotations

import argparse
from pathlib import Path

from dlstudio.cli.framework.argument_types import positive_int, seed, thread_count
from dlstudio.cli.framework.command import Command


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the design to train")
    add = parser.add_argument
    add("--epochs", type=positive_int, metavar="N", help="override the design's number of epochs")
    add(
        "--device",
        choices=("auto", "cpu", "cuda", "mps"),
        default="",
        help="override the design's device",
    )
    add("--seed", type=seed, metavar="N", help="override the design's seed")
    add(
        "--threads",
        type=thread_count,
        default=0,
        metavar="N",
        help="number of CPU threads (default: all cores)",
    )
    add("--data-dir", default="", metavar="DIR", help="folder of the data sets")
    add("--run-dir", default="", metavar="DIR", help="folder of this run")
    add("--resume", action="store_true", help="continue the newest unfinished run")
    add("--overwrite", action="store_true", help="replace the run in --run-dir")
    add(
        "--weights-from",
        type=Path,
        metavar="RUN",
        help="start from the weights that fit, of a run's folder or a weights file",
    )
    add("--json", action="store_true", help="print one JSON object per event")


def _run(arguments: argparse.Namespace) -> int:
    from dlstudio.cli.work.train import run

    return run(arguments)


COMMAND = Command("train", "train a design without a window", _add_arguments, _run)
