"""An installed package with views, as pip would leave it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def install_views(folder: Path, source: str) -> Path:
    """Write the package `tiny_views` and its entry point; return the folder for `sys.path`."""
    package, info = folder / "tiny_views", folder / "tiny_views-1.0.dist-info"
    package.mkdir(parents=True)
    info.mkdir()
    (package / "__init__.py").write_text(source, encoding="utf-8")
    metadata = "Metadata-Version: 2.1\nName: tiny-views\nVersion: 1.0\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    entries = "[dlstudio.views]\ntiny = tiny_views:VIEWS\n"
    (info / "entry_points.txt").write_text(entries, encoding="utf-8")
    return folder


def run_with_views(site: Path, program: str, *arguments: object) -> dict[str, Any]:
    """Return what a program prints last, as JSON, while the package is installed."""
    python_path = os.pathsep.join(filter(None, (str(site), os.environ.get("PYTHONPATH"))))
    result = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": python_path},
        capture_output=True,
        text=True,
        check=False,
        timeout=540,
    )
    assert result.returncode == 0, result.stderr
    facts: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return facts
