"""Data sources declared by installed packages: registered if valid, else reported."""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import pytest

from dlstudio.data.core.errors import DataError
from dlstudio.data.load import load_data
from dlstudio.data.sources import sources
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.data.sources.framework.builtin_info import BuiltinInfo
from dlstudio.data.sources.framework.source import PathSpec, SourceSpec
from dlstudio.data.sources.path_detection import can_be_read, file_suffixes, readers_of
from dlstudio.data.sources.source_plugins import GROUP, find_source_plugins
from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.entry_points import Plugins
from dlstudio.layers.framework.settings import Integer, Text

FILE = Text(title="File", help="Path of the file.", default="")
RAMP = SourceSpec(
    "ramp",
    "Ramp",
    "Tiny",
    "A slope with two classes",
    reader="tiny_sources.read_ramp",
    info=BuiltinInfo((2,), 20, ("low", "high")),
    options={"samples": Integer(title="Samples", help="How many.", default=20, minimum=2)},
)
LOG = SourceSpec(
    "log", "Log", "Tiny", "A log file", reader="tiny_sources.read_log", options={"path": FILE},
    path=PathSpec(suffixes=(".log", ".csv"), match="tiny_sources.match_log"),
)  # fmt: skip


def load_plugins(monkeypatch: pytest.MonkeyPatch, *specs: object) -> Plugins[SourceSpec]:
    """Load these declarations through an entry point."""
    module = ModuleType("tiny_sources")
    vars(module).update(SOURCES=specs)
    monkeypatch.setitem(sys.modules, "tiny_sources", module)
    entries = [EntryPoint("tiny", "tiny_sources:SOURCES", GROUP)]
    monkeypatch.setattr("dlstudio.entry_points.entry_points", lambda group: entries)
    return find_source_plugins(SOURCES)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Install both sources; return the still empty module that their targets name."""
    plugins = load_plugins(monkeypatch, RAMP, LOG)
    monkeypatch.setattr(sources, "_PLUGINS", plugins)
    for name, source in plugins.declarations.items():
        monkeypatch.setitem(SOURCES, name, source)
    return sys.modules["tiny_sources"]


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        (int, "<class 'int'> is not a SourceSpec"),
        (replace(RAMP, summary=""), "'ramp' has no summary"),
        (replace(RAMP, name="digits"), "there is already a data source called 'digits'"),
        (replace(RAMP, form="smell"), "'ramp' has the form 'smell', which is not one of"),
        (
            replace(RAMP, options={"n": 3}),
            "the options of 'ramp' must be a mapping of names to settings",
        ),
        (replace(LOG, path="x.log"), "the path of 'log' must be a PathSpec"),
        (replace(LOG, path=None), "'log' needs both an option `path` and a PathSpec"),
        (
            replace(RAMP, options={"n": Integer(title="N", help="N.", default=0)}),
            "'ramp' cannot be read with its defaults: N must",
        ),
    ],
)
def test_invalid_source_does_not_exclude_the_others(
    monkeypatch: pytest.MonkeyPatch, spec: object, reason: str
) -> None:
    plugins = load_plugins(monkeypatch, spec, replace(RAMP, name="other"))
    assert list(plugins.declarations) == ["other"]
    (line,) = plugins.errors
    assert line.startswith(
        f"cannot load data sources of a package: tiny (tiny_sources:SOURCES): {reason}"
    )


def test_reader_that_fails_to_import_is_a_data_error(installed: ModuleType) -> None:
    with pytest.raises(DataError, match=r"Ramp cannot be read: AttributeError: .*read_ramp"):
        load_data(DataSettings("ramp"))


def test_reader_that_returns_no_samples_is_a_data_error(installed: ModuleType) -> None:
    vars(installed)["read_ramp"] = lambda request: request.options["samples"]
    with pytest.raises(DataError, match="its reader returns a int instead of samples"):
        load_data(DataSettings("ramp"))


def test_failing_info_falls_back_to_the_last_known(
    installed: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = replace(RAMP, info="tiny_sources.ramp_info")
    monkeypatch.setitem(SOURCES, "ramp", failing)
    plugins: Plugins[SourceSpec] = Plugins({"ramp": failing})
    monkeypatch.setattr(sources, "_PLUGINS", plugins)
    known = DatasetInfo(numbers={"features": 2})
    assert info_of(DataSettings("ramp")) == DatasetInfo()
    assert info_of(DataSettings("ramp", facts=known)) == known


def test_files_are_recognised_by_declared_suffix_and_matcher(
    installed: ModuleType, tmp_path: Path
) -> None:
    for name in ("a.log", "table.csv"):
        (tmp_path / name).write_text("a,b\n1,2\n")
    assert ".log" in file_suffixes()
    assert can_be_read(tmp_path / "a.log")
    assert not can_be_read(tmp_path / "a.exe")
    assert readers_of(tmp_path / "a.log") == (), "a matcher that raises must not match"
    vars(installed)["match_log"] = lambda path: 4
    assert [source.name for source in readers_of(tmp_path / "a.log")] == ["log"]
    assert [source.name for source in readers_of(tmp_path / "table.csv")] == ["log", "csv"]
