"""A network that reads one sequence and writes another: cost, free decoding, no look ahead."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
from torch.nn import functional

from dlstudio.data.batches import Batch
from dlstudio.data.load import load_data
from dlstudio.design.data_settings import DataSettings
from dlstudio.design.edits import set_data
from dlstudio.design.repairs import apply_repair
from dlstudio.network.inference import Checker
from dlstudio.training.events import EpochDone, Failed, Finished
from dlstudio.training.objective import WHOLE, answer
from dlstudio.training.readiness import check_project
from dlstudio.training.sampling import SampleRequest
from dlstudio.training.tasks.sequence_to_sequence import SequenceToSequence, up_to_the_end
from tests.training.test_resume import compare
from tests.training.token_designs import codes, objective_of, writing
from tests.training.training_designs import every, follow, only

WORDS = DataSettings("word-reversal", {"samples": 3000, "longest": 4})


def test_words_are_learnt_to_be_reversed() -> None:
    project = writing(WORDS, epochs=6, batch_size=64)
    events = follow(project)
    first, last = every(events, EpochDone)[0].metrics, only(events, Finished).metrics
    assert last["test_accuracy"] > 0.85
    assert last["test_sequence_accuracy"] > max(0.5, first["validation_sequence_accuracy"])


def test_all_tokens_and_the_first_blank_count() -> None:
    target = torch.tensor([[3, 4, 0, 0], [5, 0, 0, 0], [1, 2, 3, 4]])
    assert up_to_the_end(target).tolist() == [[3, 4, 0, -100], [5, 0, -100, -100], [1, 2, 3, 4]]
    objective = objective_of(writing(WORDS))
    subset = load_data(WORDS).train
    batch = Batch({role: tensor[:7] for role, tensor in subset.inputs.items()}, subset.target[:7])
    scores = answer(objective.main, batch.inputs)["next token"]
    counted = torch.stack([torch.arange(5) <= (row != 0).sum() for row in batch.target])
    expected = functional.cross_entropy(scores[counted], batch.target[counted])
    assert torch.allclose(objective.score(batch, WHOLE[0]).loss, expected)


def test_whole_sequences_right_are_those_that_free_decoding_gets_right() -> None:
    project = writing(WORDS, epochs=2, batch_size=64)
    objective = objective_of(project)
    data = load_data(WORDS)
    train_briefly(objective, data.train)
    subset = data.test
    batch = Batch(dict(subset.inputs), subset.target)
    with torch.inference_mode():
        tally = objective.tally(torch.device("cpu"))
        tally.add(objective.score(batch, WHOLE[0]))
        samples = objective.sample(SampleRequest(count=len(subset)), batch)
    assert samples is not None
    accuracy = (
        (samples.tensors["generated"] == samples.tensors["wanted"]).all(1).double().mean().item()
    )
    assert 0.02 < accuracy < 1
    assert tally.read()["sequence_accuracy"] == accuracy


def train_briefly(objective: SequenceToSequence, part: object) -> None:
    optimiser = torch.optim.Adam(objective.main.module.parameters(), 0.01)
    torch.manual_seed(0)
    for _ in range(150):
        rows = torch.randint(len(part), (64,))
        batch = Batch(
            {role: tensor[rows] for role, tensor in part.inputs.items()}, part.target[rows]
        )
        optimiser.zero_grad()
        objective.score(batch, WHOLE[0]).loss.backward()
        optimiser.step()


def test_drawn_sequences_follow_from_the_seed_and_stay_blank_after_their_end() -> None:
    objective = objective_of(writing(WORDS))
    subset = load_data(WORDS).test
    batch = Batch({role: tensor[:40] for role, tensor in subset.inputs.items()}, subset.target[:40])
    with torch.inference_mode():
        first, again, other = (
            objective.sample(SampleRequest(seed, 40, sampler="random"), batch).tensors["generated"]
            for seed in (1, 1, 2)
        )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    ended = (first == 0).cumsum(1) > 0
    assert (first[ended] == 0).all()


def test_a_decoder_that_looks_ahead_is_mended_by_one_click() -> None:
    project = writing(WORDS, bidirectional=True)
    problem = next(
        problem
        for problem in check_project(project, Checker()).problems
        if problem.code == "looks-ahead"
    )
    assert problem.path == "gru_2"
    assert codes(apply_repair(project, problem.repairs[0])) == []


def test_an_encoder_may_look_both_ways() -> None:
    project = writing(WORDS)
    nodes = dict(project.graph.nodes)
    nodes["gru_1"] = replace(nodes["gru_1"], settings={"hidden_size": 64, "bidirectional": True})
    project = replace(project, graph=replace(project.graph, nodes=nodes))
    assert "looks-ahead" not in codes(project)


def test_a_text_has_no_pairs_and_another_set_is_offered() -> None:
    project = set_data(writing(WORDS), DataSettings("text"))
    problem = next(
        problem
        for problem in check_project(project, Checker()).problems
        if problem.code == "task-mismatch"
    )
    assert codes(apply_repair(project, problem.repairs[0])) == []
    text = only(follow(project), Failed).text
    assert "target tokens" in text


def test_it_resumes_as_if_nothing_had_been(tmp_path: Path) -> None:
    data = DataSettings("word-reversal", {"samples": 200, "longest": 4})
    compare(writing(data, epochs=2, batch_size=32), tmp_path, (2, 5))


def test_a_prompt_is_read_in_place_of_a_sample() -> None:
    objective = objective_of(writing(WORDS))
    subset = load_data(WORDS).test
    batch = Batch({role: tensor[:4] for role, tensor in subset.inputs.items()}, subset.target[:4])
    tokens = subset.inputs["tokens"][2].tolist()
    word = tuple(token for token in tokens if token)
    with torch.inference_mode():
        of_data = objective.sample(SampleRequest(count=4), batch)
        of_prompt = objective.sample(SampleRequest(prompt=word), batch)
    assert of_data is not None
    assert of_prompt is not None
    assert "wanted" not in of_prompt.tensors
    assert torch.equal(of_prompt.tensors["generated"][0], of_data.tensors["generated"][2])
