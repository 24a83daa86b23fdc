"""Finds the sources that can read a file or a folder, by the path they declare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from dlstudio.data.sources.framework.source import Match, PathSpec, SourceSpec
from dlstudio.data.sources.sources import SOURCES, is_plugin
from dlstudio.design.model.data_settings import DataSettings, Split
from dlstudio.design.model.values import Value
from dlstudio.entry_points import resolve_target


def readers_of(path: Path) -> tuple[SourceSpec, ...]:
    """Return the sources that can read a file or a folder, the most likely first.

    The content of a folder decides: only the best match is returned. A file may have several.
    """
    is_folder = path.is_dir()
    matches = {
        name: _match(source, source.path, path, is_folder=is_folder)
        for name, source in SOURCES.items()
        if source.path is not None
    }
    fitting = [name for name, match in matches.items() if match > Match.NO]
    ranked = sorted(fitting, key=lambda name: -matches[name])
    return tuple(SOURCES[name] for name in (ranked[:1] if is_folder else ranked))


def can_be_read(path: Path) -> bool:
    """Whether any source can read a file or a folder, by the suffix of a file."""
    suffix = path.suffix.lower()
    return path.is_dir() or any(
        source.path is not None and suffix in source.path.suffixes for source in SOURCES.values()
    )


def suggest_options(source: SourceSpec, path: Path, split: Split) -> Mapping[str, Value]:
    """Return options that suit the data at a path; empty if the defaults do."""
    if source.path is None or not source.path.suggest:
        return {}
    options: Mapping[str, Value] = resolve_target(source.path.suggest)(path, split)
    return options


def settings_for(
    path: Path, source: SourceSpec, data: DataSettings, stored_path: str = ""
) -> DataSettings:
    """Return settings that read a file or a folder with a source, with options that suit it.

    Args:
        path: The file or folder.
        source: One that can read it.
        data: The settings before; their options are kept if they are of the same source.
        stored_path: How the settings refer to the path; empty for the absolute path.
    """
    options = data.options if data.source == source.name else {}
    return replace(
        data,
        source=source.name,
        options={
            **options,
            "path": stored_path or str(path.absolute()),
            **suggest_options(source, path, data.split),
        },
        facts=None,
    )


def file_suffixes() -> tuple[str, ...]:
    """Return the suffixes of all files that some source reads."""
    suffixes = (
        suffix
        for source in SOURCES.values()
        if source.path is not None
        for suffix in source.path.suffixes
    )
    return tuple(dict.fromkeys(suffixes))


def _match(source: SourceSpec, spec: PathSpec, path: Path, *, is_folder: bool) -> Match:
    if spec.is_folder != is_folder:
        return Match.NO
    if not is_folder and path.suffix.lower() not in spec.suffixes:
        return Match.NO
    if not spec.match:
        return Match.NO if is_folder else Match.LIKELY
    try:
        match: Match = resolve_target(spec.match)(path)
    except Exception:
        if is_plugin(source):
            return Match.NO
        raise
    return match
