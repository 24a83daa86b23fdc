"""Arrays whose values lie close together, far from zero, keep them apart as 32-bit numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dlstudio.data.load import load_data
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.signals import DatasetInfo

SECONDS = 1_700_000_000


def settings_of(path: Path, **arrays: Any) -> DataSettings:
    np.savez(path / "data.npz", **arrays)
    return DataSettings("npz", {"path": str(path / "data.npz")}, normalise="standardise")


def rows(dtype: str) -> Any:
    """Return rows (144, 2) of seconds, one apart, and of a small number."""
    seconds = np.arange(144)
    return np.stack([SECONDS + seconds, seconds % 5], 1).astype(dtype)


@pytest.mark.parametrize("dtype", ["float64", "int64", "uint64", "int32"])
def test_close_values_stay_apart(tmp_path: Path, dtype: str) -> None:
    data = load_data(settings_of(tmp_path, x=rows(dtype), y=np.arange(144) % 2))
    samples = np.concatenate([subset.inputs["samples"].numpy() for subset in data.subsets.values()])
    assert samples.dtype == np.float32
    assert len(np.unique(samples[:, 0])) == 144
    assert sorted(samples[:, 0].tolist()) == list(range(144))
    assert len(np.unique(samples[:, 1])) == 5
    (note,) = [line for line in data.warnings if "32-bit" in line]
    assert note.startswith(f"Column 0 of x: its values minus {SECONDS} are used")
    assert data.facts.rules == 2


def test_design_of_the_first_rules_keeps_its_features(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, x=rows("float64"), y=np.arange(144) % 2)
    data = load_data(replace(settings, facts=DatasetInfo(rules=1)))
    assert float(data.train.inputs["samples"][0, 0]) > 1e9
    assert data.facts.rules == 1


def test_usual_numbers_are_unchanged(tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(3.0, 1.0, (60, 4))
    data = load_data(settings_of(tmp_path, x=x, y=np.arange(60) % 2))
    assert data.facts.rules == 1
    samples = np.concatenate([subset.inputs["samples"].numpy() for subset in data.subsets.values()])
    assert {tuple(row) for row in samples.tolist()} == {
        tuple(row) for row in x.astype(np.float32).tolist()
    }


def test_held_out_arrays_get_the_same_constant(tmp_path: Path) -> None:
    data = load_data(
        settings_of(
            tmp_path,
            x=rows("float64"), y=np.arange(144) % 2,
            x_test=rows("float64")[:9] + 3, y_test=np.arange(9) % 2,
        )
    )  # fmt: skip
    assert data.test is not None
    assert data.test.inputs["samples"][:, 0].tolist() == list(range(3, 12))


def test_channels_of_longer_samples_are_kept_apart(tmp_path: Path) -> None:
    steps = SECONDS + np.arange(80 * 6, dtype=np.float64).reshape(80, 1, 6)
    x = np.concatenate([steps, steps - SECONDS], 1)
    data = load_data(settings_of(tmp_path, x=x, y=np.arange(80) % 2))
    values = np.concatenate(
        [subset.inputs["samples"][:, 0].numpy() for subset in data.subsets.values()]
    )
    assert len(np.unique(values)) == 480


def test_close_targets_are_named(tmp_path: Path) -> None:
    y = SECONDS + np.arange(144, dtype=np.float64) / 2
    data = load_data(settings_of(tmp_path, x=rows("float32"), y=y))
    assert [line for line in data.warnings if line.startswith("y: 32-bit")]


def test_samples_that_are_not_finite_do_not_hide_the_others(tmp_path: Path) -> None:
    x = rows("float64")
    x[3, 0] = np.nan
    data = load_data(settings_of(tmp_path, x=x, y=np.arange(144) % 2))
    values = np.concatenate(
        [subset.inputs["samples"][:, 0].numpy() for subset in data.subsets.values()]
    )
    assert len(np.unique(values)) == 143
