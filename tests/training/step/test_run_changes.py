from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from torch import nn

from dlstudio.design.edits import EditError
from dlstudio.design.model.model import Graph, Node, Project
from dlstudio.design.model.training_settings import (
    Clipping,
    EarlyStopping,
    ParameterGroup,
    Schedule,
    TrainingSettings,
)
from dlstudio.layers.normalisation.dropout import DROPOUT_KINDS
from dlstudio.layers.registry import KINDS
from dlstudio.training.optim.schedules import EpochSpan
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.protocol.events import SettingChanged
from dlstudio.training.step.plan import Plan, RunPosition
from dlstudio.training.step.run_changes import (
    RUN_CHANGES,
    apply_change,
    keep_changes,
    keep_training_changes,
)

PLAN = Plan(
    training=TrainingSettings(groups=(ParameterGroup("head"), ParameterGroup("rest"))),
    spans=(EpochSpan(0, 4),),
    dropout={"block_1.dropout_1": 0.2, "dropout_1": 0.5},
    layers=("block_1.linear_1", "linear_1", "linear_10"),
    frozen=frozenset({"linear_10"}),
)
START = RunPosition(0, 0)


def test_learning_rate_of_one_group_or_all_can_change() -> None:
    plan, text = apply_change(PLAN, "learning_rate", {"learning_rate": 0.5, "group": "rest"}, START)
    assert [group.optimiser.learning_rate for group in plan.groups] == [1e-3, 0.5]
    assert text == "learning rate 0.001 → 0.5"
    plan, _ = apply_change(PLAN, "learning_rate", {"learning_rate": 0.5}, START)
    assert [group.optimiser.learning_rate for group in plan.groups] == [0.5, 0.5]


def test_clipping_of_all_groups_can_change() -> None:
    plan, text = apply_change(PLAN, "clipping", {"mode": "norm", "limit": 2}, START)
    assert {group.clipping.limit for group in plan.groups} == {2.0}
    assert text == "gradient clipping by norm at 2"
    assert apply_change(plan, "clipping", {"mode": "none"}, START)[1] == "gradient clipping off"


@pytest.mark.parametrize("name", sorted(KINDS))
def test_dropouts_are_the_kinds_whose_probability_a_run_can_change(name: str) -> None:
    module = getattr(nn, KINDS[name].title, nn.Identity)
    assert (name in DROPOUT_KINDS) == issubclass(module, nn.modules.dropout._DropoutNd)


def test_dropout_of_one_layer_a_block_or_all_can_change() -> None:
    assert apply_change(PLAN, "dropout", {"p": 0.1}, START)[0].dropout == dict.fromkeys(
        PLAN.dropout, 0.1
    )
    plan, text = apply_change(PLAN, "dropout", {"p": 0.1, "path": "block_1"}, START)
    assert plan.dropout == {**PLAN.dropout, "block_1.dropout_1": 0.1}
    assert text == "dropout of block_1 0.2 → 0.1"


def test_freezing_applies_inside_blocks_but_not_to_similar_names() -> None:
    plan, _ = apply_change(PLAN, "frozen", {"path": "linear_1", "frozen": True}, START)
    assert plan.frozen == {"linear_1", "linear_10"}
    plan, _ = apply_change(plan, "frozen", {"path": "block_1", "frozen": True}, START)
    assert "block_1.linear_1" in plan.frozen
    plan, text = apply_change(plan, "frozen", {"path": "linear_10", "frozen": False}, START)
    assert plan.frozen == {"linear_1", "block_1.linear_1"}
    assert text == "linear_10 unfrozen"


def test_number_of_epochs_can_grow_and_shrink() -> None:
    more, text = apply_change(PLAN, "epochs", {"epochs": 7}, RunPosition(1, 3))
    assert more.spans == (EpochSpan(0, 4), EpochSpan(4, 3))
    assert text == "epochs 4 → 7"
    assert apply_change(more, "epochs", {"epochs": 5}, START)[0].spans == (
        EpochSpan(0, 4),
        EpochSpan(4, 1),
    )
    assert apply_change(more, "epochs", {"epochs": 2}, RunPosition(1, 3))[0].spans == (
        EpochSpan(0, 2),
    )


def test_finished_run_continues_in_a_new_span() -> None:
    plan, _ = apply_change(PLAN, "epochs", {"epochs": 3, "new_span": True}, RunPosition(2, 0))
    assert plan.spans == (EpochSpan(0, 2), EpochSpan(2, 1))
    assert [plan.span_of(epoch) for epoch in range(4)] == [EpochSpan(0, 2)] * 2 + [
        EpochSpan(2, 1)
    ] * 2


