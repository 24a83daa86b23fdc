"""`dlstudio data`: what dlstudio makes of a file, a folder or a design's data, before training."""

from __future__ import annotations

import argparse
from pathlib import Path

from dlstudio.cli.framework.command import Command


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path",
        type=Path,
        metavar="PATH|DESIGN",
        help="a file or a folder of data, or a design (.dlstudio)",
    )
    parser.add_argument(
        "--source",
        default="",
        metavar="KIND",
        help="data source to read it with, such as csv or image-folder (default: detected)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(arguments: argparse.Namespace) -> int:
    from dlstudio.cli.work.data import describe_data

    return describe_data(arguments.path, arguments.source, as_json=arguments.json)


COMMAND = Command("data", "show what dlstudio makes of data, before training", _add_arguments, _run)
