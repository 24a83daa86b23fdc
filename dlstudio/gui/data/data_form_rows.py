"""The rows of the data form besides a source's own options. Imports no widget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.data.sources.preprocessing_options import PREPROCESSING
from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.values import Value
from dlstudio.gui.forms.form_row import FormRow
from dlstudio.layers.framework.settings import Real, Setting, Text

SOURCE_GROUPS = tuple(dict.fromkeys(source.group for source in SOURCES.values()))
"""The sources' groups in the order of the registry."""

_MAX_FRACTION = 0.9
"""Largest held-out fraction in the form, so that some samples are left for training."""
REAL_LIST_HELP = "One number per channel, separated by commas: 0.49, 0.48, 0.45."


@dataclass(frozen=True, slots=True, kw_only=True)
class RealList(Text):
    """Numbers in a line of text, separated by commas."""

    def parse(self, value: object) -> str:
        parse_numbers(str(value), self.title)
        return str(value)


def parse_numbers(text: str, title: str) -> tuple[float, ...]:
    """Return the numbers in a line of text, separated by commas.

    Raises:
        ValueError: An item is not a number.
    """
    items = [item.strip() for item in text.split(",") if item.strip()]
    try:
        return tuple(float(number) for number in items)
    except ValueError:
        raise ValueError(f"{title} must be numbers separated by commas, not “{text}”") from None


def with_source(data: DataSettings, name: str) -> DataSettings:
    """Return settings for another source, with default options and the same split."""
    if name == data.source:
        return data
    return replace(data, source=name, options={}, facts=None)


def form_rows(data: DataSettings) -> dict[str, tuple[FormRow[DataSettings], ...]]:
    """Return the rows by section title; which rows there are depends on the settings."""
    source = SOURCES.get(data.source)
    is_sequential = source is not None and source.is_sequential
    sections = {
        "Split": tuple(_split_rows(is_sequential=is_sequential)),
        "Normalisation": _normalisation_rows(data),
    }
    if source is not None and source.form in ("pictures", "any"):
        sections["Augmentation"] = tuple(_section_rows("augmentation"))
    return sections


def _section_rows(section: str) -> Iterator[FormRow[DataSettings]]:
    """Yield the rows of a section of the data settings, such as `split`."""
    for path, setting in PREPROCESSING.items():
        if path.startswith(f"{section}."):
            yield _field_row(path, setting)


def _field_row(path: str, setting: Setting) -> FormRow[DataSettings]:
    section, _, name = path.rpartition(".")

    def read(data: DataSettings) -> Value:
        value: Value = getattr(getattr(data, section) if section else data, name)
        return value

    def write(data: DataSettings, value: Value) -> DataSettings:
        changes: dict[str, Any] = {name: value}
        if section:
            changes = {section: replace(getattr(data, section), **changes)}
        return replace(data, **changes)

    return FormRow(path, setting, read, write)


def _split_rows(*, is_sequential: bool) -> Iterator[FormRow[DataSettings]]:
    for row in _section_rows("split"):
        if isinstance(row.setting, Real):
            yield replace(row, setting=replace(row.setting, maximum=_MAX_FRACTION))
        elif row.name != "split.most" or not is_sequential:
            yield row


def _normalisation_rows(data: DataSettings) -> tuple[FormRow[DataSettings], ...]:
    first: FormRow[DataSettings] = FormRow(
        "normalise",
        PREPROCESSING["normalise"],
        lambda data: data.normalise,
        lambda data, value: replace(data, normalise=value),
    )
    rows = [first]
    if data.normalise == "fixed":
        rows += [_real_list_row("mean", "Mean"), _real_list_row("deviation", "Deviation")]
    target = info_of(data).target
    if target is not None and target.meaning == "value":
        rows.append(_field_row("standardise_target", PREPROCESSING["standardise_target"]))
    return tuple(rows)


def _real_list_row(name: str, title: str) -> FormRow[DataSettings]:
    def write(data: DataSettings, text: str) -> DataSettings:
        values = parse_numbers(text, title)
        return replace(data, mean=values) if name == "mean" else replace(data, deviation=values)

    return FormRow(
        name,
        RealList(title=title, help=REAL_LIST_HELP, default=""),
        lambda data: ", ".join(f"{number:g}" for number in getattr(data, name)),
        write,
    )
