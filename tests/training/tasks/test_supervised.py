from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from sklearn.metrics import r2_score
from torch import Tensor, nn
from torch.nn import functional

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import Optimiser, TrainingSettings
from dlstudio.network.compile.compile import compile_design
from dlstudio.training.metrics.batch_result import BatchResult
from dlstudio.training.metrics.metrics import ClassificationMetrics, RegressionMetrics
from dlstudio.training.protocol.events import EpochDone, Finished
from dlstudio.training.tasks.supervised.supervised import Supervised
from tests.training.training_designs import (
    PLAIN_LAYERS,
    chain,
    events_of,
    refusal_codes,
    run_training,
    single_event,
    with_optimiser,
)

CPU = torch.device("cpu")


def build_objective(project: Project) -> Supervised:
    compiled = compile_design(project, info_of(project.data))
    return Supervised(project.training, compiled)


def design_on(source: str, layers, **training) -> Project:
    return replace(chain(layers, **training), data=DataSettings(source=source))


def test_label_smoothing_equals_torch() -> None:
    project = chain(PLAIN_LAYERS, loss_settings={"label_smoothing": 0.2})
    scores, classes = torch.randn(9, 10), torch.arange(9)
    expected = functional.cross_entropy(scores, classes, label_smoothing=0.2)
    assert torch.equal(build_objective(project).loss(scores, classes), expected)


@pytest.mark.parametrize(
    ("loss", "settings", "module"),
    [
        ("mse", {}, nn.MSELoss()),
        ("l1", {}, nn.L1Loss()),
        ("huber", {"delta": 0.3}, nn.HuberLoss(delta=0.3)),
    ],
)
def test_regression_losses_equal_torch(loss: str, settings: dict, module: nn.Module) -> None:
    project = design_on(
        "diabetes",
        [("linear", {"out_features": 1})],
        task="regression",
        loss=loss,
        loss_settings=settings,
    )
    values, target = torch.randn(7, 1), torch.randn(7)
    assert torch.equal(build_objective(project).loss(values, target), module(values[:, 0], target))


def test_column_and_row_are_never_broadcast() -> None:
    project = design_on(
        "diabetes", [("linear", {"out_features": 1})], task="regression", loss="mse"
    )
    values = torch.arange(4.0).unsqueeze(1)
    assert build_objective(project).loss(values, torch.arange(4.0)).item() == 0


def test_binary_loss_accepts_scores_or_probabilities() -> None:
    linear = [("linear", {"out_features": 1})]
    scores, classes = torch.tensor([[-3.0], [0.5], [2.0]]), torch.tensor([0, 1, 1])
    on_scores = build_objective(design_on("movie", linear, loss="binary"))
    on_probabilities = build_objective(
        design_on("movie", [*linear, ("sigmoid", {})], loss="binary")
    )
    assert not on_scores.probabilities
    assert on_probabilities.probabilities
    assert on_scores.loss(scores, classes).item() == pytest.approx(
        on_probabilities.loss(scores.sigmoid(), classes).item(), rel=1e-5
    )


def test_binary_loss_of_a_saturated_probability_is_finite() -> None:
    objective = build_objective(
        design_on("movie", [("linear", {"out_features": 1}), ("sigmoid", {})], loss="binary")
    )
    probability = torch.tensor([[0.0], [1.0]], requires_grad=True)
    loss = objective.loss(probability, torch.tensor([1, 0]))
    loss.backward()
    assert torch.isfinite(loss)
    assert torch.isfinite(probability.grad).all()


def test_perceptron_loss_counts_only_wrong_predictions() -> None:
    objective = build_objective(
        design_on("moons", [("linear", {"out_features": 1})], loss="perceptron")
    )
    scores = torch.tensor([[2.0], [-3.0], [0.5], [-4.0]], requires_grad=True)
    loss = objective.loss(scores, torch.tensor([1, 1, 0, 0]))
    loss.backward()
    assert loss.item() == pytest.approx((3 + 0.5) / 4)
    assert scores.grad.flatten().tolist() == [0, -0.25, 0.25, 0]


def test_perceptron_predicts_class_1_for_scores_above_0() -> None:
    objective = build_objective(
        design_on("moons", [("linear", {"out_features": 1})], loss="perceptron")
    )
    metrics = objective.create_metrics(CPU)
    output, target = torch.tensor([[0.2], [-0.1], [0.7]]), torch.tensor([1, 0, 0])
    metrics.update(batch_result(output, target, torch.tensor(0.0)))
    assert metrics.compute()["accuracy"] == pytest.approx(2 / 3)
    assert objective.to_predictions(output[0], 2).tolist() == [0, 1]


def test_one_neuron_separates_two_classes() -> None:
    project = design_on(
        "movie", [("linear", {"out_features": 1}), ("sigmoid", {})], loss="binary", epochs=30
    )
    metrics = single_event(
        run_training(with_optimiser(project, Optimiser("adam", 0.05))), Finished
    ).metrics
    assert metrics["test_accuracy"] > 0.7
    assert metrics["train_loss"] < 0.6


