"""A plug-in package in a site-packages folder, and programs that run with it installed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path


def install_package(folder: Path, name: str, modules: Mapping[str, str]) -> Path:
    """Write the modules of a package and return its new site-packages folder."""
    site = folder / "site"
    package = site / name
    package.mkdir(parents=True)
    for module, source in modules.items():
        (package / f"{module}.py").write_text(source, encoding="utf-8")
    return site


def write_entry_points(site: Path, name: str, group: str, *entries: str) -> None:
    """Write the metadata that pip writes for a package with entry points of one group."""
    info = site / f"{name}-1.0.dist-info"
    info.mkdir(exist_ok=True)
    metadata = f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 1.0\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    lines = "\n".join((f"[{group}]", *entries, ""))
    (info / "entry_points.txt").write_text(lines, encoding="utf-8")


def plugin_environment(site: Path) -> Mapping[str, str]:
    python_path = os.environ.get("PYTHONPATH")
    return {"PYTHONPATH": os.pathsep.join(filter(None, (str(site), python_path)))}


def run_program(site: Path, program: str, *arguments: object) -> str:
    """Run a program with the package installed and return what it prints."""
    result = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        env={**os.environ, **plugin_environment(site)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return result.stdout
