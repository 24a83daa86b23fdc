import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.outcome import Outcome


@pytest.fixture
def dlstudio(tmp_path: Path) -> Callable[..., Outcome]:
    """Run `dlstudio` in a subprocess with an empty home folder."""

    def run(*arguments: object, env: dict[str, str] | None = None) -> Outcome:
        environment = {
            **os.environ,
            "HOME": str(tmp_path),
            "XDG_DATA_HOME": str(tmp_path / "data"),
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
            "OMP_NUM_THREADS": "1",
            **(env or {}),
        }
        result = subprocess.run(
            [sys.executable, "-m", "dlstudio", *map(str, arguments)],
            check=False,
            capture_output=True,
            text=True,
            env=environment,
            cwd=tmp_path,
            timeout=240,
        )
        assert "Traceback" not in result.stderr, result.stderr
        return Outcome(result.returncode, result.stdout, result.stderr)

    return run


@pytest.fixture
def digits(tmp_path: Path) -> Path:
    """Return a copy of the example `digits-mlp`."""
    from dlstudio.design.library.examples import example_path

    copy = tmp_path / "digits.dlstudio"
    copy.write_bytes(example_path("digits-mlp").read_bytes())
    return copy