def test_squared_error_of_classes_uses_one_hot_targets() -> None:
    project = chain(PLAIN_LAYERS, loss="mse")
    scores, classes = torch.randn(5, 10), torch.arange(5)
    expected = functional.mse_loss(scores, functional.one_hot(classes, 10).float())
    assert torch.equal(build_objective(project).loss(scores, classes), expected)
    metrics = single_event(
        run_training(with_optimiser(project, Optimiser("adam", 5e-3))), Finished
    ).metrics
    assert metrics["validation_accuracy"] > 0.5


def test_regression_is_scored_and_learned() -> None:
    layers = [("linear", {"out_features": 16}), ("relu", {}), ("linear", {"out_features": 1})]
    project = design_on("diabetes", layers, task="regression", loss="mse", epochs=60, batch_size=32)
    events = run_training(with_optimiser(project, Optimiser("adam", 0.03)))
    first, last = events_of(events, EpochDone)[0].metrics, single_event(events, Finished).metrics
    assert set(last) >= {"train_mae", "validation_mae", "validation_r2", "test_mae", "test_r2"}
    assert last["validation_mae"] < first["validation_mae"]
    assert last["validation_r2"] > 0.2


def batch_result(output: Tensor, target: Tensor, loss: Tensor) -> BatchResult:
    return BatchResult(loss, len(target), output, target)


def test_metrics_over_uneven_batches_equal_those_over_all_samples() -> None:
    output, target = torch.randn(23, 3), torch.randn(23, 3)
    accumulator = RegressionMetrics(CPU)
    for rows in (slice(0, 10), slice(10, 20), slice(20, 23)):
        loss = functional.mse_loss(output[rows], target[rows])
        accumulator.update(batch_result(output[rows], target[rows], loss))
    metrics = accumulator.compute()
    assert metrics["loss"] == pytest.approx(functional.mse_loss(output, target).item())
    assert metrics["mae"] == pytest.approx((output - target).abs().mean().item())
    assert metrics["r2"] == pytest.approx(r2_score(target, output))


def test_accuracy_of_class_scores_and_of_a_single_output() -> None:
    several_outputs = ClassificationMetrics(CPU, 0.0)
    several_outputs.update(
        batch_result(
            torch.tensor([[1.0, 2.0], [3.0, 0.0]]), torch.tensor([1, 1]), torch.tensor(0.5)
        )
    )
    assert several_outputs.compute() == {"loss": 0.5, "accuracy": 0.5}
    single_output = ClassificationMetrics(CPU, 0.5)
    single_output.update(
        batch_result(
            torch.tensor([[0.4], [0.6], [0.9]]), torch.tensor([0, 1, 0]), torch.tensor(1.0)
        )
    )
    assert single_output.compute()["accuracy"] == pytest.approx(2 / 3)


def test_restored_metrics_continue() -> None:
    first, second = ClassificationMetrics(CPU, 0.0), ClassificationMetrics(CPU, 0.0)
    scores, classes = torch.randn(8, 4), torch.randint(0, 4, (8,))
    first.update(batch_result(scores, classes, torch.tensor(2.0)))
    second.load(first.tensors())
    for metrics in (first, second):
        metrics.update(batch_result(scores[:3], classes[:3], torch.tensor(1.0)))
    assert first.compute() == second.compute()


@pytest.mark.parametrize(
    ("layers", "training", "code"),
    [
        ([("flatten", {}), ("linear", {"out_features": 1})], {}, "output-classes"),
        ([("flatten", {}), ("linear", {"out_features": 10})], {"loss": "binary"}, "loss-mismatch"),
        (PLAIN_LAYERS, {"task": "regression"}, "task-mismatch"),
        (PLAIN_LAYERS, {"task": "regression", "loss": "mse"}, "task-mismatch"),
        (PLAIN_LAYERS, {"task": "dreaming"}, "unknown-task"),
        (PLAIN_LAYERS, {"loss": "luck"}, "bad-training-setting"),
        (PLAIN_LAYERS, {"loss_settings": {"label_smoothing": 3}}, "bad-training-setting"),
        (PLAIN_LAYERS, {"batch_size": 0}, "bad-training-setting"),
    ],
)
def test_run_fails_with_the_text_of_the_check(layers, training, code: str) -> None:
    assert code in refusal_codes(chain(layers, **training))


def test_default_task_uses_the_default_loss() -> None:
    assert build_objective(chain(PLAIN_LAYERS)).loss_name == TrainingSettings().loss


def test_unknown_loss_settings_are_named() -> None:
    with pytest.raises(ValueError, match="no setting called 'zeal'"):
        build_objective(chain(PLAIN_LAYERS, loss_settings={"zeal": 1}))
