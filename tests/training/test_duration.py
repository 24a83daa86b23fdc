"""The estimated duration of a run."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.training.duration import estimate_seconds, random_samples


def example(name: str) -> Project:
    project = load(example_path(name))
    return replace(project, data=replace(project.data, facts=info_of(project.data)))


@pytest.mark.parametrize("name", ["xor-mlp", "reviews-embedding", "forecast-lstm", "shapes-labels"])
def test_duration_is_proportional_to_the_samples(name: str) -> None:
    project = example(name)
    assert project.data.facts is not None
    seconds = estimate_seconds(project, threads=1)
    assert seconds is not None
    assert seconds > 0
    facts = replace(project.data.facts, samples={"train": 1_000_000})
    many = replace(project, data=replace(project.data, facts=facts))
    longer = estimate_seconds(many, threads=1)
    assert longer is not None
    assert longer > seconds


def test_random_samples_have_the_described_shapes_and_types() -> None:
    info = example("reviews-embedding").data.facts
    assert info is not None
    data = random_samples(info, 8)
    for role, signal in info.inputs.items():
        assert data.train.inputs[role].shape[1:] == torch.Size(signal.shape)
        assert str(data.train.inputs[role].dtype) == f"torch.{signal.dtype}"
    tokens = data.train.inputs[next(iter(info.inputs))]
    assert int(tokens.max()) < info.numbers["vocabulary"]


def test_no_duration_without_samples_and_when_cancelled() -> None:
    project = example("xor-mlp")
    assert estimate_seconds(replace(project, data=replace(project.data, facts=None))) is None
    assert estimate_seconds(project, threads=1, cancelled=lambda: True) is None
