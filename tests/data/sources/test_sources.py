"""Rules that every declaration of a data source follows."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import signature

import pytest

from dlstudio.data.core.errors import DataError
from dlstudio.data.load import load_data
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.data.sources.framework.builtin_info import BuiltinInfo
from dlstudio.data.sources.framework.source import SourceSpec
from dlstudio.data.sources.sources import SOURCES, find_source
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.entry_points import resolve_target
from dlstudio.training.specs.registry import TASKS


def targets(source: SourceSpec) -> Iterator[tuple[str, list[str]]]:
    """Yield each dotted target of a declaration with its argument names."""
    yield source.reader, ["request"]
    if isinstance(source.info, str):
        yield source.info, ["options", "split"]
    if source.path is not None and source.path.match:
        yield source.path.match, ["path"]
    if source.path is not None and source.path.suggest:
        yield source.path.suggest, ["path", "split"]


@pytest.mark.parametrize("source", SOURCES.values(), ids=lambda source: source.name)
def test_every_target_has_the_expected_arguments(source: SourceSpec) -> None:
    for target, arguments in targets(source):
        parameters = signature(resolve_target(target)).parameters
        assert [name.removeprefix("_") for name in parameters] == arguments, target


@pytest.mark.parametrize("source", SOURCES.values(), ids=lambda source: source.name)
def test_declaration_is_consistent(source: SourceSpec) -> None:
    assert source.task == "any" or source.task in TASKS
    assert (source.path is not None) == ("path" in source.options)
    assert "rows" not in source.options or source.form == "pictures"
    if isinstance(source.info, BuiltinInfo):
        assert info_of(DataSettings(source.name)).inputs["samples"].shape == source.info.shape
    assert source.needs_path or info_of(DataSettings(source.name)).inputs or not source.offline


def test_unknown_source_keeps_its_last_known_info_and_cannot_be_read() -> None:
    known = DatasetInfo({"samples": Signal((3,))})
    settings = DataSettings("from-a-package", {"anything": 1}, facts=known)
    assert info_of(settings) is known
    with pytest.raises(DataError, match="no data source called 'from-a-package'"):
        find_source(settings.source)
    with pytest.raises(DataError, match="Install the package it comes from"):
        load_data(settings)
