"""`dlstudio screenshot`: the real window, drawn into a picture file without a display."""

from __future__ import annotations

import argparse
import os

from dlstudio.cli.exits import Exit
from dlstudio.cli.output import ProgressBar, complain
from dlstudio.design.files import FileError

SMALLEST, LARGEST = 480, 8192


def run(arguments: argparse.Namespace) -> int:
    """Draw the picture and print where it lies."""
    width, height = arguments.size
    if not (SMALLEST <= width <= LARGEST and SMALLEST <= height <= LARGEST):
        complain(f"--size must lie in {SMALLEST}x{SMALLEST} to {LARGEST}x{LARGEST}")
        return Exit.USAGE
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
        complain(str(error))
        return Exit.USAGE
    except ScreenshotError as error:
        bar.clear()
        complain(str(error))
        return Exit.RUN_FAILED
    bar.clear()
    print(arguments.output)
    return Exit.DONE
