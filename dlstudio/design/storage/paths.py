"""Data paths: relative to the design in its file if possible, absolute while it is open."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath

from dlstudio.design.model.model import Project

OPTION = "path"
"""The data option with the path of the user's own data."""


def relative(project: Project, folder: Path) -> Project:
    """Return the project with its data path relative to `folder`, if it is near.

    Near means inside the folder or next to it, so that both can be moved together.
    """
    stored = project.data.options.get(OPTION)
    if not isinstance(stored, str) or not Path(stored).is_absolute():
        return project
    folder = folder.absolute()
    path = Path(stored)
    if path.is_relative_to(folder):
        return _with_path(project, path.relative_to(folder).as_posix())
    if folder.parent != folder and len(folder.parts) > 2 and path.is_relative_to(folder.parent):
        return _with_path(project, f"../{path.relative_to(folder.parent).as_posix()}")
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
