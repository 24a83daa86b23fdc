"""Weights of classes and labels that a person has chosen, compared with those of torch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch.nn import functional

from dlstudio.data.core.dataset import IGNORE_INDEX
from dlstudio.data.load import load_data
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import dumps, load, loads
from dlstudio.design.model.model import Project
from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.training.loop.loop import train
from dlstudio.training.options.class_balance import suggested_weights, weighted_names
from dlstudio.training.protocol.events import EpochDone, RunOptions, Started
from dlstudio.training.tasks.core.class_weights import (
    balanced_label_weights,
    class_weights,
    weighted_label_loss,
    weighted_loss,
)
from dlstudio.training.tasks.core.losses import loss_function

CUSTOM = TrainingSettings(
    class_weights="custom", class_weight_values={"B": 5.0, "A": 0.5, "C": 0.0}
)
NOTES = ("Class weights: ", "Weights of the labels: ")
CLASSES = DatasetInfo(target=Signal((), "int64", "class"), class_names=("A", "B", "C"))


def losses(project: Project) -> list[float]:
    events = list(train(project, RunOptions("cpu", threads=1)))
    return [event.metrics["train_loss"] for event in events if isinstance(event, EpochDone)]


def notes(project: Project) -> tuple[str, ...]:
    events = train(project, RunOptions("cpu", threads=1))
    return next(event for event in events if isinstance(event, Started)).warnings


def short(name: str, **training: object) -> Project:
    project = load(example_path(name))
    settings = replace(project.training, epochs=1, **training)  # type: ignore[arg-type]
    few = {"samples": 120} if "samples" in project.data.options else {}
    data = replace(project.data, options={**project.data.options, **few})
    return replace(project, training=settings, data=data)


def test_weights_are_those_of_the_named_classes() -> None:
    weights = class_weights(CUSTOM, torch.tensor([0, 1, 2]), CLASSES)
    assert weights is not None
    assert weights.tolist() == [0.5, 5.0, 0.0]
    assert class_weights(TrainingSettings(), torch.tensor([0, 1, 2]), CLASSES) is None


@pytest.mark.parametrize("shape", [(40,), (8, 5), (4, 6, 6)])
def test_loss_equals_the_weight_of_torch(shape: tuple[int, ...]) -> None:
    generator = torch.Generator().manual_seed(3)
    scores = torch.randn(shape[0], 3, *shape[1:], generator=generator, requires_grad=True)
    target = torch.randint(0, 3, shape, generator=generator)
    target.view(-1)[::7] = IGNORE_INDEX
    weights = class_weights(CUSTOM, target, CLASSES)
    assert weights is not None
    of_elements = loss_function("cross-entropy", {"label_smoothing": 0.0}, reduction="none")
    loss = weighted_loss(of_elements, weights)(scores, target)
    total = functional.cross_entropy(scores, target, weight=weights, reduction="sum")
    expected = total / (target != IGNORE_INDEX).sum()
    torch.testing.assert_close(loss, expected)
    actual, wanted = (
        torch.autograd.grad(value, scores, retain_graph=True)[0] for value in (loss, expected)
    )
    torch.testing.assert_close(actual, wanted)


def test_label_loss_equals_the_pos_weight_of_torch() -> None:
    generator = torch.Generator().manual_seed(5)
    scores = torch.randn(20, 3, generator=generator)
    target = (torch.rand(20, 3, generator=generator) > 0.7).float()
    weights = torch.tensor([0.5, 1.0, 7.0])
    expected = functional.binary_cross_entropy_with_logits(scores, target, pos_weight=weights)
    loss = weighted_label_loss(weights, probabilities=False)(scores, target)
    assert loss.item() == expected.item()
    of_shares = weighted_label_loss(weights, probabilities=True)(torch.sigmoid(scores), target)
    torch.testing.assert_close(of_shares, expected)
    sure, equal = torch.tensor([[0.0, 1.0, 0.5]]), torch.ones(3)
    labels = torch.tensor([[1.0, 0.0, 1.0]])
    torch.testing.assert_close(
        weighted_label_loss(equal, probabilities=True)(sure, labels),
        functional.binary_cross_entropy(sure, labels),
    )


def test_balanced_labels_count_equally() -> None:
    target = torch.tensor([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0], [0.0, 0.0, 1.0], [0.0, 0.0, 1.0]])
    assert balanced_label_weights(target).tolist() == [3.0, 1.0, 1.0]


def test_equal_weights_train_bit_for_bit_as_balanced_ones() -> None:
    project = short("spirals-mlp", class_weights="balanced")
    plain = replace(project, data=replace(project.data, source="moons", options={"share": 0.1}))
    data = load_data(plain.data)
    assert data.train.target is not None
    balanced = class_weights(plain.training, data.train.target, data.facts)
    assert balanced is not None
    values = dict(zip(data.facts.class_names, balanced.tolist(), strict=True))
    settings = replace(plain.training, class_weights="custom", class_weight_values=values)
    assert losses(replace(plain, training=settings)) == losses(plain)


@pytest.mark.parametrize(
    ("name", "values"),
    [("spirals-mlp", {"A": 1.0, "B": 3.0}), ("segment-shapes", None), ("shapes-labels", None)],
)
def test_a_run_names_its_weights(name: str, values: dict[str, float] | None) -> None:
    project = short(name)
    names = weighted_names(info_of(project.data))
    chosen = values or {title: 1.0 + index for index, title in enumerate(names)}
    custom = short(name, class_weights="custom", class_weight_values=chosen)
    (note,) = [note for note in notes(custom) if note.startswith(NOTES)]
    first = next(iter(chosen))
    assert note.partition(": ")[2].startswith(f"{first} {chosen[first]:g}, ")
    assert losses(custom) != losses(project)
    assert not [note for note in notes(project) if note.startswith(NOTES)]


@pytest.mark.parametrize("weights", ["balanced", "custom"])
def test_labels_are_weighted_in_training_only(weights: str) -> None:
    values = {"circle": 2.0, "square": 1.0, "triangle": 9.0} if weights == "custom" else {}
    still = short("shapes-labels", class_weights=weights, class_weight_values=values)
    groups = tuple(
        replace(group, optimiser=replace(group.optimiser, learning_rate=0.0))
        for group in still.training.groups
    )
    still = replace(still, training=replace(still.training, groups=groups))
    plain = replace(still, training=replace(still.training, class_weights="none"))
    first, second = (
        next(
            event
            for event in train(project, RunOptions("cpu", threads=1))
            if isinstance(event, EpochDone)
        ).metrics
        for project in (still, plain)
    )
    assert first["train_loss"] != second["train_loss"]
    assert first["validation_loss"] == second["validation_loss"]


def test_label_names_are_known_without_reading() -> None:
    project = load(example_path("shapes-labels"))
    facts = load_data(project.data).facts
    assert weighted_names(facts) == ("circle", "triangle", "square")
    assert facts.label_names == info_of(project.data).label_names


def test_suggested_weights_are_balanced() -> None:
    assert suggested_weights(replace(CLASSES, class_counts=(60, 20, 10))) == {
        "A": 0.5, "B": 1.5, "C": 3.0,
    }  # fmt: skip
    assert suggested_weights(CLASSES) == {"A": 1.0, "B": 1.0, "C": 1.0}


def test_file_of_version_2_only_with_weights(tmp_path: Path) -> None:
    project = load(example_path("spirals-mlp"))
    assert "class_weight" not in dumps(project)
    assert '"version": 1' in dumps(project)
    values = {"A": 1.0, "$ref": 2.5}
    training = replace(project.training, class_weights="custom", class_weight_values=values)
    text = dumps(replace(project, training=training))
    assert '"version": 2' in text
    assert loads(text).training == training
