"""Saves the losses of a range test as a table. Imports no widget."""

from __future__ import annotations

import csv
from pathlib import Path

from dlstudio.design.storage.atomic_files import write_atomically
from dlstudio.training.rate_range.range_test import RateCurve


def save_table(path: Path, curve: RateCurve) -> None:
    """Write a row for each step: rate, loss and smoothed loss.

    Raises:
        OSError: The file cannot be written.
    """

    def write(temporary: Path) -> None:
        with temporary.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("learning_rate", "loss", "smoothed_loss"))
            rows.writerows(zip(curve.rates, curve.losses, curve.smoothed, strict=True))

    write_atomically(path, write)
