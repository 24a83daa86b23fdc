"""Problems that prevent training, beyond those of shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import torch

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.edits import append_after, connect
from dlstudio.design.model.data_settings import DataSettings, Split
from dlstudio.design.model.model import Edge, Project
from dlstudio.design.model.problems import Severity
from dlstudio.design.model.training_settings import (
    Clipping,
    EarlyStopping,
    Optimiser,
    ParameterGroup,
    Schedule,
    Selector,
)
from dlstudio.design.model.values import Ref
from dlstudio.network.check.memory import available_memory
from dlstudio.network.compile.compile import compile_design
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.readiness.check import check_project, require_trainable
from dlstudio.training.readiness.rules import resources
from dlstudio.training.tasks.supervised.supervised import Supervised
from tests.training.readiness.checked_chains import (
    CHECKER,
    LAST,
    assert_every_fix_resolves,
    chain,
    problems,
)


def test_valid_design_is_ready() -> None:
    report = check_project(chain(("linear", {"out_features": 8}), ("relu", {}), LAST), CHECKER)
    assert report.ok
    assert not report.problems
    assert report.cost.parameters == 4 * 8 + 8 + 8 * 3 + 3


def test_data_that_was_never_read_is_a_problem() -> None:
    project = chain(LAST, source="csv")
    problems_by_code = problems(project)
    assert problems_by_code["no-data"].severity is Severity.ERROR
    assert "Press Preview under Data" in problems_by_code["no-data"].text
    assert "no-data" not in problems(apply_repair(project, problems_by_code["no-data"].repairs[0]))


def test_known_data_without_a_path_is_a_problem() -> None:
    project = chain(LAST, source="image-folder")
    facts = info_of(DataSettings("digits"))
    with_info = replace(project, data=replace(project.data, facts=facts))
    problem = problems(with_info)["no-data"]
    assert problem.title == "No data has been chosen yet"
    with_path = replace(with_info.data, options={"path": "pictures"})
    assert "no-data" not in problems(replace(with_info, data=with_path))


def test_input_role_missing_in_the_data_is_a_problem() -> None:
    project = Project(data=DataSettings(source="iris"))
    project, end = append_after(project, None, "input", {"role": "noise", "shape": (4,)})
    for kind, settings in (LAST, ("output", {})):
        project, end = append_after(project, end, kind, settings)
    assert_every_fix_resolves(project, "input-role")


def test_wrong_number_of_scores_names_the_classes() -> None:
    project = chain(("linear", {"out_features": 7}), ("dropout", {}))
    problem = problems(project)["output-classes"]
    assert "setosa" in problem.text
    assert "3 class scores" in problem.text
    fixed = apply_repair(project, problem.repairs[0])
    assert fixed.graph.nodes["linear_1"].settings["out_features"] == Ref("classes")
    assert problem.path == "output_1"


def test_linear_layer_is_inserted_if_none_can_be_resized() -> None:
    project = chain(("flatten", {}), source="digits")
    fixed = apply_repair(project, problems(project)["output-classes"].repairs[0])
    assert fixed.graph.nodes["linear_1"].settings == {"out_features": Ref("classes")}
    assert check_project(fixed, CHECKER).ok


def test_linear_layer_with_several_consumers_is_not_resized() -> None:
    project = chain(("linear", {"out_features": 4}), ("add", {}))
    project = connect(project, Edge("linear_1", "add_1", "output", "inputs", 1))
    fixed = apply_repair(project, problems(project)["output-classes"].repairs[0])
    assert fixed.graph.nodes["linear_1"].settings == {"out_features": 4}
    assert check_project(fixed, CHECKER).ok


def test_second_matching_output_is_unused() -> None:
    project, _ = append_after(chain(LAST), "linear_1", "output")
    assert problems(project)["several-outputs"].path == "output_2"
    assert check_project(project, CHECKER).ok
    assert_every_fix_resolves(project, "several-outputs")


def test_output_with_the_matching_role_is_used() -> None:
    project = chain(("linear", {"out_features": 9}), LAST)
    project, _ = append_after(project, "linear_1", "output", {"role": "embedding"})
    assert not check_project(project, CHECKER).problems


def test_two_networks_are_a_problem() -> None:
    project = chain(LAST)
    project, end = append_after(project, None, "input")
    for kind, settings in (LAST, ("output", {"role": "embedding"})):
        project, end = append_after(project, end, kind, settings)
    assert problems(project)["several-networks"].severity is Severity.ERROR


def test_blocked_output_has_no_further_problem() -> None:
    broken = chain(
        ("conv2d", {"kernel_size": (9, 9)}), ("linear", {"out_features": 3}), source="digits"
    )
    assert set(problems(broken)) == {"kernel-too-large"}


@pytest.mark.parametrize(("size", "valid"), [(3, True), (1, True), (5, False)])
def test_squared_error_of_classes_needs_one_output_or_one_per_class(size: int, valid: bool) -> None:
    project = chain(("linear", {"out_features": size}), loss="mse")
    assert check_project(project, CHECKER).ok is valid


def test_one_output_for_two_classes_may_use_the_binary_loss() -> None:
    project = chain(("linear", {"out_features": 1}), source="moons")
    assert_every_fix_resolves(project, "output-classes")
    titles = [repair.title for repair in problems(project)["output-classes"].repairs]
    assert any("binary" in title for title in titles)


def test_binary_loss_needs_one_output() -> None:
    project = chain(("linear", {"out_features": 2}), source="moons", loss="binary")
    assert_every_fix_resolves(project, "output-size")
    assert check_project(chain(("linear", {"out_features": 1}), source="moons", loss="binary"),
                         CHECKER).ok  # fmt: skip


def test_binary_loss_needs_two_classes() -> None:
    project = chain(("linear", {"out_features": 1}), loss="binary")
    assert_every_fix_resolves(project, "loss-mismatch")


def test_image_cannot_be_class_scores() -> None:
    project = chain(("conv2d", {"out_channels": 4}), source="digits")
    assert_every_fix_resolves(project, "output-shape")


def test_regression_of_classes_and_classification_of_numbers_are_problems() -> None:
    assert_every_fix_resolves(chain(LAST, task="regression", loss="mse"), "task-mismatch")
    numbers = chain(("linear", {"out_features": 1}), source="diabetes")
    assert_every_fix_resolves(numbers, "task-mismatch")


def test_regression_needs_one_output_per_target() -> None:
    project = chain(
        ("linear", {"out_features": 4}), source="diabetes", task="regression", loss="mse"
    )
    assert_every_fix_resolves(project, "output-size")


def test_cross_entropy_needs_classes() -> None:
    project = chain(("linear", {"out_features": 1}), source="diabetes", task="regression")
    assert_every_fix_resolves(project, "loss-mismatch")


def test_unexpected_output_role_is_only_a_warning() -> None:
    project = chain(
        ("linear", {"out_features": 1}), source="diabetes", task="regression", loss="mse"
    )
    assert problems(project)["output-role"].severity is Severity.WARNING
    assert check_project(project, CHECKER).ok
    assert_every_fix_resolves(project, "output-role")


@pytest.mark.parametrize(
    "training",
    [
        {"early_stopping": EarlyStopping(enabled=True)},
        {"groups": (ParameterGroup(schedule=Schedule("plateau")),)},
    ],
    ids=["early stopping", "plateau"],
)
def test_features_that_need_validation_data_are_problems_without_it(
    training: Mapping[str, Any],
) -> None:
    project = chain(LAST, **training)
    assert "no-validation" not in problems(project)
    without = replace(project, data=replace(project.data, split=Split(validation=0.0)))
    assert_every_fix_resolves(without, "no-validation")
    fixed = apply_repair(without, problems(without)["no-validation"].repairs[0])
    assert fixed.data.split.validation > 0


def test_batch_norm_needs_two_samples() -> None:
    project = chain(("linear", {"out_features": 8}), ("batch_norm1d", {}), LAST, batch_size=1)
    assert problems(project)["batch-of-one"].path == "batch_norm1d_1"
    assert_every_fix_resolves(project, "batch-of-one")
    maps = chain(
        ("conv2d", {"out_channels": 2}), ("batch_norm2d", {}), ("flatten", {}), LAST,
        source="digits", batch_size=1,
    )  # fmt: skip
    assert "batch-of-one" not in problems(maps)
    volume = chain(
        ("reshape", {"shape": (-1, 1, 1, 1)}), ("batch_norm3d", {}), ("flatten", {}), LAST,
        batch_size=1,
    )  # fmt: skip
    assert problems(volume)["batch-of-one"].path == "batch_norm3d_1"


@pytest.mark.parametrize(
    "training",
    [
        {"epochs": 0},
        {"batch_size": 0},
        {"loss": "hinge"},
        {"device": "tpu"},
        {"loss_settings": {"label_smoothing": 2.0}},
        {"groups": (ParameterGroup(optimiser=Optimiser("lion")),)},
        {"groups": (ParameterGroup(optimiser=Optimiser(learning_rate=-1.0)),)},
        {"groups": (ParameterGroup(optimiser=Optimiser(weight_decay=-1.0)),)},
        {"groups": (ParameterGroup(optimiser=Optimiser("sgd", settings={"beta1": 0.1})),)},
        {"groups": (ParameterGroup(optimiser=Optimiser("sgd", settings={"nesterov": True})),)},
        {"groups": (ParameterGroup(schedule=Schedule("zigzag")),)},
        {"groups": (ParameterGroup(clipping=Clipping("norm", 0.0)),)},
        {"early_stopping": EarlyStopping(enabled=True, monitor="test_loss")},
    ],
    ids=str,
)
def test_invalid_training_settings_are_fixed(training: Mapping[str, Any]) -> None:
    project = chain(LAST, **training)
    assert not check_project(project, CHECKER).ok
    assert_every_fix_resolves(project, "bad-training-setting")


def test_unknown_task_is_the_only_problem() -> None:
    project = chain(LAST, task="juggling", loss="hinge", task_settings={"balls": 3})
    assert list(problems(project)) == ["unknown-task"]
    assert_every_fix_resolves(project, "unknown-task")


def test_network_without_trainable_weights_is_a_problem() -> None:
    assert "nothing-learns" in problems(chain(("identity", {})))
    frozen = chain(("linear", {"out_features": Ref("classes"), "frozen": True}))
    assert_every_fix_resolves(frozen, "nothing-learns")


@pytest.mark.parametrize(
    "groups",
    [
        (),
        (ParameterGroup(frozen=True),),
        (ParameterGroup(selector=Selector(role="realness")),),
        (ParameterGroup(selector=Selector(paths=("linear_9",))),),
        (ParameterGroup(frozen=True), ParameterGroup("more")),
    ],
)
def test_groups_without_trainable_weights_are_fixed(
    groups: tuple[ParameterGroup, ...],
) -> None:
    assert_every_fix_resolves(chain(LAST, groups=groups), "nothing-learns")


def test_frozen_trunk_beside_a_trainable_group_is_valid() -> None:
    groups = (ParameterGroup(selector=Selector(paths=("linear_1",)), frozen=True), ParameterGroup())
    project = chain(("linear", {"out_features": 5}), LAST, groups=groups)
    assert check_project(project, CHECKER).ok


@pytest.mark.parametrize(
    "settings",
    [
        {"groups": (ParameterGroup(factor=-5.0),)},
        {"groups": (ParameterGroup(factor=1e300),)},
        {"early_stopping": EarlyStopping(enabled=True, patience=0)},
        {"early_stopping": EarlyStopping(enabled=True, minimum_change=-1.0)},
    ],
)
def test_out_of_range_numbers_are_fixed(
    settings: Mapping[str, Any],
) -> None:
    assert_every_fix_resolves(chain(LAST, **settings), "bad-training-setting")


def test_too_large_network_is_a_warning_and_refused_by_training() -> None:
    wide = {"out_features": 300_000}
    project = chain(("linear", wide), ("linear", wide), LAST, device="cpu")
    problem = problems(project)["memory"]
    assert problem.severity is Severity.WARNING
    assert problem.prevents_training
    assert "TB" in problem.text
    assert not problem.repairs
    with pytest.raises(TrainingError, match=r"Training needs .* TB"):
        require_trainable(project, info_of(project.data))


def test_too_large_batch_is_reduced(monkeypatch: pytest.MonkeyPatch) -> None:
    project = chain(("linear", {"out_features": 1000}), ("tanh", {}), LAST, batch_size=4096)
    assert "memory" not in problems(project)
    monkeypatch.setattr(resources, "available_memory", lambda _: 2_000_000)
    assert_every_fix_resolves(project, "memory")
    assert apply_repair(project, problems(project)["memory"].repairs[0]).training.batch_size == 256
    assert available_memory("cpu") > 2_000_000


READY = {
    *(("iris", "classification", loss, size) for loss in ("mse", "huber") for size in (1, 3)),
    *(("moons", "classification", loss, size) for loss in ("mse", "huber") for size in (1, 2)),
    ("iris", "classification", "cross-entropy", 3),
    ("moons", "classification", "cross-entropy", 2),
    ("moons", "classification", "binary", 1),
    ("moons", "classification", "perceptron", 1),
    ("diabetes", "regression", "mse", 1),
    ("diabetes", "regression", "huber", 1),
}


@pytest.mark.parametrize("source", ["iris", "moons", "diabetes"])
@pytest.mark.parametrize("task", ["classification", "regression"])
@pytest.mark.parametrize("loss", ["cross-entropy", "binary", "perceptron", "mse", "huber"])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_valid_combinations_of_task_loss_and_size(
    source: str, task: str, loss: str, size: int
) -> None:
    project = chain(("linear", {"out_features": size}), source=source, task=task, loss=loss)
    assert check_project(project, CHECKER).ok is ((source, task, loss, size) in READY)


@pytest.mark.parametrize(("source", "task", "loss", "size"), sorted(READY))
def test_ready_designs_can_be_trained(source: str, task: str, loss: str, size: int) -> None:
    project = chain(("linear", {"out_features": size}), source=source, task=task, loss=loss)
    facts = info_of(project.data)
    compiled = compile_design(project, facts)
    objective = Supervised(project.training, compiled)
    output = compiled.single.module(torch.zeros(2, *facts.inputs["samples"].shape))
    target = torch.zeros(2, dtype=getattr(torch, facts.target.dtype))
    assert objective.loss(output, target).isfinite()
