from pathlib import Path

import pytest

from dlstudio.cli.framework.exit_codes import ExitCode
from dlstudio.cli.main import main


@pytest.mark.parametrize(
    "arguments",
    [
        ["train"],
        ["train", "x.dlstudio", "--epochs", "0"],
        ["train", "x.dlstudio", "--epochs", "many"],
        ["train", "x.dlstudio", "--threads", "1000000"],
        ["train", "x.dlstudio", "--seed", str(2**31)],
        ["train", "x.dlstudio", "--device", "toaster"],
        ["check"],
        ["screenshot", "x.dlstudio"],
        ["screenshot", "x.dlstudio", "-o", "x.png", "--size", "large"],
        ["--no-such-option"],
    ],
)
def test_wrong_usage_exits_with_status_two(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(arguments)
    assert exit_info.value.code == ExitCode.USAGE
    error_text = capsys.readouterr().err
    assert "usage:" in error_text
    assert "invalid _" not in error_text


def test_file_and_example_together_are_rejected(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["a.dlstudio", "--example", "digits-mlp"]) == ExitCode.USAGE
    assert "not both" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["train", "check"])
def test_unreadable_file_is_reported_on_one_line_with_status_two(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.dlstudio"
    broken.write_text("{", encoding="utf-8")
    assert main([command, str(broken)]) == ExitCode.USAGE
    assert main([command, str(tmp_path / "missing.dlstudio")]) == ExitCode.USAGE
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert "broken.dlstudio" in lines[0]
    assert "missing.dlstudio" in lines[1]
