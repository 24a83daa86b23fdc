"""Every command is declared in the registry and imports torch and Qt only when it runs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dlstudio.cli.commands.registry import COMMANDS
from dlstudio.cli.main import main


@pytest.mark.parametrize("name", COMMANDS)
def test_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main([name, "--help"])
    assert exit_info.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: dlstudio {name}")


def test_general_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert " | ".join(COMMANDS) in capsys.readouterr().out


def test_commands_import_neither_torch_nor_qt_before_they_run() -> None:
    program = (
        "import sys, dlstudio.cli.main\nsys.exit(bool({'torch', 'PySide6'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
