"""Segmentation: loss, metrics, problems, samples and training."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.metrics import jaccard_score
from torch.nn import functional

from dlstudio.data.core.batches import Batch
from dlstudio.data.core.dataset import IGNORE_INDEX
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem
from dlstudio.design.model.values import Ref
from dlstudio.network.check.inference import Checker
from dlstudio.network.compile.compile import compile_design
from dlstudio.training.metrics.baseline import share_of_most_common
from dlstudio.training.metrics.batch_result import SINGLE_PHASE, BatchResult, Proportion
from dlstudio.training.metrics.segmentation_metrics import SegmentationMetrics
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.training.protocol.events import EpochDone, Finished
from dlstudio.training.readiness.check import check_project
from dlstudio.training.tasks.registry import create_objective
from dlstudio.training.tasks.supervised.segmentation import Segmentation
from tests.training.training_designs import (
    all_losses,
    chain,
    events_of,
    refusal_codes,
    run_training,
    share_of,
    single_event,
)

SAME = {"kernel_size": (5, 5), "padding": (2, 2)}
LAYERS = [
    ("conv2d", {"out_channels": 12, **SAME}), ("relu", {}),
    ("conv2d", {"out_channels": 12, **SAME}), ("relu", {}),
    ("conv2d", {"out_channels": Ref("classes"), "kernel_size": (1, 1)}),
]  # fmt: skip
SHAPES = DataSettings("shapes", {"samples": 160, "size": 16})


def segmentation_design(
    layers: Any = LAYERS, role: str = "per-pixel scores", **training: Any
) -> Project:
    settings = {"task": "segmentation", "batch_size": 16, **training}
    project = replace(chain(layers, **settings), data=SHAPES)
    end = replace(project.graph.nodes["output_1"], settings={"role": role})
    nodes = {**project.graph.nodes, "output_1": end}
    return replace(project, graph=replace(project.graph, nodes=nodes))


def build_objective(project: Project) -> Segmentation:
    compiled = compile_design(project, info_of(project.data))
    objective = create_objective(project.training, compiled)
    assert isinstance(objective, Segmentation)
    return objective


def problems(project: Project) -> dict[str, Problem]:
    return {problem.code: problem for problem in check_project(project, Checker()).problems}


def test_loss_is_the_cross_entropy_over_all_pixels() -> None:
    objective = build_objective(segmentation_design(loss_settings={"label_smoothing": 0.1}))
    images, masks = torch.rand(6, 1, 16, 16), torch.randint(0, 4, (6, 16, 16))
    scored = objective.score(Batch({"samples": images}, masks), SINGLE_PHASE[0])
    scores = objective.main.module(images)
    expected = functional.cross_entropy(
        scores.permute(0, 2, 3, 1).reshape(-1, 4), masks.flatten(), label_smoothing=0.1
    )
    torch.testing.assert_close(scored.loss, expected)
    accuracy = (scores.argmax(1) == masks).double().mean().item()
    assert share_of(scored, "pixel_accuracy") == pytest.approx(accuracy)


def test_mean_iou_equals_scikit_learn() -> None:
    accumulator = SegmentationMetrics(torch.device("cpu"))
    predictions, targets = [], []
    for count in (5, 3):
        scores, target = torch.randn(count, 4, 6, 6), torch.randint(0, 3, (count, 6, 6))
        scores[:, 3] = -9.0
        accuracy = Proportion((scores.argmax(1) == target).sum(), target.numel())
        loss = torch.tensor(1.0)
        accumulator.update(BatchResult(loss, count, scores, target, {"pixel_accuracy": accuracy}))
        predictions.append(scores.argmax(1).numpy().ravel())
        targets.append(target.numpy().ravel())
    prediction, all_targets = np.concatenate(predictions), np.concatenate(targets)
    metrics = accumulator.compute()
    assert metrics["mean_iou"] == pytest.approx(
        jaccard_score(all_targets, prediction, average="macro")
    )
    assert metrics["pixel_accuracy"] == pytest.approx((prediction == all_targets).mean())
    saved = {name: tensor.clone() for name, tensor in accumulator.tensors().items()}
    accumulator.reset()
    accumulator.load(saved)
    assert accumulator.compute() == metrics


def test_pixels_without_a_class_count_neither_in_the_loss_nor_in_the_metrics() -> None:
    objective = build_objective(segmentation_design())
    torch.manual_seed(0)
    images, target = torch.randn(4, 1, 16, 16), torch.randint(0, 4, (4, 16, 16))
    target[:, :5] = IGNORE_INDEX
    target[0, :, :9] = IGNORE_INDEX
    result = objective.score(Batch({"samples": images}, target), SINGLE_PHASE[0])
    scores, known = result.output, target != IGNORE_INDEX
    assert scores is not None
    expected = functional.cross_entropy(scores.movedim(1, -1)[known], target[known])
    torch.testing.assert_close(result.loss, expected)
    metrics = objective.create_metrics(torch.device("cpu"))
    metrics.update(result)
    predicted = scores.argmax(1)[known].numpy()
    iou = jaccard_score(target[known].numpy(), predicted, average="macro")
    values = metrics.compute()
    assert values["mean_iou"] == pytest.approx(iou)
    assert values["pixel_accuracy"] == pytest.approx((predicted == target[known].numpy()).mean())
    assert share_of_most_common(target, target) == pytest.approx(
        float(target[known].bincount().max()) / int(known.sum())
    )


def test_scores_of_wrong_shape_are_fixed() -> None:
    for broken in (
        segmentation_design([*LAYERS[:-1], ("conv2d", {"out_channels": 7, "kernel_size": (1, 1)})]),
        segmentation_design(LAYERS[:-1]),
    ):
        problem = problems(broken)["pixel-scores-shape"]
        assert problems(apply_repair(broken, problem.repairs[0])) == {}
    small = segmentation_design([("max_pool2d", {}), *LAYERS])
    problem = problems(small)["pixel-scores-shape"]
    assert problem.repairs == ()
    assert "height and width" in problem.text


def test_masks_and_classes_need_their_own_task() -> None:
    flat = [("flatten", {}), ("linear", {"out_features": Ref("classes")})]
    masks = replace(chain(flat), data=SHAPES)
    fixed = apply_repair(masks, problems(masks)["task-mismatch"].repairs[0])
    assert (fixed.training.task, fixed.training.loss) == ("segmentation", "cross-entropy")
    assert "task-mismatch" not in problems(fixed)
    digits = replace(segmentation_design(), data=DataSettings("digits"))
    fixed = apply_repair(digits, problems(digits)["task-mismatch"].repairs[0])
    assert fixed.training.task == "classification"


def test_samples_without_target_suggest_reconstruction() -> None:
    project = segmentation_design()
    unlabelled = replace(info_of(project.data), target=None)
    problems_by_code = {
        problem.code: problem for problem in check_project(project, Checker(), unlabelled).problems
    }
    fixed = apply_repair(project, problems_by_code["no-target"].repairs[0])
    assert (fixed.training.task, fixed.training.loss) == ("reconstruction", "mse")


def test_wrong_role_is_fixed() -> None:
    broken = segmentation_design(role="class scores")
    assert problems(apply_repair(broken, problems(broken)["missing-output-role"].repairs[0])) == {}


def test_run_fails_with_the_text_of_the_check() -> None:
    small = segmentation_design([("max_pool2d", {}), *LAYERS])
    assert refusal_codes(small) == {"pixel-scores-shape"}
    digits = replace(segmentation_design(), data=DataSettings("digits"))
    assert "task-mismatch" in refusal_codes(digits)


def test_samples_contain_image_mask_and_prediction() -> None:
    objective = build_objective(segmentation_design())
    images, masks = torch.randn(5, 1, 16, 16), torch.randint(0, 4, (5, 16, 16))
    samples = objective.sample(SampleRequest(count=3), Batch({"samples": images}, masks))
    assert samples.form == "masks"
    assert list(samples.tensors) == ["given", "wanted", "made"]
    assert torch.equal(samples.tensors["wanted"], masks[:3])
    predicted = objective.main.module(images[:3]).argmax(1)
    assert torch.equal(samples.tensors["made"], predicted)


def test_segmentation_of_shapes_is_learned() -> None:
    events = run_training(segmentation_design(epochs=10))
    first, last = events_of(events, EpochDone)[0].metrics, single_event(events, Finished).metrics
    assert set(last) >= {"train_pixel_accuracy", "validation_mean_iou", "test_mean_iou"}
    assert last["test_mean_iou"] > first["validation_mean_iou"] + 0.1


def test_equal_runs_have_equal_losses() -> None:
    assert all_losses(run_training(segmentation_design(epochs=1))) == all_losses(
        run_training(segmentation_design(epochs=1))
    )
