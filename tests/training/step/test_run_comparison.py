"""One comparison decides what a run takes over from a changed design."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dlstudio.design.edits import set_settings
from dlstudio.design.model.data_settings import Augmentation
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import (
    Clipping,
    EarlyStopping,
    Optimiser,
    ParameterGroup,
    Schedule,
)
from dlstudio.training.protocol.events import SettingChanged
from dlstudio.training.step.run_changes import keep_changes
from dlstudio.training.step.run_comparison import Choice, RunComparison, compare_with_run
from tests.training.training_designs import NOISY_LAYERS, chain

RUN = chain(NOISY_LAYERS)


def with_training(**values: Any) -> Project:
    return replace(RUN, training=replace(RUN.training, **values))


def with_split(**values: Any) -> Project:
    return replace(RUN, data=replace(RUN.data, split=replace(RUN.data.split, **values)))


def with_group(**values: Any) -> Project:
    return with_training(groups=(replace(RUN.training.groups[0], **values),))


TAKEN: dict[str, Project] = {
    "learning_rate": with_group(optimiser=Optimiser(learning_rate=0.25)),
    "clipping": with_group(clipping=Clipping("norm", 2.0)),
    "schedule": with_group(schedule=Schedule("step", {"every": 2})),
    "batch_size": with_training(batch_size=7),
    "early_stopping": with_training(early_stopping=EarlyStopping(enabled=True, patience=2)),
    "loss_settings": with_training(loss_settings={"label_smoothing": 0.1}),
    "class_weights": with_training(class_weights="balanced"),
    "keep_best": with_training(keep_best=True),
    "test_each_epoch": with_training(test_each_epoch=True),
    "dropout": set_settings(RUN, ["dropout_1"], {"p": 0.1}),
    "frozen": set_settings(RUN, ["linear_1"], {"frozen": True}),
}


def test_equal_design_changes_nothing() -> None:
    comparison = compare_with_run(RUN, (), RUN)
    assert comparison == RunComparison()
    assert comparison.choices[0] is Choice.CONTINUE


@pytest.mark.parametrize("name", TAKEN)
def test_run_takes_over_what_keeps_weights_and_optimiser(name: str) -> None:
    comparison = compare_with_run(RUN, (), TAKEN[name])
    assert not comparison.obstacle
    (change,) = comparison.changes
    assert change[0] == name
    recorded = SettingChanged(1, *change, "")
    assert compare_with_run(RUN, (recorded,), TAKEN[name]) == RunComparison()
    kept = keep_changes(RUN, (recorded,))
    assert compare_with_run(kept, (), TAKEN[name]) == RunComparison()
    (back,) = compare_with_run(RUN, (recorded,), RUN).changes
    assert back[0] == name


@pytest.mark.parametrize(
    ("edit", "noun"),
    [
        (lambda: set_settings(RUN, ["linear_1"], {"out_features": 6}), "network"),
        (lambda: replace(RUN, data=replace(RUN.data, options={"a": 1})), "data"),
        (lambda: with_split(seed=4), "seed of the split"),
        (lambda: with_split(validation=0.5), "split"),
        (lambda: replace(RUN, data=replace(RUN.data, normalise="none")), "preprocessing"),
        (lambda: replace(RUN, data=replace(RUN.data, augmentation=Augmentation(True))),
         "augmentation"),
        (lambda: with_training(seed=4), "seed"),
        (lambda: with_training(loss="other"), "loss"),
        (lambda: with_training(task="regression"), "task"),
        (lambda: with_training(mixed_precision=True), "precision"),
        (lambda: with_group(optimiser=Optimiser("sgd")), "optimiser"),
        (lambda: with_group(optimiser=Optimiser(weight_decay=0.1)), "optimiser"),
        (lambda: with_training(groups=(ParameterGroup("a"), ParameterGroup())),
         "parameter groups"),
    ],
)  # fmt: skip
def test_what_a_run_cannot_take_is_named(edit: Callable[[], Project], noun: str) -> None:
    comparison = compare_with_run(RUN, (), edit())
    assert comparison.refused == (noun,)
    assert comparison.obstacle == f"the {noun} has changed since the run"
    assert not comparison.changes
    assert set(comparison.choices) == {
        Choice.START_OVER,
        Choice.KEEP_FITTING_WEIGHTS,
        Choice.OWN_DESIGN,
    }


def test_several_differences_are_named_together() -> None:
    shown = replace(set_settings(with_split(seed=4), ["linear_1"], {"out_features": 6}))
    shown = replace(shown, training=replace(shown.training, seed=9))
    obstacle = compare_with_run(RUN, (), shown).obstacle
    assert obstacle == "the network, the seed of the split and the seed have changed since the run"


def test_equal_settings_in_other_words_change_nothing() -> None:
    defaults = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    shown = with_group(optimiser=Optimiser(settings=defaults))
    shown = replace(shown, training=replace(shown.training, loss_settings={"label_smoothing": 0.0}))
    assert compare_with_run(RUN, (), shown) == RunComparison()


def test_automatic_settings_stay_as_the_run_chose_them() -> None:
    group = ParameterGroup(optimiser=Optimiser(learning_rate=None))
    shown = with_training(epochs=None, batch_size=None, groups=(group,))
    assert compare_with_run(RUN, (), shown) == RunComparison()
    rest = EarlyStopping(enabled=True, patience=40, automatic=True)
    run = with_training(early_stopping=rest)
    assert compare_with_run(run, (), shown) == RunComparison()
    fixed = with_training(early_stopping=EarlyStopping(), epochs=9)
    assert [name for name, _ in compare_with_run(run, (), fixed).changes] == ["early_stopping"]


def test_epochs_count_if_the_run_never_had_them() -> None:
    assert compare_with_run(RUN, (), with_training(epochs=9)).epochs == 9
    extended = (SettingChanged(1, "epochs", {"epochs": 12}, ""),)
    assert compare_with_run(RUN, extended, RUN).epochs == 0
    assert compare_with_run(RUN, extended, with_training(epochs=12)).epochs == 0
    assert compare_with_run(RUN, extended, with_training(epochs=20)).epochs == 20


def test_group_is_named_where_there_are_several() -> None:
    groups = (ParameterGroup("head"), ParameterGroup("rest"))
    run = with_training(groups=groups)
    changed = replace(groups[1], schedule=Schedule("cosine"))
    shown = with_training(groups=(groups[0], changed))
    (change,) = compare_with_run(run, (), shown).changes
    assert change == ("schedule", {"name": "cosine", "settings": {}, "group": "rest"})
