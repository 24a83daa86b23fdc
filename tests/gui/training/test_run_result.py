from __future__ import annotations

import numpy as np
import pytest

from dlstudio.gui.runs.run_record import RunRecord
from dlstudio.gui.training.run_result import compare_with_linear, judge, overfitting_text, result_of
from dlstudio.training.metrics.linear_baseline import Baseline
from dlstudio.training.protocol.events import EpochDone, Finished, Started, StepsDone


def run_of(baseline: dict[str, float], metrics: dict[str, float]) -> RunRecord:
    run = RunRecord()
    run.record_start(Started("cpu", 1, 10, {"train": 640}, 1, 20, baseline=baseline))
    losses = np.full(20, metrics.get("train_loss", 0.5), np.float32)
    run.history.record_steps(StepsDone(1, losses, np.full(20, 1e-3), 1, 640.0))
    run.history.record_epoch(EpochDone(1, 20, metrics, 1e-3, 1.0))
    return run


@pytest.mark.parametrize(
    ("r2", "loss", "reason"),
    [
        (0.4, 0.6, ""),
        (0.0, 0.9, "R²"),
        (-0.2, 1.2, "R²"),
        (0.1, 1.0, "loss"),
    ],
)
def test_regression_is_judged_by_r2_and_loss(r2: float, loss: float, reason: str) -> None:
    metrics = {"validation_mae": 40.0, "validation_r2": r2, "validation_loss": loss}
    run = run_of({"validation_r2": 0.0, "validation_loss": 1.0}, metrics)
    judgement = judge(run, "validation_mae", "regression")
    assert judgement.tone == ("warning" if reason else "")
    assert reason in judgement.reason
    assert ("the mean" in judgement.reason) == bool(reason)


@pytest.mark.parametrize(
    ("task", "metric", "baseline", "value", "words"),
    [
        ("reconstruction", "validation_loss", 0.9, 0.95, "the mean sample"),
        ("segmentation", "validation_pixel_accuracy", 0.8, 0.75, "every pixel"),
        ("multi-label", "validation_label_accuracy", 0.7, 0.7, "each label"),
        ("next-token", "validation_accuracy", 0.2, 0.15, "most common token"),
        ("variational", "validation_loss", 120.0, 121.0, "the mean sample"),
        ("diffusion", "validation_loss", 1.0, 1.02, "predicting 0"),
        ("contrastive", "validation_loss", 4.8, 4.8, "the same embedding"),
        ("a package's task", "validation_accuracy", 0.2, 0.15, "the same answer"),
    ],
)
def test_other_tasks_are_judged_by_their_own_metric(
    task: str, metric: str, baseline: float, value: float, words: str
) -> None:
    judgement = judge(run_of({metric: baseline}, {metric: value}), metric, task)
    assert judgement.tone == "warning"
    assert words in judgement.reason


def test_loss_is_judged_by_an_accuracy_of_its_subset() -> None:
    metrics = {"validation_loss": 0.5, "validation_pixel_accuracy": 0.6}
    run = run_of({"validation_pixel_accuracy": 0.7}, metrics)
    assert judge(run, "validation_loss", "segmentation").tone == "warning"


def test_training_loss_is_judged_by_its_mean_over_an_epoch() -> None:
    for loss, tone in ((1.5, "warning"), (0.5, "")):
        run = run_of({"train_loss": 1.0}, {"train_loss": loss})
        assert judge(run, "train_loss", "regression").tone == tone


def test_unfinished_epoch_is_not_judged() -> None:
    run = RunRecord()
    run.record_start(Started("cpu", 1, 10, {}, 1, 20, baseline={"train_loss": 1.0}))
    run.history.record_steps(StepsDone(1, np.full(3, 9.0, np.float32), np.full(3, 1e-3), 1, 1.0))
    assert judge(run, "train_loss", "regression").tone == ""


