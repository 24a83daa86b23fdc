"""`dlstudio check`: problems, shapes and parameters of designs, without their data."""

from __future__ import annotations

import argparse
from pathlib import Path

from dlstudio.cli.framework.command import Command


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="a design to check")
    parser.add_argument("--json", action="store_true", help="print one JSON object per file")


def _run(arguments: argparse.Namespace) -> int:
    from dlstudio.cli.work.check import check_files

    return check_files(arguments.files, as_json=arguments.json)


COMMAND = Command("check", "list problems, shapes and parameters", _add_arguments, _run)
