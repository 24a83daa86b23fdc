"""What the data form holds besides a source's own options."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from dlstudio.data.preparation import PREPARATION
from dlstudio.data.sources import DIVIDED, SOURCES
from dlstudio.design.data_settings import DataSettings
from dlstudio.design.values import Value
from dlstudio.layers.settings import Number, Setting, Text

GROUPS = tuple(dict.fromkeys(source.group for source in SOURCES.values()))
"""The sources' groups in the order of the registry."""

_LARGEST_SHARE = 0.9
"""The form leaves something to train on."""
DECIMALS_HELP = "One number for each channel, with commas between: 0.49, 0.48, 0.45."


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the form."""

    name: str
    setting: Setting
    read: Callable[[DataSettings], Value]
    write: Callable[[DataSettings, Any], DataSettings]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decimals(Text):
    """Numbers in a line of text, with commas between."""

    def parse(self, value: object) -> str:
        """Accept numbers with commas between."""
        numbers(str(value), self.title)
        return str(value)


def numbers(text: str, title: str) -> tuple[float, ...]:
    """Return the numbers in a line of text; ValueError names what is none."""
    items = [item.strip() for item in text.split(",") if item.strip()]
    try:
        return tuple(float(number) for number in items)
    except ValueError:
        raise ValueError(f"{title} must be numbers with commas between, not “{text}”") from None


def changed_source(data: DataSettings, name: str) -> DataSettings:
    """Return settings for another source: its own options begin anew, the split stays."""
    if name == data.source:
        return data
    return replace(data, source=name, options={}, facts=None)


def entries_for(data: DataSettings) -> dict[str, tuple[Entry, ...]]:
    """Return the rows by section; other choices bring other rows."""
    sections = {"Split": tuple(_split(data.source)), "Normalisation": _normalisation(data)}
    source = SOURCES.get(data.source)
    if source is not None and source.form in ("pictures", "any"):
        sections["Augmentation"] = tuple(_of_part("augmentation"))
    return sections


def _of_part(part: str) -> Iterator[Entry]:
    """Yield the rows of a part of the data settings."""
    for path, setting in PREPARATION.items():
        if path.startswith(f"{part}."):
            yield _entry(path, setting)


def _entry(place: str, setting: Setting) -> Entry:
    section, _, name = place.rpartition(".")

    def read(data: DataSettings) -> Value:
        value: Value = getattr(getattr(data, section), name)
        return value

    def write(data: DataSettings, value: Value) -> DataSettings:
        return replace(data, **{section: replace(getattr(data, section), **{name: value})})

    return Entry(place, setting, read, write)


def _split(source: str) -> Iterator[Entry]:
    for row in _of_part("split"):
        if isinstance(row.setting, Number):
            yield replace(row, setting=replace(row.setting, maximum=_LARGEST_SHARE))
        elif row.name != "split.most" or source not in DIVIDED:
            yield row


def _normalisation(data: DataSettings) -> tuple[Entry, ...]:
    first = Entry(
        "normalise",
        PREPARATION["normalise"],
        lambda data: data.normalise,
        lambda data, value: replace(data, normalise=value),
    )
    if data.normalise != "fixed":
        return (first,)
    return (first, _decimals("mean", "Mean"), _decimals("deviation", "Deviation"))


def _decimals(name: str, title: str) -> Entry:
    def write(data: DataSettings, text: str) -> DataSettings:
        values = numbers(text, title)
        return replace(data, mean=values) if name == "mean" else replace(data, deviation=values)

    return Entry(
        name,
        Decimals(title=title, help=DECIMALS_HELP, default=""),
        lambda data: ", ".join(f"{number:g}" for number in getattr(data, name)),
        write,
    )