def test_result_is_that_of_the_kept_epoch() -> None:
    run = run_of({"validation_accuracy": 0.5}, {"validation_accuracy": 0.9})
    run.history.record_epoch(EpochDone(2, 40, {"validation_accuracy": 0.4}, 1e-3, 1.0))
    assert judge(run, "validation_accuracy", "classification").tone == "warning"
    assert result_of(run, "validation_accuracy") == (pytest.approx(0.4), "")
    run.record_end(Finished(2, 40, {"validation_accuracy": 0.9}, "done", 1.0, 1.0, kept_epoch=1))
    value, origin = result_of(run, "validation_accuracy")
    assert value == 0.9
    assert "epoch, 1," in origin
    assert judge(run, "validation_accuracy", "classification").tone == "good"


def test_nothing_is_green_without_a_comparison() -> None:
    metrics = {"validation_accuracy": 0.9, "validation_loss": 0.2}
    judgement = judge(run_of({}, metrics), "validation_accuracy", "classification")
    assert (judgement.tone, judgement.reason) == ("", "")
    other_subset = run_of({"train_accuracy": 0.5}, metrics)
    assert judge(other_subset, "validation_accuracy", "classification").tone == ""


def test_result_of_a_gan_is_not_judged_for_a_reason() -> None:
    metrics = {"validation_loss": 0.5, "validation_real_accuracy": 0.99}
    for metric in metrics:
        judgement = judge(run_of({}, metrics), metric, "adversarial")
        assert judgement.tone == ""
        assert "Look at the samples" in judgement.reason


def baseline_of(linear: float, measure: str = "accuracy", title: str = "logistic") -> Baseline:
    return Baseline(measure, "guess", 0.5, title, linear, 0.05, 66, "validation")


@pytest.mark.parametrize(
    ("linear", "tone", "words"),
    [
        (0.82, "warning", "Worse than logistic on the same 66 validation samples: "),
        (0.71, "", "No better than logistic on"),
        (0.65, "good", "Better than logistic on"),
    ],
)
def test_network_is_judged_by_a_linear_model_on_the_same_samples(
    linear: float, tone: str, words: str
) -> None:
    run = run_of({"validation_accuracy": 0.5}, {"validation_accuracy": 0.71})
    metrics = {"validation_accuracy": 0.71, "test_accuracy": 0.91}
    run.record_end(Finished(1, 20, metrics, "done", 1.0, 1.0))
    judgement = judge(run, "validation_accuracy", "classification", baseline_of(linear))
    assert judgement.tone == tone
    assert words in judgement.reason
    assert "validation accuracy 71.0 %, against" in judgement.reason


def test_network_below_a_linear_model_is_no_warning_before_the_end() -> None:
    run = run_of({"validation_accuracy": 0.5}, {"validation_accuracy": 0.71})
    judgement = judge(run, "validation_accuracy", "classification", baseline_of(0.82))
    assert (judgement.tone, judgement.reason[:10]) == ("", "Worse than")


def test_smaller_error_than_that_of_a_linear_model_is_better() -> None:
    run = run_of({}, {"validation_mae": 3.0})
    for linear, is_better in ((3.5, True), (2.5, False)):
        advantage, text = compare_with_linear(run, baseline_of(linear, "error"))
        assert (advantage > 0) == is_better
        assert "validation MAE 3.00" in text


def test_nothing_is_compared_without_a_linear_model_or_its_metric() -> None:
    run = run_of({}, {"validation_mae": 3.0})
    for linear in (None, baseline_of(0.8), baseline_of(0.8, "error", title="")):
        assert compare_with_linear(run, linear) == (0.0, "")


def test_overfitting_is_named_with_what_helps() -> None:
    run = RunRecord(state="done")
    for epoch in range(1, 21):
        losses = np.full(4, 1 / epoch, np.float32)
        run.history.record_steps(StepsDone(4 * epoch - 3, losses, np.full(4, 1e-3), epoch, 1.0))
        metrics = {"validation_loss": 0.3 + 0.02 * abs(epoch - 3)}
        run.history.record_epoch(EpochDone(epoch, 4 * epoch, metrics, 1e-3, 1.0))
    text = overfitting_text(run)
    assert text.startswith("The validation loss has risen since epoch 3")
    assert "keep the best epoch" in text
    run.history.kept_epoch = 3
    assert "keep the best epoch" not in overfitting_text(run)
    run.state = ""
    assert overfitting_text(run) == ""
