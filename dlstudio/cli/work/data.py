"""Reads data as training would and prints what was read and what was left out."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dlstudio.cli.framework.exit_codes import ExitCode
from dlstudio.cli.output.console import (
    ProgressBar,
    print_error,
    print_line,
    report_broken_packages,
    write_json,
)
from dlstudio.data.core.errors import DataError
from dlstudio.data.load import load_data
from dlstudio.data.sources.path_detection import readers_of, settings_for
from dlstudio.data.sources.sources import SOURCES, find_source
from dlstudio.data.summary import DataSummary, summarise
from dlstudio.design.library.files import FileError, load, load_bundle
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import new_project

_DESIGN_SUFFIX, _BUNDLE_SUFFIX = ".dlstudio", ".dlstudioz"
_MAX_LISTED = 20
"""Lines of each list in the text for people; the JSON record contains all."""


def describe_data(path: Path, source: str, *, as_json: bool) -> int:
    """Print what is read at a path, or of a design, and return the exit status.

    Args:
        path: A file or folder of data, or a design.
        source: Name of the data source that reads it; empty to detect it.
        as_json: Whether to print a JSON record instead of text.
    """
    report_broken_packages()
    bar = ProgressBar()
    try:
        settings = _settings(path, source)
        dataset = load_data(settings, progress=lambda text, share: bar.show(share, text))
    except (DataError, FileError) as error:
        bar.clear()
        return _report_unreadable(str(error), as_json=as_json)
    except Exception as error:  # noqa: BLE001 - a reader's defect is reported, with the status
        bar.clear()
        return _report_unreadable(
            f"{path} could not be read: {type(error).__name__}: {error}", as_json=as_json
        )
    except KeyboardInterrupt:
        bar.clear()
        print_error("interrupted")
        return ExitCode.INTERRUPTED
    bar.clear()
    summary = summarise(settings.source, dataset)
    if as_json:
        write_json(summary_record(summary))
    else:
        _print_summary(path, summary)
    return ExitCode.DONE


def summary_record(summary: DataSummary) -> dict[str, Any]:
    """Return a summary as the JSON record of `data --json`; its names are a contract."""
    return {
        "source": summary.source,
        "samples": dict(summary.samples),
        "inputs": {role: list(shape) for role, shape in summary.inputs.items()},
        "columns": [
            {
                "name": column.name,
                "role": column.role,
                "type": column.type,
                "missing": column.missing,
                "distinct": column.distinct,
            }
            for column in summary.columns
        ],
        "classes": list(summary.classes),
        "left_out": [
            {"what": item.what, "where": item.where, "why": item.why} for item in summary.left_out
        ],
        "notes": list(summary.notes),
    }


def _settings(path: Path, source: str) -> DataSettings:
    """Return the settings to read the data with.

    Raises:
        DataError: There is no such path or source, or no source reads it.
        FileError: The design cannot be read.
    """
    if path.suffix in (_DESIGN_SUFFIX, _BUNDLE_SUFFIX):
        data = _design_data(path)
        return _with_source(data, source) if source else data
    if not path.exists():
        raise DataError(f"{path} was not found.")
    chosen = find_source(source) if source else next(iter(readers_of(path)), None)
    if chosen is None:
        kinds = ", ".join(name for name, spec in SOURCES.items() if spec.path is not None)
        raise DataError(f"{path} is of an unknown type. Choose one with --source: {kinds}.")
    if chosen.path is None:
        raise DataError(f"{chosen.title} reads no file or folder.")
    return settings_for(path, chosen, new_project().data)


def _design_data(path: Path) -> DataSettings:
    if path.suffix != _BUNDLE_SUFFIX:
        return load(path).data
    with TemporaryDirectory() as folder:
        project, _weights = load_bundle(path, folder)
    return project.data


def _with_source(data: DataSettings, source: str) -> DataSettings:
    """Return a design's settings with another source for the same file or folder."""
    spec = find_source(source)
    place = data.options.get("path")
    if spec.path is None or not isinstance(place, str) or not place:
        return DataSettings(spec.name, split=data.split)
    return settings_for(Path(place), spec, data)


def _report_unreadable(text: str, *, as_json: bool) -> int:
    if as_json:
        write_json({"event": "failed", "text": text})
    else:
        print_error(text)
    return ExitCode.USAGE


def _print_summary(path: Path, summary: DataSummary) -> None:
    print_line(f"{path}: {SOURCES[summary.source].title} ({summary.source})")
    sizes = ", ".join(f"{count:,} {subset}" for subset, count in summary.samples.items())
    print_line(f"  samples   {sizes}")
    for role, shape in summary.inputs.items():
        print_line(f"  input     {role} {'×'.join(map(str, shape)) or 'scalar'}")
    if summary.classes:
        print_line(f"  classes   {len(summary.classes)}: {_names(summary.classes)}")
    _print_columns(summary)
    _print_list(
        "left out",
        [f"{item.where}: {item.why} ({item.noun})" for item in summary.left_out],
        sum(item.count for item in summary.left_out),
    )
    _print_list("notes", list(summary.notes))


def _names(names: tuple[str, ...]) -> str:
    rest = len(names) - _MAX_LISTED
    return ", ".join(names[:_MAX_LISTED]) + (f" and {rest:,} more" if rest > 0 else "")


def _print_columns(summary: DataSummary) -> None:
    columns = summary.columns
    if not columns:
        return
    width = min(max(len("column"), *(len(column.name) for column in columns)), 40)
    print_line(
        f"\n  {'column':<{width}}  {'role':<8}  {'type':<8}  {'missing':>8}  {'distinct':>8}"
    )
    for column in columns[: 2 * _MAX_LISTED]:
        print_line(
            f"  {column.name:<{width}}  {column.role:<8}  {column.type:<8}  "
            f"{column.missing:>8,}  {column.distinct:>8,}"
        )
    if len(columns) > 2 * _MAX_LISTED:
        print_line(f"  … and {len(columns) - 2 * _MAX_LISTED:,} more columns")


def _print_list(title: str, lines: list[str], count: int | None = None) -> None:
    """Print lines below a title with their number, or `count` if a line stands for several."""
    if not lines:
        return
    print_line(f"\n  {title}: {len(lines) if count is None else count:,}")
    for line in lines[:_MAX_LISTED]:
        print_line(f"    {line}")
    if len(lines) > _MAX_LISTED:
        print_line(f"    … and {len(lines) - _MAX_LISTED:,} more; --json lists all")
