"""`dlstudio screenshot`: saves an image of the real window, without a display."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from dlstudio.cli.framework.argument_types import non_negative_int, size
from dlstudio.cli.framework.command import Command
from dlstudio.cli.framework.exit_codes import ExitCode
from dlstudio.cli.output.console import ProgressBar, print_error, print_line
from dlstudio.design.library.files import FileError

MIN_SIZE, MAX_SIZE = 480, 8192


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("file", type=Path, metavar="FILE", help="the design to show")
    add("-o", "--output", type=Path, required=True, metavar="OUT.png", help="image to write")
    add(
        "--size",
        type=size,
        default=(1440, 900),
        metavar="WxH",
        help="window size in pixels (default: 1440x900)",
    )
    add("--theme", choices=("light", "dark"), default="dark", help="default: dark")
    add("--train", type=non_negative_int, default=0, metavar="N", help="train N epochs first")


def _run(arguments: argparse.Namespace) -> int:
    width, height = arguments.size
    if not (MIN_SIZE <= width <= MAX_SIZE and MIN_SIZE <= height <= MAX_SIZE):
        print_error(f"--size must be between {MIN_SIZE}x{MIN_SIZE} and {MAX_SIZE}x{MAX_SIZE}")
        return ExitCode.USAGE
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from dlstudio.app import ScreenshotError, screenshot

    bar = ProgressBar()
    try:
        screenshot(
            arguments.file,
            arguments.output,
            size=(width, height),
            theme=arguments.theme,
            epochs=arguments.train,
            progress=lambda text, done: bar.show(done, text),
        )
    except FileError as error:
        bar.clear()
        print_error(str(error))
        return ExitCode.USAGE
    except ScreenshotError as error:
        bar.clear()
        print_error(str(error))
        return ExitCode.RUN_FAILED
    bar.clear()
    print_line(str(arguments.output))
    return ExitCode.DONE


COMMAND = Command("screenshot", "save an image of the window", _add_arguments, _run)
