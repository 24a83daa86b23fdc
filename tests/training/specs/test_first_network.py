"""The first network for data just read: valid for every kind of data, and small for little data."""

from __future__ import annotations

import pytest

from dlstudio.data.sources.dataset_info import info_for_samples, sample_signal
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.network.check.inference import Checker
from dlstudio.training.readiness.check import check_project
from dlstudio.training.specs.first_network import first_network, hidden_width, task_for

SAMPLES = {"train": 280, "validation": 50, "test": 60}
CLASSES = ("a", "b", "c")


def info(
    *shape: int,
    classes: tuple[str, ...] = CLASSES,
    target_shape: tuple[int, ...] | None = (),
    labels: bool = False,
) -> DatasetInfo:
    return info_for_samples(
        sample_signal(shape), classes, samples=SAMPLES, target_shape=target_shape, labels=labels
    )


def tokens(target: Signal, **numbers: int) -> DatasetInfo:
    names = CLASSES if target.meaning == "class" else ()
    counts = {"vocabulary": 50, **numbers}
    return DatasetInfo({"tokens": Signal((32,), "int64", "tokens")}, target, counts, names, SAMPLES)


INFOS = {
    "table": info(12),
    "table-with-values": info(12, classes=()),
    "table-with-several-values": info(12, classes=(), target_shape=(3,)),
    "labels": info(12, classes=(), target_shape=(4,), labels=True),
    "images": info(3, 64, 64),
    "small-images": info(1, 8, 8),
    "flat-images": info(1, 1, 20),
    "masks": info(3, 32, 32, target_shape=(32, 32)),
    "images-without-classes": info(3, 32, 32, classes=(), target_shape=None),
    "rows-without-target": info(5, classes=(), target_shape=None),
    "arrays": info(4, 6),
    "series": DatasetInfo(
        {"samples": Signal((48, 1), "float32", "sequence")},
        Signal((12,), "float32", "value"),
        {"features": 1, "window": 48, "horizon": 12},
        samples=SAMPLES,
    ),
    "text": tokens(Signal((32,), "int64", "tokens"), window=32),
    "texts-with-classes": tokens(Signal((), "int64", "class"), classes=3),
}


@pytest.mark.parametrize("name", INFOS)
def test_network_has_no_problem(name: str) -> None:
    facts = INFOS[name]
    network = first_network(DataSettings("csv", {"path": "flats.csv"}), facts, "flats")
    report = check_project(network.project, Checker(), facts)
    assert not [problem.text for problem in report.problems]
    assert network.project.title == "flats"
    assert network.parts[0].title == "Input"
    assert all(part.reason for part in network.parts)


@pytest.mark.parametrize(
    ("name", "task"),
    [
        ("table", "classification"),
        ("table-with-values", "regression"),
        ("labels", "multi-label"),
        ("masks", "segmentation"),
        ("text", "next-token"),
        ("images-without-classes", "reconstruction"),
    ],
)
def test_task_follows_from_the_target(name: str, task: str) -> None:
    assert task_for(INFOS[name]) == task


@pytest.mark.parametrize(
    ("inputs", "outputs", "samples", "width"),
    [(12, 3, 282, 64), (4, 3, 105, 32), (30, 2, 398, 32), (3000, 2, 7000, 16), (10, 2, 9000, 128)],
)
def test_width_follows_from_inputs_outputs_and_samples(
    inputs: int, outputs: int, samples: int, width: int
) -> None:
    assert hidden_width(inputs, outputs, samples) == width
