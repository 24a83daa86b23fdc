from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.design.model.training_settings import (
    AUTOMATIC,
    EarlyStopping,
    Optimiser,
    ParameterGroup,
    Schedule,
    TrainingSettings,
    chosen,
)
from dlstudio.training.options.training_options import OPTIMISERS
from dlstudio.training.specs.automatic import (
    MAX_BATCH_SIZE,
    MAX_EPOCHS,
    MIN_BATCH_SIZE,
    MIN_EPOCHS,
    MIN_REST,
    REST_SHARE,
    resolve,
)
from dlstudio.training.specs.core.task_spec import STEPS
from dlstudio.training.specs.registry import TASKS

TABLE = Signal((4,), "float32", "features")
IMAGE = Signal((1, 8, 8), "float32", "picture")
TOKENS = Signal((12,), "int64", "tokens")


def facts(samples: int, signal: Signal = TABLE) -> DatasetInfo:
    return DatasetInfo(inputs={"samples": signal}, samples={"train": samples})


def with_optimiser(optimiser: Optimiser) -> TrainingSettings:
    return replace(AUTOMATIC, groups=(ParameterGroup(optimiser=optimiser),))


def rate(training: TrainingSettings) -> float:
    return chosen(training.groups[0].optimiser.learning_rate)


@given(st.integers(1, 10_000_000))
def test_steps_are_near_the_budget_within_the_bounds(samples: int) -> None:
    training = resolve(AUTOMATIC, facts(samples))
    epochs, batch_size = chosen(training.epochs), chosen(training.batch_size)
    assert MIN_BATCH_SIZE <= batch_size <= MAX_BATCH_SIZE
    assert batch_size & (batch_size - 1) == 0
    steps = epochs * -(-samples // batch_size)
    if MIN_EPOCHS < epochs < MAX_EPOCHS:
        assert 0.8 * STEPS <= steps <= 1.5 * STEPS


def test_chosen_numbers_are_kept() -> None:
    fixed = TrainingSettings(
        epochs=7, batch_size=3, groups=(ParameterGroup(optimiser=Optimiser(learning_rate=0.2)),)
    )
    assert resolve(fixed, facts(1000)) is fixed
    assert resolve(replace(fixed, epochs=None), facts(1000)).batch_size == 3
    assert resolve(replace(AUTOMATIC, epochs=7), facts(1000)).epochs == 7


def test_epochs_follow_a_chosen_batch_size() -> None:
    small, large = (
        chosen(resolve(replace(AUTOMATIC, batch_size=size), facts(1000)).epochs)
        for size in (10, 100)
    )
    assert (small, large) == (20, 200)


def test_unknown_data_gets_the_defaults_of_a_design_file() -> None:
    training = resolve(AUTOMATIC, DatasetInfo())
    assert (training.epochs, training.batch_size) == (10, 32)
    assert not training.has_automatic


@pytest.mark.parametrize("signal", [IMAGE, TOKENS])
def test_rate_is_lower_for_images_and_tokens(signal: Signal) -> None:
    assert rate(resolve(AUTOMATIC, facts(500, signal))) < rate(resolve(AUTOMATIC, facts(500)))


def test_rate_is_lower_for_values() -> None:
    values = replace(facts(500), target=Signal((), "float32", "value"))
    classes = replace(facts(500), target=Signal((), "int64", "class"))
    assert rate(resolve(AUTOMATIC, values)) < rate(resolve(AUTOMATIC, classes))


@pytest.mark.parametrize("name", OPTIMISERS)
def test_every_optimiser_has_a_rate(name: str) -> None:
    training = with_optimiser(Optimiser(name, learning_rate=None))
    assert 0 < rate(resolve(training, facts(500))) < 1


def test_momentum_lowers_the_rate() -> None:
    plain, momentum = (
        rate(resolve(with_optimiser(Optimiser("sgd", None, settings=settings)), facts(500)))
        for settings in ({}, {"momentum": 0.9})
    )
    assert momentum == pytest.approx(plain / 10)


def test_tasks_that_learn_slowly_get_more_epochs() -> None:
    epochs = {
        name: chosen(resolve(replace(AUTOMATIC, task=name), facts(1000)).epochs) for name in TASKS
    }
    assert epochs["classification"] < epochs["variational"] <= epochs["diffusion"]
    assert (
        resolve(replace(AUTOMATIC, task="of a package"), facts(1000)).epochs
        == epochs["classification"]
    )


def validated(train: int = 105, **settings: object) -> EarlyStopping:
    """Return the early stopping of automatic settings for data with validation samples."""
    known = replace(facts(train), samples={"train": train, "validation": 15})
    training = replace(AUTOMATIC, **settings)  # type: ignore[arg-type]
    return resolve(training, known).early_stopping


def test_automatic_epochs_end_after_a_rest_of_a_share_of_them() -> None:
    stopping = validated()
    epochs = chosen(resolve(AUTOMATIC, facts(105)).epochs)
    assert (stopping.enabled, stopping.automatic, stopping.restore_best) == (True, True, True)
    assert stopping.patience == round(REST_SHARE * epochs) > MIN_REST
    assert stopping.without_automatic() == EarlyStopping()


@pytest.mark.parametrize(
    "settings",
    [
        {"epochs": 180},
        {"keep_best": False},
        {"task": "gan"},
        {"task": "of a package"},
        {"groups": (ParameterGroup(schedule=Schedule("cosine")),)},
        {"train": 1_000_000},
    ],
    ids=str,
)
def test_nothing_ends_early_without_automatic_epochs_and_a_best_epoch(
    settings: dict[str, object],
) -> None:
    assert validated(**settings) == EarlyStopping()  # type: ignore[arg-type]


def test_chosen_early_stopping_is_kept() -> None:
    chosen_stop = EarlyStopping(enabled=True, patience=7)
    assert validated(early_stopping=chosen_stop) == chosen_stop
    assert resolve(AUTOMATIC, facts(105)).early_stopping == EarlyStopping()
