"""Learning from two views: what they cost, how they are drawn, what fits, what is learnt."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch.nn import functional

from dlstudio.data.batches import Batch
from dlstudio.data.facts import facts_of
from dlstudio.data.load import load_data
from dlstudio.data.views import SECOND_VIEW, ViewBatches
from dlstudio.design.data_settings import Augmentation, DataSettings
from dlstudio.design.model import Project
from dlstudio.design.problems import Problem
from dlstudio.design.repairs import apply_repair
from dlstudio.network.compile import compile_design
from dlstudio.network.inference import Checker
from dlstudio.training.events import EpochDone, Failed, Finished
from dlstudio.training.objective import WHOLE
from dlstudio.training.readiness import check_project
from dlstudio.training.tasks.choose import choose_objective
from dlstudio.training.tasks.contrastive import Contrastive
from tests.training.training_designs import all_losses, chain, every, follow, only, scripted

LAYERS = [
    ("flatten", {}), ("linear", {"out_features": 48}), ("relu", {}),
    ("linear", {"out_features": 16}),
]  # fmt: skip
CHANGES = Augmentation(shift=0.1, rotate=15.0)


def contrasting(
    layers: Any = LAYERS, changes: Augmentation = CHANGES, source: str = "digits", **training: Any
) -> Project:
    settings = {"task": "contrastive", "loss": "nt-xent", **training}
    project = chain(layers, **settings)
    end = replace(project.graph.nodes["output_1"], settings={"role": "embedding"})
    nodes = {**project.graph.nodes, "output_1": end}
    data = DataSettings(source, augmentation=changes)
    return replace(project, data=data, graph=replace(project.graph, nodes=nodes))


def objective_of(project: Project) -> Contrastive:
    compiled = compile_design(project, facts_of(project.data))
    objective = choose_objective(project.training, compiled)
    assert isinstance(objective, Contrastive)
    return objective


def problems(project: Project) -> dict[str, Problem]:
    return {problem.code: problem for problem in check_project(project, Checker()).problems}


def batches(size: int = 32) -> ViewBatches:
    data = load_data(DataSettings("digits"))
    return ViewBatches(data.train, size, "cpu", data.normaliser, CHANGES)


def test_the_loss_is_that_of_the_paper_written_out() -> None:
    objective = objective_of(contrasting(loss_settings={"temperature": 0.3}))
    first, second = torch.randn(5, 1, 8, 8), torch.randn(5, 1, 8, 8)
    scored = objective.score(Batch({"samples": first, SECOND_VIEW: second}, None), WHOLE[0])
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
    assert scored.figures["retrieval"].item() == pytest.approx(sum(hits) / 10)
    torch.testing.assert_close(scored.figures["alignment"], torch.stack(distances).mean())


def test_views_differ_from_each_other_and_follow_from_seed_and_step() -> None:
    view_batches = batches()
    order = view_batches.order(1, 0)
    first = view_batches.batch(order, 0, seed=1, step=4).inputs
    again = view_batches.batch(order, 0, seed=1, step=4).inputs
    later = view_batches.batch(order, 0, seed=1, step=5).inputs
    assert not torch.equal(first["samples"], first[SECOND_VIEW])
    for role in ("samples", SECOND_VIEW):
        assert torch.equal(first[role], again[role])
        assert not torch.equal(first[role], later[role])


def test_views_of_a_part_are_the_same_each_time_and_others_in_each_batch() -> None:
    large, small = batches(64), batches(32)
    second, again = (small.batch(None, 1).inputs["samples"] for _ in range(2))
    assert torch.equal(second, again)
    assert not torch.equal(second, large.batch(None, 0).inputs["samples"][32:])


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (contrasting(changes=Augmentation()), "no-augmentation"),
        (contrasting(source="iris"), "views-need-pictures"),
        (contrasting(batch_size=1), "no-others"),
        (contrasting([("conv2d", {"kernel_size": (3, 3)})]), "embedding-shape"),
        (contrasting([("flatten", {}), ("linear", {"out_features": 1})]), "embedding-shape"),
        (replace(contrasting(), training=replace(contrasting().training, loss="mse")),
         "loss-mismatch"),
    ],
)  # fmt: skip
def test_each_repair_mends_its_problem(broken: Project, code: str) -> None:
    fixed = apply_repair(broken, problems(broken)[code].repairs[0])
    assert problems(fixed) == {}


def test_the_loop_says_in_words_what_does_not_fit() -> None:
    assert "none is switched on" in only(follow(contrasting(changes=Augmentation())), Failed).text
    assert "holds none" in only(follow(contrasting(source="iris")), Failed).text
    wide = contrasting([("conv2d", {"kernel_size": (3, 3)})])
    assert "row of at least two" in only(follow(wide), Failed).text


def test_views_come_to_find_each_other() -> None:
    events = follow(contrasting(epochs=6))
    first, last = every(events, EpochDone)[0].metrics, only(events, Finished).metrics
    assert set(last) >= {"train_alignment", "validation_retrieval", "test_retrieval"}
    assert last["test_retrieval"] > first["validation_retrieval"] + 0.05
    assert last["test_loss"] < first["validation_loss"]


def test_a_resumed_run_gives_the_losses_of_an_unbroken_one(tmp_path: Any) -> None:
    project, folder = contrasting(epochs=2), str(tmp_path / "run")
    whole = all_losses(follow(project))
    stopped = follow(project, scripted(*["step"] * 25, "stop"), run_dir=folder)
    assert only(stopped, Finished).reason == "stopped"
    resumed = follow(project, run_dir=folder, resume=True)
    assert only(resumed, Finished).reason == "done"
    assert {**all_losses(stopped), **all_losses(resumed)} == whole
