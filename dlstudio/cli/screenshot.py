"""`dlstudio screenshot`: the real window, drawn into a picture file without a display."""

from __future__ import annotations

import argparse
import os

from dlstudio.cli.console import ProgressBar, print_error
from dlstudio.cli.exit_codes import ExitCode
from dlstudio.design.library.files import FileError

MIN_SIZE, MAX_SIZE = 480, 8192


def run(arguments: argparse.Namespace) -> int:
    """Draw the picture and print where it lies."""
    width, height = arguments.size
    if not (MIN_SIZE <= width <= MAX_SIZE and MIN_SIZE <= height <= MAX_SIZE):
        print_error(f"--size must lie in {MIN_SIZE}x{MIN_SIZE} to {MAX_SIZE}x{MAX_SIZE}")
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
    print(arguments.output)
    return ExitCode.DONE
