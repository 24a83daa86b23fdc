from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from dlstudio.design.library.examples import example_path


def screenshot(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dlstudio", "screenshot", *arguments],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.mark.slow
def test_screenshot_after_training_has_the_requested_size(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "window.png"
    result = screenshot(
        str(example_path("digits-mlp")), "-o", str(path), "--size", "1300x820",
        "--theme", "light", "--train", "1",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == str(path)
    image = QImage(str(path))
    assert (image.width(), image.height()) == (1300, 820)
    assert image.pixelColor(5, 5).lightness() > 200


def test_unreadable_file_is_reported_on_one_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.dlstudio"
    broken.write_text('{"format": "dlstudio", "version": 1', encoding="utf-8")
    result = screenshot(str(broken), "-o", str(tmp_path / "no.png"))
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "no.png").exists()
