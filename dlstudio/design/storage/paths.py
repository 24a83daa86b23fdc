"""Data paths: relative to the design in its file if possible, absolute while it is open."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath

from dlstudio.design.model.model import Project

OPTION = "path"
"""The data option with the path of the user's own data."""
RUNS_SUFFIX = ".runs"
"""Suffix of the folder with the runs of a design."""


def absolute_path(path: object, folder: Path | str = "") -> Path:
    """Return a path as an open design holds it: absolute and without `..`.

    Args:
        path: A path, absolute or relative to `folder`.
        folder: The folder of the design.
    """
    return Path(os.path.abspath(Path(folder) / Path(str(path)).expanduser()))  # noqa: PTH100


def relative(project: Project, folder: Path) -> Project:
    """Return the project with its data path relative to `folder`, if it is near.

    Near means inside the folder or next to it, so that both can be moved together. What is near
    the folder of a design is near the folders of its runs.
    """
    stored = project.data.options.get(OPTION)
    if not isinstance(stored, str) or not Path(stored).is_absolute():
        return project
    folder = folder.absolute()
    path = Path(stored)
    up = 2 if folder.parent.suffix == RUNS_SUFFIX else 0
    for _ in range(up):
        folder = folder.parent
    if path.is_relative_to(folder):
        return _with_path(project, f"{'../' * up}{path.relative_to(folder).as_posix()}")
    if folder.parent != folder and len(folder.parts) > 2 and path.is_relative_to(folder.parent):
        near = path.relative_to(folder.parent).as_posix()
        return _with_path(project, f"{'../' * (up + 1)}{near}")
    return project


def absolute(project: Project, folder: Path) -> Project:
    """Return the project with a relative data path resolved against `folder`."""
    stored = project.data.options.get(OPTION)
    if not isinstance(stored, str) or not stored or _is_absolute(stored):
        return project
    folder = folder.absolute()
    parts = PurePosixPath(stored).parts
    while parts[:1] == ("..",):
        folder, parts = folder.parent, parts[1:]
    return _with_path(project, str(folder.joinpath(*parts)))


def _is_absolute(text: str) -> bool:
    return PurePosixPath(text).is_absolute() or PureWindowsPath(text).is_absolute()


def _with_path(project: Project, path: str) -> Project:
    data = replace(project.data, options={**project.data.options, OPTION: path})
    return replace(project, data=data)
