"""Encoding and decoding values as JSON and arrays preserves them; other types are refused."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from dlstudio.insight.views.values import Curves, Scatter, Table, ViewValue
from dlstudio.worker.value_codec import Arrays, decode, encode


@dataclass
class Unfrozen:
    number: int = 0


def round_trip(value: Any) -> Any:
    arrays: Arrays = {}
    tree = json.loads(json.dumps(encode(value, arrays), allow_nan=False))
    return decode(tree, arrays, {"dlstudio"})


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        0.1,
        "text",
        (1, ("a", None)),
        {"a": 1, 2: (3.5,)},
        Table(("a",), ((1,),)),
        tuple(range(1000)),
        (*range(1000), 1 << 70),
        (True,) * 200,
        tuple(Table((f"{index}",), ((index,),)) for index in range(200)),
    ],
)
def test_plain_values_survive_a_round_trip(value: object) -> None:
    assert round_trip(value) == value


def test_non_finite_numbers_survive_a_round_trip() -> None:
    assert math.isnan(round_trip(np.float32("nan")))
    assert round_trip(-math.inf) == -math.inf


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6, dtype=np.int64).reshape(2, 3).T,
        np.zeros((0, 4), np.float32),
        np.array(2.5),
        np.array([True, False]),
        np.array([1, 2], np.uint8),
    ],
)
def test_arrays_survive_a_round_trip_and_are_read_only(array: np.ndarray) -> None:
    decoded = round_trip(array)
    assert decoded.dtype == array.dtype
    assert decoded.shape == array.shape
    np.testing.assert_array_equal(decoded, array)
    assert not decoded.flags.writeable


@pytest.mark.parametrize(
    "value",
    [
        Curves(np.zeros(2, np.float32), {"loss": np.ones(2, np.float32)}, unit="nats"),
        Scatter(np.zeros((2, 2), np.float32), np.zeros(2, np.int64), ("a",)),
    ],
)
def test_view_values_survive_a_round_trip(value: ViewValue) -> None:
    decoded = round_trip(value)
    assert type(decoded) is type(value)
    assert repr(decoded) == repr(value)


@pytest.mark.parametrize("value", [object(), Unfrozen(), {1, 2}, np.array(["a"]), b"bytes"])
def test_other_values_are_refused(value: object) -> None:
    with pytest.raises(TypeError, match="worker cannot return a value"):
        encode(value, {})


@pytest.mark.parametrize(
    "name", ["os:stat_result", "dlstudio.gone:Thing", "dlstudio.insight.views.registry:VIEWS"]
)
def test_only_frozen_dataclasses_of_known_packages_are_built(name: str) -> None:
    with pytest.raises((ValueError, ImportError)):
        decode({"type": name, "fields": {}}, {}, {"dlstudio"})
