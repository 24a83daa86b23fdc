"""The registry of commands: one line each."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.cli.commands import check, data, examples, screenshot, train
from dlstudio.cli.framework.command import Command

COMMANDS: Mapping[str, Command] = {
    command.name: command
    for command in (
        train.COMMAND,
        check.COMMAND,
        data.COMMAND,
        examples.COMMAND,
        screenshot.COMMAND,
    )
}
