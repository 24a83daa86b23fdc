"""`dlstudio examples`: lists the examples, or copies one to a file."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from dlstudio.cli.framework.command import Command
from dlstudio.cli.framework.exit_codes import ExitCode
from dlstudio.cli.output.console import print_error, print_line
from dlstudio.design.library.examples import example_names, example_path
from dlstudio.design.library.files import load
from dlstudio.design.storage.file_errors import file_error_reason


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help="example to copy (default: list all)"
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="file to write (default: stdout)"
    )


def _run(arguments: argparse.Namespace) -> int:
    name, output = arguments.name, arguments.output
    names = example_names()
    if name is None:
        width = max(map(len, names))
        for example_name in names:
            print_line(f"{example_name:<{width}}  {load(example_path(example_name)).title}")
        return ExitCode.DONE
    if name not in names:
        print_error(f"there is no example {name!r}; choose from {', '.join(names)}")
        return ExitCode.USAGE
    if output is None:
        sys.stdout.write(example_path(name).read_text(encoding="utf-8"))
        return ExitCode.DONE
    try:
        _copy(example_path(name), output)
    except OSError as error:
        print_error(f"cannot write {output}: {file_error_reason(error)}")
        return ExitCode.USAGE
    print_line(str(output))
    return ExitCode.DONE


def _copy(example: Path, output: Path) -> None:
    """Copy a design and the trained weights that it refers to."""
    weights = load(example).weights
    if weights is not None:
        shutil.copyfile(example.with_name(weights.file), output.with_name(weights.file))
    shutil.copyfile(example, output)


COMMAND = Command("examples", "list the examples, or copy one", _add_arguments, _run)
