"""The command `dlstudio`: reads the arguments and starts one command, or the window."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from dlstudio.cli.commands.registry import COMMANDS
from dlstudio.cli.framework.exit_codes import ExitCode
from dlstudio.cli.output.console import OutputError, escape_unencodable, print_error
from dlstudio.version import VERSION


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status (see `ExitCode`)."""
    args = list(sys.argv[1:] if argv is None else argv)
    if args and args[0] in COMMANDS:
        escape_unencodable()
        arguments = _command_parser().parse_args(args)
        try:
            return COMMANDS[arguments.command].run(arguments)
        except OutputError as error:
            print_error(str(error))
            return ExitCode.OUTPUT_BROKEN
    return _open_window(_window_parser().parse_args(args))


def _window_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dlstudio",
        description="Draw, check, train and look inside neural networks.",
        epilog=f"Commands without a window (see each with --help):\n  {' | '.join(COMMANDS)}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="a design to open (.dlstudio)")
    parser.add_argument("--example", metavar="NAME", help="open an example instead of a file")
    parser.add_argument("--version", action="version", version=f"dlstudio {VERSION}")
    return parser


def _command_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dlstudio")
    parsers = parser.add_subparsers(dest="command", required=True)
    for command in COMMANDS.values():
        description = f"{command.help[:1].upper()}{command.help[1:]}."
        command.add_arguments(
            parsers.add_parser(command.name, help=command.help, description=description)
        )
    return parser


def _open_window(arguments: argparse.Namespace) -> int:
    if arguments.file and arguments.example:
        print_error("specify a file or an example, not both")
        return ExitCode.USAGE
    from dlstudio.app import run_window

    return run_window(arguments.file, example=arguments.example)
