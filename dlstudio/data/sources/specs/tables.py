"""The user's own files of numbers: tables, time series and arrays."""

from __future__ import annotations

from dlstudio.data.sources.framework.source import YOUR_OWN, PathSpec, SourceSpec
from dlstudio.data.sources.framework.source_options import FILE, HORIZON, TABLE, WINDOW
from dlstudio.data.sources.framework.source_setting_types import Columns
from dlstudio.layers.framework.settings import Choice, Text

_READERS = "dlstudio.data.files"
_CSV_SUFFIXES = (".csv", ".tsv")

CSV = SourceSpec(
    "csv",
    "Table (CSV)",
    YOUR_OWN,
    "A text file with one sample per line",
    reader=f"{_READERS}.csv_dataset.read_csv",
    task="any",
    options={
        "path": FILE,
        **TABLE,
        "columns": Columns(title="Columns", help="The use of each column.", default={}),
        "gaps": Choice(
            title="Empty cells",
            help="Fill the empty cells of inputs with the median or the most frequent value of "
            "the training rows, or leave out their rows.",
            default="fill",
            options=("fill", "leave out"),
            advanced=True,
        ),
    },
    path=PathSpec(suffixes=_CSV_SUFFIXES),
)
SERIES_CSV = SourceSpec(
    "series-csv",
    "Time series (CSV)",
    YOUR_OWN,
    "One column of a table, one time step per line: predict the next steps from the previous ones",
    reader=f"{_READERS}.csv_series.read_csv_series",
    form="sequences",
    task="regression",
    options={
        "path": FILE,
        **TABLE,
        "column": Text(
            title="Column",
            help="Name of the column to predict; empty: the last numeric one.",
            default="",
        ),
        "window": WINDOW,
        "horizon": HORIZON,
    },
    path=PathSpec(
        suffixes=_CSV_SUFFIXES,
        match=f"{_READERS}.csv_detection.match_series",
        suggest=f"{_READERS}.csv_detection.suggest_window",
    ),
    is_sequential=True,
)
NPZ = SourceSpec(
    "npz",
    "Arrays (NPZ)",
    YOUR_OWN,
    "Arrays saved by NumPy: x and y, or x_train, y_train, x_test, y_test",
    reader=f"{_READERS}.npz_file.read_npz",
    form="any",
    task="any",
    options={
        "path": FILE,
        "inputs": Text(
            title="Inputs", help="Name of the array of samples; empty: detected.", default=""
        ),
        "target": Text(
            title="Target", help="Name of the array to predict; empty: detected.", default=""
        ),
        "meaning": Choice(
            title="Target means",
            help="A class (also one-hot), a value, or several labels of 0 and 1. Auto: by type and "
            "values of the array, when the data is first read.",
            default="auto",
            options=("auto", "class", "value", "labels"),
        ),
        "numbers": Choice(
            title="Whole numbers",
            help="Read whole numbers in the samples as numbers, or as tokens for an Embedding.",
            default="numbers",
            options=("numbers", "tokens"),
        ),
    },
    path=PathSpec(suffixes=(".npz",)),
)
