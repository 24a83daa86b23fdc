"""Sequence-to-sequence tasks: loss, decoding, problems and training."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
from torch.nn import functional

from dlstudio.data.core.batches import Batch
from dlstudio.data.load import load_data
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.edits import set_data
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.network.check.inference import Checker
from dlstudio.training.metrics.batch_result import SINGLE_PHASE
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.training.protocol.events import EpochDone, Finished
from dlstudio.training.readiness.check import check_project
from dlstudio.training.tasks.core.objective import forward_by_role
from dlstudio.training.tasks.language.sequence_to_sequence import SequenceToSequence, mask_after_end
from tests.training.storage.test_resume import assert_resumed_equal
from tests.training.token_designs import build_objective, encoder_decoder_design, problem_codes
from tests.training.training_designs import events_of, refusal_codes, run_training, single_event

WORDS = DataSettings("word-reversal", {"samples": 3000, "longest": 4})


def test_reversing_words_is_learned() -> None:
    project = encoder_decoder_design(WORDS, epochs=6, batch_size=64)
    events = run_training(project)
    first, last = events_of(events, EpochDone)[0].metrics, single_event(events, Finished).metrics
    assert last["test_accuracy"] > 0.85
    assert last["test_sequence_accuracy"] > max(0.5, first["validation_sequence_accuracy"])


def test_loss_counts_all_tokens_and_the_first_padding_token() -> None:
    target = torch.tensor([[3, 4, 0, 0], [5, 0, 0, 0], [1, 2, 3, 4], [1, 0, 2, 0]])
    masked = [[3, 4, 0, -100], [5, 0, -100, -100], [1, 2, 3, 4], [1, 0, -100, -100]]
    assert mask_after_end(target).tolist() == masked
    objective = build_objective(encoder_decoder_design(WORDS))
    subset = load_data(WORDS).train
    batch = Batch({role: tensor[:7] for role, tensor in subset.inputs.items()}, subset.target[:7])
    scores = forward_by_role(objective.main, batch.inputs)["next token"]
    counted = torch.stack([torch.arange(5) <= (row != 0).sum() for row in batch.target])
    expected = functional.cross_entropy(scores[counted], batch.target[counted])
    assert torch.allclose(objective.score(batch, SINGLE_PHASE[0]).loss, expected)


def test_sequence_accuracy_equals_free_decoding() -> None:
    project = encoder_decoder_design(WORDS, epochs=2, batch_size=64)
    objective = build_objective(project)
    data = load_data(WORDS)
    train_briefly(objective, data.train)
    subset = data.test
    batch = Batch(dict(subset.inputs), subset.target)
    with torch.inference_mode():
        metrics = objective.create_metrics(torch.device("cpu"))
        metrics.update(objective.score(batch, SINGLE_PHASE[0]))
        samples = objective.sample(SampleRequest(count=len(subset)), batch)
    assert samples is not None
    accuracy = (
        (samples.tensors["generated"] == samples.tensors["wanted"]).all(1).double().mean().item()
    )
    assert 0.02 < accuracy < 1
    assert metrics.compute()["sequence_accuracy"] == accuracy


def train_briefly(objective: SequenceToSequence, subset: object) -> None:
    optimiser = torch.optim.Adam(objective.main.module.parameters(), 0.01)
    torch.manual_seed(0)
    for _ in range(150):
        rows = torch.randint(len(subset), (64,))
        batch = Batch(
            {role: tensor[rows] for role, tensor in subset.inputs.items()}, subset.target[rows]
        )
        optimiser.zero_grad()
        objective.score(batch, SINGLE_PHASE[0]).loss.backward()
        optimiser.step()


def test_sampled_sequences_depend_on_the_seed_and_are_padded_after_their_end() -> None:
    objective = build_objective(encoder_decoder_design(WORDS))
    subset = load_data(WORDS).test
    batch = Batch({role: tensor[:40] for role, tensor in subset.inputs.items()}, subset.target[:40])
    with torch.inference_mode():
        first, again, other = (
            objective.sample(SampleRequest(seed, 40, sampler="random"), batch).tensors["generated"]
            for seed in (1, 1, 2)
        )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    after_end = (first == 0).cumsum(1) > 0
    assert (first[after_end] == 0).all()


def test_non_causal_decoder_is_fixed() -> None:
    project = encoder_decoder_design(WORDS, bidirectional=True)
    problem = next(
        problem
        for problem in check_project(project, Checker()).problems
        if problem.code == "looks-ahead"
    )
    assert problem.path == "gru_2"
    assert problem_codes(apply_repair(project, problem.repairs[0])) == []


def test_encoder_may_be_bidirectional() -> None:
    project = encoder_decoder_design(WORDS)
    nodes = dict(project.graph.nodes)
    nodes["gru_1"] = replace(nodes["gru_1"], settings={"hidden_size": 64, "bidirectional": True})
    project = replace(project, graph=replace(project.graph, nodes=nodes))
    assert "looks-ahead" not in problem_codes(project)


def test_text_without_pairs_suggests_another_data_set() -> None:
    project = set_data(encoder_decoder_design(WORDS), DataSettings("text"))
    problem = next(
        problem
        for problem in check_project(project, Checker()).problems
        if problem.code == "task-mismatch"
    )
    assert problem_codes(apply_repair(project, problem.repairs[0])) == []
    assert "task-mismatch" in refusal_codes(project)


def test_resumed_run_is_bit_equal(tmp_path: Path) -> None:
    data = DataSettings("word-reversal", {"samples": 200, "longest": 4})
    assert_resumed_equal(encoder_decoder_design(data, epochs=2, batch_size=32), tmp_path, (2, 5))


def test_prompt_replaces_the_input_sample() -> None:
    objective = build_objective(encoder_decoder_design(WORDS))
    subset = load_data(WORDS).test
    batch = Batch({role: tensor[:4] for role, tensor in subset.inputs.items()}, subset.target[:4])
    tokens = subset.inputs["tokens"][2].tolist()
    word = tuple(token for token in tokens if token)
    with torch.inference_mode():
        from_data = objective.sample(SampleRequest(count=4), batch)
        from_prompt = objective.sample(SampleRequest(prompt=word), batch)
    assert from_data is not None
    assert from_prompt is not None
    assert "wanted" not in from_prompt.tensors
    assert torch.equal(from_prompt.tensors["generated"][0], from_data.tensors["generated"][2])
