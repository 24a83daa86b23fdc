"""Tables for which no default of the studio was chosen, drawn from fixed seeds."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

Row = Sequence[object]
Table = Iterator[Row]


def write_table(name: str, folder: Path) -> Path:
    """Write a table as CSV with a header, and return its path."""
    path = folder / f"{name}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(UNSEEN_TABLES[name](np.random.default_rng(20)))
    return path


def _loans(rng: np.random.Generator) -> Table:
    """Yield 900 loans, repaid by a noisy linear rule of four numbers and a category."""
    yield ("income", "debt", "age", "years", "region", "repaid")
    for _ in range(900):
        income, debt = rng.gamma(4, 900), rng.gamma(2, 2000)
        age, years = rng.integers(18, 75), rng.integers(0, 30)
        region = rng.choice(["north", "south", "east"])
        score = income / 900 - debt / 1500 + years / 8 + (region == "south") + rng.normal(0, 1)
        yield (round(income), round(debt), age, years, region, "yes" if score > 2.5 else "no")


def _flats(rng: np.random.Generator) -> Table:
    """Yield 600 flats, with rents of some hundreds that grow with size and fall with distance."""
    yield ("area", "rooms", "distance", "year", "rent")
    for _ in range(600):
        area, distance = rng.uniform(20, 140), rng.exponential(5)
        rooms, year = 1 + int(area // 30), rng.integers(1900, 2024)
        rent = 150 + 9 * area - 22 * distance + 0.8 * (year - 1950) + rng.normal(0, 60)
        yield (round(area, 1), rooms, round(distance, 2), year, round(rent, 2))


def _shifts(rng: np.random.Generator) -> Table:
    """Yield 250 shifts of four classes with unequal frequencies."""
    yield ("temperature", "humidity", "load", "state")
    centres = {
        "idle": (18, 40, 5),
        "normal": (40, 45, 50),
        "hot": (75, 42, 60),
        "wet": (35, 85, 45),
    }
    for state in rng.choice(list(centres), 250, p=[0.2, 0.5, 0.2, 0.1]):
        yield (*np.round(rng.normal(centres[state], 8), 1), state)


def _sensors(rng: np.random.Generator) -> Table:
    """Yield 3,000 rows of 40 sensors, of which five tell the class."""
    yield (*(f"s{number}" for number in range(40)), "fault")
    weights = np.zeros(40)
    weights[[3, 11, 17, 25, 38]] = (1.5, -1, 1, -2, 0.8)
    for values in rng.normal(0, 3, (3000, 40)):
        is_fault = values @ weights + rng.normal(0, 2) > 4
        yield (*np.round(values, 3), "fault" if is_fault else "sound")


def _seeds(rng: np.random.Generator) -> Table:
    """Yield 90 seeds of three kinds that differ little."""
    yield ("length", "width", "mass", "kind")
    for kind, (length, width) in {"a": (6.0, 3.0), "b": (6.8, 3.1), "c": (7.4, 3.6)}.items():
        for _ in range(30):
            one, two = rng.normal(length, 0.3), rng.normal(width, 0.2)
            yield (round(one, 2), round(two, 2), round(one * two * 1.9 + rng.normal(0, 1), 1), kind)


UNSEEN_TABLES: Mapping[str, Callable[[np.random.Generator], Table]] = {
    "loans": _loans,
    "flats": _flats,
    "shifts": _shifts,
    "sensors": _sensors,
    "seeds": _seeds,
}
"""Tables by name; each yields its header first."""