@pytest.mark.parametrize(
    ("change", "arguments"),
    [
        ("colour", {}),
        ("learning_rate", {}),
        ("learning_rate", {"learning_rate": -1}),
        ("learning_rate", {"learning_rate": float("nan")}),
        ("learning_rate", {"learning_rate": 1, "group": "nobody"}),
        ("clipping", {"mode": "hard"}),
        ("clipping", {"mode": "norm", "limit": 0}),
        ("dropout", {"p": 2}),
        ("dropout", {"p": 0.5, "path": "linear_1"}),
        ("frozen", {"path": "relu_1", "frozen": True}),
        ("epochs", {"epochs": 0}),
        ("batch_size", {"batch_size": 0}),
        ("batch_size", {"batch_size": None}),
        ("schedule", {"name": "zigzag"}),
        ("schedule", {"name": "step", "group": "nobody"}),
        ("early_stopping", {"enabled": True, "patience": 0}),
        ("loss_settings", {"settings": {"label_smoothing": 2}}),
        ("class_weights", {"class_weights": "heavy"}),
        ("class_weights", {"class_weights": "custom", "values": {"a": -1}}),
        ("epochs", {"epochs": 2, "new_span": True}),
    ],
)
def test_impossible_changes_are_rejected(change: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(TrainingError):
        apply_change(PLAN, change, arguments, RunPosition(2, 0))


def test_end_cannot_be_before_the_current_epoch() -> None:
    with pytest.raises(TrainingError, match="in epoch 3 already"):
        apply_change(PLAN, "epochs", {"epochs": 2}, RunPosition(2, 5))


def test_batch_size_changes_between_epochs_only() -> None:
    now, text = apply_change(PLAN, "batch_size", {"batch_size": 8}, RunPosition(1, 0))
    assert [now.batch_size_of(epoch) for epoch in range(3)] == [32, 8, 8]
    assert text == "batch size 32 → 8"
    later, text = apply_change(now, "batch_size", {"batch_size": 16}, RunPosition(1, 5))
    assert [later.batch_size_of(epoch) for epoch in range(3)] == [32, 8, 16]
    assert text == "batch size 8 → 16 from the next epoch"


def test_plan_is_not_mutated() -> None:
    apply_change(PLAN, "learning_rate", {"learning_rate": 0.5}, START)
    assert replace(PLAN) == PLAN


CHANGED: dict[str, tuple[dict[str, Any], Callable[[Project], object], object]] = {
    "learning_rate": (
        {"learning_rate": 0.5, "group": ""},
        lambda project: [group.optimiser.learning_rate for group in project.training.groups],
        [0.5],
    ),
    "clipping": (
        {"mode": "value", "limit": 2.0},
        lambda project: project.training.groups[0].clipping,
        Clipping("value", 2.0),
    ),
    "dropout": ({"p": 0.25}, lambda project: project.graph.nodes["dropout"].settings["p"], 0.25),
    "frozen": (
        {"path": "linear", "frozen": True},
        lambda project: project.graph.nodes["linear"].settings["frozen"],
        True,
    ),
    "epochs": ({"epochs": 9}, lambda project: project.training.epochs, 9),
    "batch_size": ({"batch_size": 7}, lambda project: project.training.batch_size, 7),
    "schedule": (
        {"name": "step", "settings": {"every": 2}},
        lambda project: project.training.groups[0].schedule,
        Schedule("step", {"every": 2}),
    ),
    "early_stopping": (
        {"enabled": True, "patience": 3, "monitor": "validation_accuracy"},
        lambda project: project.training.early_stopping,
        EarlyStopping(enabled=True, patience=3, monitor="validation_accuracy"),
    ),
    "loss_settings": (
        {"settings": {"label_smoothing": 0.1}},
        lambda project: project.training.loss_settings,
        {"label_smoothing": 0.1},
    ),
    "class_weights": (
        {"class_weights": "custom", "values": {"a": 2.0}},
        lambda project: (project.training.class_weights, project.training.class_weight_values),
        ("custom", {"a": 2.0}),
    ),
    "keep_best": ({"keep_best": True}, lambda project: project.training.keep_best, True),
    "test_each_epoch": (
        {"test_each_epoch": True},
        lambda project: project.training.test_each_epoch,
        True,
    ),
}
NODES = (Node("linear", "linear"), Node("dropout", "dropout"))
DESIGN = Project(Graph({node.id: node for node in NODES}))


@pytest.mark.parametrize("change", RUN_CHANGES)
def test_design_keeps_every_change(change: str) -> None:
    arguments, read, expected = CHANGED[change]
    changes = [SettingChanged(1, change, arguments, "")]
    assert read(keep_changes(DESIGN, changes)) == expected
    only_training = keep_training_changes(DESIGN, changes)
    assert only_training.graph is DESIGN.graph
    assert (only_training == DESIGN) == RUN_CHANGES[change].of_layers


def test_change_of_a_removed_layer_is_refused() -> None:
    change = SettingChanged(1, "frozen", {"path": "conv", "frozen": True}, "")
    with pytest.raises(EditError, match="no longer exists"):
        keep_changes(DESIGN, [change])
