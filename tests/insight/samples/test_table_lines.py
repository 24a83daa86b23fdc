"""Samples of a table are shown as their original cells, under the names of their columns."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from dlstudio.design.model.data_settings import DataSettings
from dlstudio.insight.analyses.anomaly import evaluate_anomalies
from dlstudio.insight.analyses.anomaly_views import AnomalySource
from dlstudio.insight.common.original_cells import TableRows
from dlstudio.insight.samples.samples import sample_network
from dlstudio.training.loop.observer import RunView
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.worker.network_files import NetworkWriter, read_network
from tests.insight.samples.test_predictions import make_network, make_view

AREAS = {f"{40 + index % 37},{index % 10}" for index in range(120)}
DISTRICTS = ("West", "North", "Centre")
SIZES = ("a small", "b medium", "c large")
REBUILDING = [("linear", {"out_features": 3}), ("linear", {"out_features": 8})]


@pytest.fixture
def flats(tmp_path: Path) -> DataSettings:
    lines = ["district;area;size;built;rent"]
    for index in range(120):
        row = (
            DISTRICTS[index % 3],
            f"{40 + index % 37},{index % 10}",
            SIZES[index % 3],
            f"2021-{1 + index % 12:02}-15",
            f"{500 + 10 * (index % 37)}",
        )
        lines.append(";".join(row))
    path = tmp_path / "flats.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    columns = {"size": "ordinal", "built": "date", "rent": "value", "area": "number"}
    return DataSettings("csv", {"path": str(path), "columns": columns})


def test_subtracted_origin_is_added_again() -> None:
    view = make_view(
        DataSettings("iris"), REBUILDING[:1], "reconstruction", "reconstruction", "mse"
    )
    names = ("seconds − 1700000000", "a = b = x", "a = b = y", "left", "left − over")
    columns = ("seconds", "a = b", "other", "left", "left − over")
    table = TableRows(replace(view, features=names, columns=columns))
    assert table.decode((144.0, 0.2, 0.7, 0.5, 2.0)) == (
        ("seconds", "1700000144"),
        ("a = b", "y"),
        ("left", "0.5"),
        ("left − over", "2"),
    )


def rebuilding(flats: DataSettings) -> RunView:
    return make_view(flats, REBUILDING, "reconstruction", "reconstruction", "mse")


def test_columns_of_coded_features_are_found(flats: DataSettings) -> None:
    view = rebuilding(flats)
    table = TableRows.of(view, view.subsets["test"].inputs["samples"])
    assert table is not None
    ranges = [(group.column, group.start, group.stop) for group in table.groups]
    assert ranges == [("district", 0, 3), ("area", 3, 4), ("size", 4, 5), ("built", 5, 8)]
    assert table.groups[-1].parts == ("month", "weekday", "day number")
    train = view.subsets["train"]
    for sample in range(20):
        decoded = dict(table.decode(train.inputs["samples"][sample].tolist()))
        original = dict(table.original(train, sample))
        assert decoded["district"] == original["district"]
        assert decoded["size"] == original["size"]
        assert float(decoded["area"]) == float(original["area"].replace(",", "."))


def test_reconstructions_show_original_cells(flats: DataSettings) -> None:
    shown = sample_network(rebuilding(flats), SampleRequest(count=5))
    assert shown is not None
    assert (shown.form, len(shown)) == ("texts", 5)
    for line in shown.captions:
        assert line.text.startswith("district ")
        area = line.text.partition("area ")[2].partition(" → ")[0]
        assert area in AREAS
        assert {span.text for span in line.spans if span.kind == "made"} & set(DISTRICTS)


def test_neighbours_show_original_cells(flats: DataSettings) -> None:
    layers = [("linear", {"out_features": 3})]
    view = make_view(flats, layers, "contrastive", "embedding", "nt-xent")
    shown = sample_network(view, SampleRequest(count=3))
    assert shown is not None
    assert shown.form == "texts"
    for line in shown.captions:
        rows = line.text.split("\n")
        assert [row[:3] for row in rows[1:]] == ["1. ", "2. ", "3. "]
        for row in rows:
            assert row.partition("area ")[2].partition(" ·")[0] in AREAS


def test_worst_samples_show_the_most_erroneous_columns_first(flats: DataSettings) -> None:
    result = evaluate_anomalies(rebuilding(flats), AnomalySource())
    assert result.normal_worst.form == result.anomalous_worst.form == "texts"
    for line in result.normal_worst.captions:
        area = line.text.partition("area ")[2].partition(" → ")[0]
        assert not area or area in AREAS


def test_a_worker_gets_the_original_cells(flats: DataSettings, tmp_path: Path) -> None:
    view, design = make_network(flats, REBUILDING, "reconstruction", "reconstruction", "mse")
    writer = NetworkWriter(tmp_path)
    description = writer.write(view, design)
    read, _ = read_network(description)
    assert read.original is not None
    assert (read.columns, read.word_columns) == (view.columns, view.word_columns)
    request = SampleRequest(count=4)
    copied = replace(view, objective=copy.deepcopy(view.objective))
    assert sample_network(read, request) == sample_network(copied, request)
    first = read.subsets["test"].source_rows
    assert first is not None
    assert torch.equal(first, view.subsets["test"].source_rows)
    assert writer.write(view, design)["data"] is description["data"]
