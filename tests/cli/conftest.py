import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.cli.outcome import Outcome
from tests.forked_process import DLSTUDIO, IS_AVAILABLE, run_forked


@pytest.fixture
def dlstudio(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    dlstudio_process: Callable[..., Outcome],
) -> Callable[..., Outcome]:
    """Run `dlstudio` with an empty home folder, without the seconds that PyTorch's import takes."""

    def run(*arguments: object, env: dict[str, str] | None = None) -> Outcome:
        outcome = run_forked(
            DLSTUDIO,
            [str(argument) for argument in arguments],
            _environment(tmp_path, env),
            tmp_path,
            tmp_path_factory.mktemp("output"),
        )
        assert "Traceback" not in outcome.err, outcome.err
        return outcome

    return run if IS_AVAILABLE else dlstudio_process


@pytest.fixture
def dlstudio_process(tmp_path: Path) -> Callable[..., Outcome]:
    """Run `python -m dlstudio` as a new process with an empty home folder."""

    def run(*arguments: object, env: dict[str, str] | None = None) -> Outcome:
        result = subprocess.run(
            [sys.executable, "-m", "dlstudio", *map(str, arguments)],
            check=False,
            capture_output=True,
            text=True,
            env=_environment(tmp_path, env),
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


def _environment(home: Path, env: Mapping[str, str] | None) -> dict[str, str]:
    return {
        **os.environ,
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "OMP_NUM_THREADS": "1",
        **(env or {}),
    }
