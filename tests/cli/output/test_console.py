import io

import pytest

from dlstudio.cli.output.console import ProgressBar, write_json


def test_json_contains_no_nan(capsys: pytest.CaptureFixture[str]) -> None:
    write_json({"loss": float("nan"), "metrics": [1.5, float("inf")]})
    assert capsys.readouterr().out == '{"loss": null, "metrics": [1.5, null]}\n'


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_bar_appears_only_on_terminals() -> None:
    pipe, terminal = io.StringIO(), Terminal()
    ProgressBar(pipe).show(0.5, "half")
    bar = ProgressBar(terminal)
    bar.show(0.5, "half")
    bar.clear()
    assert pipe.getvalue() == ""
    assert "50%" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")
