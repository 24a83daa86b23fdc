import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dlstudio.design.library.examples import LESSON_ORDER

ROOT = Path(__file__).parent.parent


def run(*arguments: str, env: dict[str, str] | None = None) -> str:
    result = subprocess.run(
        [sys.executable, *arguments],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **(env or {})},
        cwd="/",
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.slow
def test_installed_wheel_has_command_and_resources(tmp_path: Path) -> None:
    wheels, target = tmp_path / "wheels", tmp_path / "site"
    run("-m", "build", "--wheel", "--no-isolation", "--outdir", str(wheels), str(ROOT))
    (wheel,) = wheels.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "dlstudio/_resources/examples/digits-mlp.dlstudio" in names
    assert not [name for name in names if name.startswith(("tests/", "packaging/", "resources/"))]

    run("-m", "pip", "install", "--no-deps", "--quiet", "--target", str(target), str(wheel))
    clean = {"PYTHONPATH": str(target)}
    location = run("-c", "import dlstudio.resources as r; print(r.__file__)", env=clean)
    assert location.startswith(str(target))
    assert run("-m", "dlstudio", "examples", env=clean).startswith(f"{LESSON_ORDER[0]} ")
    fonts = "from dlstudio.resources import resource; print(resource('fonts'))"
    assert run("-c", fonts, env=clean).startswith(str(target))
    script = target / "bin" / "dlstudio"
    assert script.exists()
    assert run(str(script), "--version", env=clean).startswith("dlstudio ")
