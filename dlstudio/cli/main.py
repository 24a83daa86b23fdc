"""The command `dlstudio`: reads the words, hands over to one command and imports little."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from dlstudio.cli.exit_codes import ExitCode
from dlstudio.version import VERSION

COMMANDS = ("train", "check", "examples", "screenshot")
MAX_SEED = 2**31 - 1
MAX_THREADS = 1024
"""Far beyond this torch ends the process without a word."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status (see `ExitCode`)."""
    args = list(sys.argv[1:] if argv is None else argv)
    if args and args[0] in COMMANDS:
        arguments = _command_parser().parse_args(args)
        run: Callable[[argparse.Namespace], int] = arguments.run
        try:
            return run(arguments)
        except BrokenPipeError:
            sys.stderr.close()
            return ExitCode.DONE
    return _open_window(_window_parser().parse_args(args))


def _window_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dlstudio",
        description="Draw, check, train and look inside neural networks.",
        epilog="Commands without a window: dlstudio train | check | examples | screenshot; "
        "each explains itself with --help.",
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="a design to open (.dlstudio)")
    parser.add_argument("--example", metavar="NAME", help="open an example instead of a file")
    parser.add_argument("--version", action="version", version=f"dlstudio {VERSION}")
    return parser


def _command_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dlstudio")
    commands = parser.add_subparsers(dest="command", required=True)
    _add_train(commands.add_parser("train", help="train a design without a window"))
    _add_check(commands.add_parser("check", help="list problems, shapes and parameters"))
    _add_examples(commands.add_parser("examples", help="list the examples, or copy one out"))
    _add_screenshot(commands.add_parser("screenshot", help="draw the window into a picture file"))
    return parser


def _add_train(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the design (.dlstudio)")
    parser.add_argument("--epochs", type=_positive_int, help="instead of the design's")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="")
    parser.add_argument("--seed", type=_seed, help="instead of the design's")
    parser.add_argument("--threads", type=_thread_count, default=0, help="default: all cores")
    parser.add_argument("--data-dir", default="", help="folder of the data sets")
    parser.add_argument("--run-dir", default="", help="folder of this run")
    parser.add_argument("--resume", action="store_true", help="go on with the unfinished run")
    parser.add_argument("--json", action="store_true", help="one JSON object a line on stdout")
    parser.set_defaults(run=_train)


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--json", action="store_true", help="one JSON object a file on stdout")
    parser.set_defaults(run=_check)


def _add_examples(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="where to copy it")
    parser.set_defaults(run=_examples)


def _add_screenshot(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.png")
    parser.add_argument("--size", type=_size, default=(1440, 900), metavar="WxH")
    parser.add_argument("--theme", choices=("light", "dark"), default="dark")
    parser.add_argument(
        "--train", type=_non_negative_int, default=0, metavar="N", help="train N epochs first"
    )
    parser.set_defaults(run=_screenshot)


def _train(arguments: argparse.Namespace) -> int:
    from dlstudio.cli.train import run

    return run(arguments)


def _check(arguments: argparse.Namespace) -> int:
    from dlstudio.cli.check import run

    return run(arguments.files, as_json=arguments.json)


def _examples(arguments: argparse.Namespace) -> int:
    from dlstudio.cli.examples import run

    return run(arguments.name, arguments.output)


def _screenshot(arguments: argparse.Namespace) -> int:
    from dlstudio.cli.screenshot import run

    return run(arguments)


def _open_window(arguments: argparse.Namespace) -> int:
    if arguments.file and arguments.example:
        print("dlstudio: give a file or an example, not both", file=sys.stderr)
        return ExitCode.USAGE
    from dlstudio.app import run_window

    return run_window(arguments.file, example=arguments.example)


def _positive_int(text: str) -> int:
    number = _int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


def _non_negative_int(text: str) -> int:
    number = _int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is not 0 or more")
    return number


def _seed(text: str) -> int:
    number = _non_negative_int(text)
    if number > MAX_SEED:
        raise argparse.ArgumentTypeError(f"{text[:40]} is more than {MAX_SEED}")
    return number


def _thread_count(text: str) -> int:
    number = _positive_int(text)
    if number > MAX_THREADS:
        raise argparse.ArgumentTypeError(f"{text} is more than {MAX_THREADS}")
    return number


def _int(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is no whole number") from None


def _size(text: str) -> tuple[int, int]:
    width, separator, height = text.lower().partition("x")
    if not (separator and width.isdigit() and height.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write it like 1280x800")
    return int(width), int(height)
