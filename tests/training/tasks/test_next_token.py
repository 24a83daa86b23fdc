"""Next-token prediction: loss, sampling, problems and training."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from torch.nn import functional

from dlstudio.data.core.batches import Batch
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.network.check.inference import Checker
from dlstudio.training.metrics.batch_result import SINGLE_PHASE
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.training.protocol.events import EpochDone, Failed, Finished
from dlstudio.training.readiness.check import check_project
from dlstudio.training.tasks.core.objective import forward_by_role
from tests.training.storage.test_resume import assert_resumed_equal
from tests.training.token_designs import (
    BIDIRECTIONAL_LAYERS,
    EMBEDDING,
    GRU_LAYERS,
    SCORES,
    build_objective,
    problem_codes,
    token_design,
)
from tests.training.training_designs import (
    chain,
    events_of,
    refusal_codes,
    run_training,
    single_event,
)

WINDOW = 12
SINGLE_OUTPUT_LAYERS = (EMBEDDING, ("flatten", {}), SCORES)


def cyclic_text(folder: Path, **options: object) -> DataSettings:
    """Return the settings of a text in which each character determines the next."""
    path = folder / "text.txt"
    path.write_text("abcdefgh " * 400)
    return DataSettings("text", {"path": str(path), "window": WINDOW, **options})


def builtin_text(**options: object) -> DataSettings:
    return DataSettings("text", {"window": WINDOW, **options})


def next_token_design(
    layers: object = GRU_LAYERS, data: DataSettings | None = None, **training: object
) -> Project:
    return token_design(layers, data or builtin_text(), task="next-token", **training)


def test_language_model_memorises_a_text(tmp_path: Path) -> None:
    project = next_token_design(GRU_LAYERS, cyclic_text(tmp_path), epochs=6)
    last = single_event(run_training(project), Finished).metrics
    assert last["test_accuracy"] > 0.9
    assert last["test_perplexity"] < 1.5


def test_first_epoch_beats_chance_on_real_text() -> None:
    project = next_token_design(data=builtin_text(windows="random", window=32), epochs=1)
    (epoch,) = events_of(run_training(project), EpochDone)
    assert epoch.metrics["validation_perplexity"] < 20


def test_loss_is_the_mean_over_all_known_positions() -> None:
    objective = build_objective(next_token_design())
    tokens, target = torch.randint(1, 100, (2, 5, WINDOW))
    target[0, :4] = 0
    batch = Batch({"tokens": tokens}, target)
    scored = objective.score(batch, SINGLE_PHASE[0])
    scores = forward_by_role(objective.main, batch.inputs)["next token"]
    known = target != 0
    expected = functional.cross_entropy(scores[known], target[known])
    assert torch.allclose(scored.loss, expected)
    accumulator = objective.create_metrics(torch.device("cpu"))
    accumulator.update(scored)
    metrics = accumulator.compute()
    assert metrics["perplexity"] == pytest.approx(math.exp(expected.item()), rel=1e-5)
    accuracy = (scores.argmax(-1) == target)[known].double().mean().item()
    assert metrics["accuracy"] == pytest.approx(accuracy)


def test_batch_of_unknown_tokens_has_zero_loss() -> None:
    objective = build_objective(next_token_design())
    blank = torch.zeros(2, WINDOW, dtype=torch.int64)
    scored = objective.score(Batch({"tokens": blank}, blank), SINGLE_PHASE[0])
    assert scored.loss.item() == 0


def test_label_smoothing_does_not_affect_perplexity() -> None:
    objective = build_objective(next_token_design(loss_settings={"label_smoothing": 0.2}))
    batch = Batch({"tokens": torch.ones(3, WINDOW, dtype=torch.int64)}, torch.full((3, WINDOW), 2))
    metrics = objective.create_metrics(torch.device("cpu"))
    metrics.update(objective.score(batch, SINGLE_PHASE[0]))
    scores = forward_by_role(objective.main, batch.inputs)["next token"]
    plain = functional.cross_entropy(scores.flatten(0, 1), batch.target.flatten()).item()
    assert metrics.compute()["perplexity"] == pytest.approx(math.exp(plain), rel=1e-5)


def test_network_may_predict_only_the_token_after_the_window() -> None:
    project = next_token_design(SINGLE_OUTPUT_LAYERS, epochs=1)
    assert problem_codes(project) == []
    objective = build_objective(project)
    tokens, target = torch.randint(1, 100, (2, 5, WINDOW))
    scored = objective.score(Batch({"tokens": tokens}, target), SINGLE_PHASE[0])
    scores = forward_by_role(objective.main, {"tokens": tokens})["next token"]
    assert torch.allclose(scored.loss, functional.cross_entropy(scores, target[:, -1]))
    assert objective.sample(SampleRequest(steps=3), Batch({"tokens": tokens}, target))


@pytest.mark.parametrize("layers", [GRU_LAYERS, SINGLE_OUTPUT_LAYERS], ids=["each", "last"])
def test_greedy_sampling_takes_the_likeliest_token(layers: object) -> None:
    objective = build_objective(next_token_design(layers))
    batch = Batch({"tokens": torch.randint(1, 100, (2, WINDOW))}, None)
    prompt = (5, 9, 4)
    with torch.inference_mode():
        samples = objective.sample(
            SampleRequest(prompt=prompt, steps=15, count=2, sampler="greedy"), batch
        )
        text = list(prompt)
        for _ in range(15):
            context = text[-WINDOW:]
            padded = context if layers is GRU_LAYERS else [0] * (WINDOW - len(context)) + context
            outputs = forward_by_role(objective.main, {"tokens": torch.tensor([padded])})
            all_scores = outputs["next token"]
            scores = all_scores[0].reshape(-1, all_scores.shape[-1])[-1]
            scores[0] = -torch.inf
            text.append(int(scores.argmax()))
    assert samples is not None
    assert samples.form == "continued"
    assert samples.tensors["given"].tolist() == [list(prompt)] * 2
    assert samples.tensors["generated"].tolist() == [text[3:]] * 2


def test_sampling_depends_on_seed_temperature_and_top_k() -> None:
    objective = build_objective(next_token_design())
    batch = Batch({"tokens": torch.randint(1, 100, (4, WINDOW))}, None)

    def generate(**request: object) -> torch.Tensor:
        samples = objective.sample(SampleRequest(steps=9, count=4, **request), batch)
        assert samples is not None
        return samples.tensors["generated"]

    state = torch.get_rng_state()
    assert torch.equal(generate(seed=3), generate(seed=3))
    assert not torch.equal(generate(seed=3), generate(seed=4))
    assert torch.equal(generate(seed=3, top_k=1), generate(sampler="greedy"))
    assert torch.equal(generate(temperature=0.0), generate(sampler="greedy"))
    assert (generate() != 0).all()
    assert torch.equal(state, torch.get_rng_state())


@pytest.mark.parametrize(
    ("layers", "code"),
    [
        ((EMBEDDING, ("gru", {}), ("linear", {"out_features": 9})), "output-tokens"),
        ((EMBEDDING, ("gru", {"hidden_size": 9})), "output-tokens"),
        ((*GRU_LAYERS, ("softmax", {})), "softmax-before-cross-entropy"),
        (BIDIRECTIONAL_LAYERS, "looks-ahead"),
        ((EMBEDDING, ("transformer_encoder_layer", {"nhead": 2}), SCORES), "looks-ahead"),
    ],
)
def test_first_fix_resolves_the_problem(layers: object, code: str) -> None:
    project = next_token_design(layers)
    problem = check_project(project, Checker()).problems[0]
    assert problem.code == code
    assert problem_codes(apply_repair(project, problem.repairs[0])) == []


def test_text_under_another_task_is_fixed() -> None:
    project = token_design(GRU_LAYERS, builtin_text(), task="classification")
    problems = check_project(project, Checker()).problems
    (problem,) = [problem for problem in problems if problem.code == "task-mismatch"]
    assert problem_codes(apply_repair(project, problem.repairs[0])) == []


def test_images_are_rejected() -> None:
    project = chain((("flatten", {}), ("linear", {"out_features": 3})), task="next-token")
    assert "task-mismatch" in problem_codes(project)


@pytest.mark.parametrize(
    ("layers", "role", "code"),
    [
        (BIDIRECTIONAL_LAYERS, "next token", "looks-ahead"),
        ((EMBEDDING, ("gru", {}), ("linear", {"out_features": 3})), "next token", "output-tokens"),
        (GRU_LAYERS, "value", "missing-output-role"),
        ((EMBEDDING, ("permute", {"axes": (1, 0)})), "next token", "output-tokens"),
    ],
)
def test_run_fails_with_the_text_of_the_check(layers: object, role: str, code: str) -> None:
    project = token_design(layers, builtin_text(), role, task="next-token", epochs=1)
    assert code in refusal_codes(project)


def test_run_fails_if_any_layer_looks_ahead() -> None:
    layers = (EMBEDDING, ("flip", {"axis": 0}), ("gru", {}), *GRU_LAYERS[2:])
    project = token_design(layers, builtin_text(), task="next-token", epochs=1)
    assert problem_codes(project) == []
    assert "looks ahead" in single_event(run_training(project), Failed).text


def test_random_windows_resume_bit_equal(tmp_path: Path) -> None:
    (tmp_path / "text").mkdir()
    data = cyclic_text(tmp_path / "text", windows="random")
    layers = (EMBEDDING, ("gru", {"hidden_size": 8}), ("dropout", {"p": 0.2}), SCORES)
    project = next_token_design(layers, data, epochs=2)
    assert_resumed_equal(project, tmp_path, (2, 5))
