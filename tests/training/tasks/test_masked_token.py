"""Masked-token prediction: masking, loss, samples and training."""

from __future__ import annotations

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
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.protocol.events import Finished
from dlstudio.training.readiness.check import check_project
from dlstudio.training.tasks.core.objective import forward_by_role
from tests.training.storage.test_resume import assert_resumed_equal
from tests.training.token_designs import (
    BIDIRECTIONAL_LAYERS,
    EMBEDDING,
    SCORES,
    build_objective,
    problem_codes,
    token_design,
)
from tests.training.training_designs import run_training, single_event

TEXT = DataSettings("text", {"window": 12})


def masked_design(
    layers: object = BIDIRECTIONAL_LAYERS, data: DataSettings = TEXT, **training: object
) -> Project:
    return token_design(layers, data, task="masked-token", **training)


def seeded_generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_prediction_of_masked_tokens_is_learned(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("abcdefgh " * 400)
    data = DataSettings("text", {"path": str(path), "window": 12, "stride": 3})
    last = single_event(run_training(masked_design(data=data, epochs=8)), Finished).metrics
    assert last["test_accuracy"] > 0.9


def test_loss_counts_masked_tokens_only() -> None:
    objective = build_objective(masked_design(task_settings={"share": 0.4}))
    tokens = torch.randint(0, 100, (50, 12))
    batch = Batch({"tokens": tokens}, None)
    scored = objective.score(batch, SINGLE_PHASE[0], seeded_generator(7))
    hidden = (torch.rand(tokens.shape, generator=seeded_generator(7)) < 0.4) & (tokens != 0)
    assert hidden.double().mean().item() == pytest.approx(0.4, abs=0.06)
    masked = torch.where(hidden, 0, tokens)
    scores = forward_by_role(objective.main, {"tokens": masked})["next token"]
    assert torch.allclose(scored.loss, functional.cross_entropy(scores[hidden], tokens[hidden]))


def test_fill_inputs_is_deterministic() -> None:
    objective = build_objective(masked_design())
    tokens = torch.randint(1, 100, (9, 12))
    state = torch.get_rng_state()
    first, again = (
        objective.fill_inputs(objective.main, {"tokens": tokens})["tokens"] for _ in range(2)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, tokens)
    assert torch.equal(state, torch.get_rng_state())


def test_samples_keep_unmasked_tokens() -> None:
    objective = build_objective(masked_design(task_settings={"share": 0.5}))
    tokens = torch.randint(1, 100, (9, 12))
    samples = objective.sample(SampleRequest(count=4), Batch({"tokens": tokens}, None))
    assert samples is not None
    masked, filled = samples.tensors["given"], samples.tensors["generated"]
    assert torch.equal(filled[masked != 0], tokens[:4][masked != 0])
    assert torch.equal(samples.tensors["wanted"], tokens[:4])


def test_wrong_number_of_scores_is_fixed() -> None:
    project = masked_design((EMBEDDING, ("linear", {"out_features": 5})))
    (problem,) = check_project(project, Checker()).problems
    assert problem.code == "output-tokens"
    assert problem_codes(apply_repair(project, problem.repairs[0])) == []


def test_resumed_run_is_bit_equal(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("abcdefgh " * 150)
    data = DataSettings("text", {"path": str(path), "window": 12, "windows": "random"})
    layers = (EMBEDDING, ("gru", {"hidden_size": 8, "bidirectional": True}), SCORES)
    assert_resumed_equal(masked_design(layers, data, epochs=2, batch_size=32), tmp_path, (1, 3))


def test_only_padding_tokens_of_a_prompt_are_filled_in() -> None:
    objective = build_objective(masked_design())
    batch = Batch({"tokens": torch.randint(1, 100, (3, 12))}, None)
    samples = objective.sample(SampleRequest(prompt=(5, 0, 7)), batch)
    assert samples is not None
    assert samples.tensors["given"].tolist() == [[5, 0, 7]]
    filled = samples.tensors["generated"][0].tolist()
    assert (filled[0], filled[2]) == (5, 7)
    scores = forward_by_role(objective.main, {"tokens": torch.tensor([[5, 0, 7] + [0] * 9])})[
        "next token"
    ]
    assert filled[1] == scores[0, 1].argmax()
    with pytest.raises(TrainingError, match="13 tokens"):
        objective.sample(SampleRequest(prompt=(1,) * 13), batch)
