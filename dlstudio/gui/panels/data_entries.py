"""What the data form holds besides a source's own options."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from dlstudio.data.sources import DIVIDED, SOURCES
from dlstudio.design.data_settings import DataSettings
from dlstudio.design.values import Value
from dlstudio.layers.settings import Choice, Number, Setting, Switch, Text, Whole

GROUPS = tuple(dict.fromkeys(source.group for source in SOURCES.values()))
"""The sources' groups in the order of the registry."""

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
    parts = [part.strip() for part in text.split(",") if part.strip()]
    try:
        return tuple(float(part) for part in parts)
    except ValueError:
        raise ValueError(f"{title} must be numbers with commas between, not “{text}”") from None


def changed_source(data: DataSettings, name: str) -> DataSettings:
    """Return settings for another source: its own options begin anew, the split stays."""
    if name == data.source:
        return data
    return replace(data, source=name, options={}, facts=None)


def entries_for(data: DataSettings) -> dict[str, tuple[Entry, ...]]:
    """Return the rows by section; other choices bring other rows."""
    split = _split() if data.source in DIVIDED else (*_split(), _MOST)
    made = {"Split": split, "Normalisation": _normalisation(data)}
    source = SOURCES.get(data.source)
    if source is not None and source.form in ("pictures", "any"):
        made["Augmentation"] = _augmentation()
    return made


def _part(part: str, name: str, setting: Setting) -> Entry:
    def read(data: DataSettings) -> Value:
        value: Value = getattr(getattr(data, part), name)
        return value

    def write(data: DataSettings, value: Value) -> DataSettings:
        return replace(data, **{part: replace(getattr(data, part), **{name: value})})

    return Entry(f"{part}.{name}", setting, read, write)


def _split() -> tuple[Entry, ...]:
    def share(title: str, help_: str) -> Number:
        return Number(title=title, help=help_, default=0.15, minimum=0.0, maximum=0.9)

    return (
        _part("split", "validation", share("Validation", "Share held out to judge progress.")),
        _part(
            "split",
            "test",
            share("Test", "Share held out to the end, where the set has no test part."),
        ),
        _part(
            "split",
            "seed",
            Whole(title="Seed", help="Another seed divides otherwise.", default=0, minimum=0),
        ),
        _part(
            "split",
            "stratified",
            Switch(title="Stratified", help="Keep each class's share in each part.", default=True),
        ),
    )


_MOST = _part(
    "split",
    "most",
    Whole(
        title="Training samples",
        help="Trains on only so many samples, as many of each class as its share; 0 takes all. "
        "To see what a network learns from few examples.",
        default=0,
        minimum=0,
    ),
)


def _normalisation(data: DataSettings) -> tuple[Entry, ...]:
    how = Choice(
        title="Normalise",
        help="How numbers are brought to a common scale, measured on the training part only.",
        default="standardise",
        options=("none", "unit", "standardise", "fixed"),
    )
    first = Entry(
        "normalise",
        how,
        lambda held: held.normalise,
        lambda held, value: replace(held, normalise=value),
    )
    if data.normalise != "fixed":
        return (first,)
    return (first, _decimals("mean", "Mean"), _decimals("deviation", "Deviation"))


def _decimals(name: str, title: str) -> Entry:
    def write(data: DataSettings, text: str) -> DataSettings:
        found = numbers(text, title)
        return replace(data, mean=found) if name == "mean" else replace(data, deviation=found)

    return Entry(
        name,
        Decimals(title=title, help=DECIMALS_HELP, default=""),
        lambda data: ", ".join(f"{number:g}" for number in getattr(data, name)),
        write,
    )


def _augmentation() -> tuple[Entry, ...]:
    return (
        _part(
            "augmentation",
            "flip",
            Switch(title="Flip", help="Mirror left and right, half of the time.", default=False),
        ),
        _part(
            "augmentation",
            "shift",
            Number(
                title="Shift", help="Largest shift, as a share of the side.", default=0.0,
                minimum=0.0, maximum=0.5,
            ),
        ),
        _part(
            "augmentation",
            "rotate",
            Number(
                title="Rotate", help="Largest rotation in degrees.", default=0.0, minimum=0.0,
                maximum=180.0,
            ),
        ),
        _part(
            "augmentation",
            "crop",
            Whole(
                title="Crop", help="Pixels of padding before a random crop.", default=0,
                minimum=0, maximum=256,
            ),
        ),
    )  # fmt: skip
