"""Contrastive learning: loss, paired views, problems and training."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch.nn import functional

from dlstudio.data.core.batches import Batch
from dlstudio.data.core.paired_views import SECOND_VIEW, PairedViewBatches
from dlstudio.data.load import load_data
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.model.data_settings import Augmentation, DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem
from dlstudio.network.check.inference import Checker
from dlstudio.network.compile.compile import compile_design
from dlstudio.training.metrics.batch_result import SINGLE_PHASE
from dlstudio.training.protocol.events import EpochDone, Finished
from dlstudio.training.readiness.check import check_project
from dlstudio.training.tasks.registry import create_objective
from dlstudio.training.tasks.unsupervised.contrastive import Contrastive
from tests.training.training_designs import (
    all_losses,
    chain,
    events_of,
    mean_of,
    refusal_codes,
    run_training,
    scripted_control,
    share_of,
    single_event,
)

LAYERS = [
    ("flatten", {}), ("linear", {"out_features": 48}), ("relu", {}),
    ("linear", {"out_features": 16}),
]  # fmt: skip
AUGMENTATION = Augmentation(shift=0.1, rotate=15.0)


def contrastive_design(
    layers: Any = LAYERS,
    augmentation: Augmentation = AUGMENTATION,
    source: str = "digits",
    **training: Any,
) -> Project:
    settings = {"task": "contrastive", "loss": "nt-xent", **training}
    project = chain(layers, **settings)
    end = replace(project.graph.nodes["output_1"], settings={"role": "embedding"})
    nodes = {**project.graph.nodes, "output_1": end}
    data = DataSettings(source, augmentation=augmentation)
    return replace(project, data=data, graph=replace(project.graph, nodes=nodes))


def build_objective(project: Project) -> Contrastive:
    compiled = compile_design(project, info_of(project.data))
    objective = create_objective(project.training, compiled)
    assert isinstance(objective, Contrastive)
    return objective


def problems(project: Project) -> dict[str, Problem]:
    return {problem.code: problem for problem in check_project(project, Checker()).problems}


def batches(size: int = 32) -> PairedViewBatches:
    data = load_data(DataSettings("digits"))
    return PairedViewBatches(data.train, size, "cpu", data.normaliser, AUGMENTATION)


def test_loss_equals_the_formula_of_the_paper() -> None:
    objective = build_objective(contrastive_design(loss_settings={"temperature": 0.3}))
    first, second = torch.randn(5, 1, 8, 8), torch.randn(5, 1, 8, 8)
    scored = objective.score(Batch({"samples": first, SECOND_VIEW: second}, None), SINGLE_PHASE[0])
    rows = objective.main.module(torch.cat((first, second))).detach()
    losses, hits, distances = [], [], []
    for index in range(10):
        partner = (index + 5) % 10
        similarity = torch.stack(
            [functional.cosine_similarity(rows[index], row, dim=0) for row in rows]
        )
        others = [k for k in range(10) if k != index]
        log_probability = similarity[partner] / 0.3 - torch.logsumexp(similarity[others] / 0.3, 0)
        losses.append(-log_probability)
        hits.append(float(max(others, key=lambda k: float(similarity[k])) == partner))
        unit = functional.normalize(rows, dim=1)
        distances.append((unit[index] - unit[partner]).square().sum())
    torch.testing.assert_close(scored.loss.detach(), torch.stack(losses).mean())
    assert share_of(scored, "retrieval") == pytest.approx(sum(hits) / 10)
    assert mean_of(scored, "alignment") == pytest.approx(float(torch.stack(distances).mean()))


def test_views_differ_and_depend_on_seed_and_step() -> None:
    view_batches = batches()
    order = view_batches.order(1, 0)
    first = view_batches.batch(order, 0, seed=1, step=4).inputs
    again = view_batches.batch(order, 0, seed=1, step=4).inputs
    later = view_batches.batch(order, 0, seed=1, step=5).inputs
    assert not torch.equal(first["samples"], first[SECOND_VIEW])
    for role in ("samples", SECOND_VIEW):
        assert torch.equal(first[role], again[role])
        assert not torch.equal(first[role], later[role])


def test_evaluation_views_are_deterministic_and_differ_by_batch() -> None:
    large, small = batches(64), batches(32)
    second, again = (small.batch(None, 1).inputs["samples"] for _ in range(2))
    assert torch.equal(second, again)
    assert not torch.equal(second, large.batch(None, 0).inputs["samples"][32:])


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (contrastive_design(augmentation=Augmentation()), "no-augmentation"),
        (contrastive_design(source="iris"), "views-need-pictures"),
        (contrastive_design(batch_size=1), "no-others"),
        (contrastive_design([("conv2d", {"kernel_size": (3, 3)})]), "embedding-shape"),
        (contrastive_design([("flatten", {}), ("linear", {"out_features": 1})]), "embedding-shape"),
        (replace(contrastive_design(), training=replace(contrastive_design().training, loss="mse")),
         "loss-mismatch"),
    ],
)  # fmt: skip
def test_first_fix_resolves_the_problem(broken: Project, code: str) -> None:
    fixed = apply_repair(broken, problems(broken)[code].repairs[0])
    assert problems(fixed) == {}


def test_run_fails_with_the_text_of_the_check() -> None:
    plain = contrastive_design(augmentation=Augmentation())
    assert refusal_codes(plain) == {"no-augmentation"}
    assert "views-need-pictures" in refusal_codes(contrastive_design(source="iris"))
    wide = contrastive_design([("conv2d", {"kernel_size": (3, 3)})])
    assert refusal_codes(wide) == {"embedding-shape"}


def test_retrieval_improves() -> None:
    events = run_training(contrastive_design(epochs=6))
    first, last = events_of(events, EpochDone)[0].metrics, single_event(events, Finished).metrics
    assert set(last) >= {"train_alignment", "validation_retrieval", "test_retrieval"}
    assert last["test_retrieval"] > first["validation_retrieval"] + 0.05
    assert last["test_loss"] < first["validation_loss"]


def test_resumed_run_has_equal_losses(tmp_path: Any) -> None:
    project, folder = contrastive_design(epochs=2), str(tmp_path / "run")
    uninterrupted = all_losses(run_training(project))
    stopped = run_training(project, scripted_control(*["step"] * 25, "stop"), run_dir=folder)
    assert single_event(stopped, Finished).reason == "stopped"
    resumed = run_training(project, run_dir=folder, resume=True)
    assert single_event(resumed, Finished).reason == "done"
    assert {**all_losses(stopped), **all_losses(resumed)} == uninterrupted
