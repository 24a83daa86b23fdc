"""Positions, patch embeddings, class tokens and time-step embeddings."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from dlstudio.layers.framework.kind import Call
from dlstudio.network.build.cost import multiply_adds
from dlstudio.network.compile.initialise import build_initialised
from dlstudio.network.modules.attention import Attention
from dlstudio.network.modules.positions import (
    ClassToken,
    LearnedPositions,
    PatchEmbedding,
    RotaryPositions,
    SinusoidalPositions,
    TimeStepEmbedding,
)


def test_sinusoidal_positions_are_sines_and_cosines() -> None:
    positions = SinusoidalPositions(base=100.0)(torch.ones(2, 3, 4)) - 1
    expected = [math.sin(2), math.cos(2), math.sin(2 / 10), math.cos(2 / 10)]
    assert positions[1, 2].tolist() == pytest.approx(expected, abs=1e-6)
    assert positions[0, 0].tolist() == [0, 1, 0, 1]


def test_odd_width_omits_the_last_cosine() -> None:
    three, four = (SinusoidalPositions()(torch.zeros(1, 5, width)) for width in (3, 4))
    assert three.shape == (1, 5, 3)
    torch.testing.assert_close(three[..., :2], four[..., :2])


def test_time_step_uses_the_same_sinusoids() -> None:
    embeddings = TimeStepEmbedding(6)(torch.tensor([0, 3]))
    positions = SinusoidalPositions()(torch.zeros(1, 4, 6))[0]
    torch.testing.assert_close(embeddings, positions[[0, 3]])


def test_time_step_must_be_one_integer() -> None:
    with pytest.raises(TypeError, match="integer"):
        TimeStepEmbedding(6)(torch.zeros(2))
    with pytest.raises(ValueError, match="one time step"):
        TimeStepEmbedding(6)(torch.zeros(2, 1, dtype=torch.int64))


def test_learned_positions_are_added_to_shorter_sequences() -> None:
    layer = LearnedPositions(4, 2)
    result = layer(torch.ones(3, 2, 2))
    assert torch.equal(result[1], 1 + layer.weight[:2])
    with pytest.raises(ValueError, match="5 steps, but only 4"):
        layer(torch.zeros(1, 5, 2))


def test_rotary_rotates_pairs_by_position() -> None:
    rotated = RotaryPositions()(torch.tensor([[[1.0, 0.0]] * 3]))
    expected = [[math.cos(position), math.sin(position)] for position in range(3)]
    torch.testing.assert_close(rotated[0], torch.tensor(expected))


def test_rotary_scores_depend_on_distance_only() -> None:
    rotary, heads = RotaryPositions(heads=2), Attention(heads=2)
    query = torch.randn(1, 1, 8).expand(1, 6, 8)
    weights = heads.weights(rotary(query), rotary(query)).log()
    scores = weights - weights.diagonal(dim1=-2, dim2=-1)[..., None]
    torch.testing.assert_close(scores[..., 1, 3], scores[..., 2, 4])
    torch.testing.assert_close(scores[..., 0, 1], scores[..., 4, 5])


def test_patches_are_read_row_by_row() -> None:
    layer = PatchEmbedding(1, 1, (2, 2), bias=False)
    nn.init.ones_(layer.weight)
    image = torch.arange(24.0).reshape(1, 1, 4, 6)
    sums = [image[0, 0, i : i + 2, j : j + 2].sum() for i in (0, 2) for j in (0, 2, 4)]
    assert layer(image).tolist() == [[[total] for total in sums]]


def test_multiply_adds_of_patches_are_half_of_torch_flops() -> None:
    layer, x = PatchEmbedding(3, 5, (4, 2)).to("meta"), torch.empty(1, 3, 9, 8, device="meta")
    with FlopCounterMode(display=False) as counter:
        y = layer(x)
    assert multiply_adds(layer, [x], [y]) * 2 == counter.get_total_flops()


def test_class_token_is_first_and_equal_for_all_samples() -> None:
    layer, x = ClassToken(3), torch.randn(2, 4, 3)
    result = layer(x)
    assert torch.equal(result[:, 1:], x)
    assert torch.equal(result[0, 0], layer.token[0])
    assert torch.equal(result[1, 0], layer.token[0])


@pytest.mark.parametrize(
    "layer", [SinusoidalPositions(), LearnedPositions(9, 3), RotaryPositions(), ClassToken(3)]
)
def test_inputs_must_be_sequences_of_real_numbers(layer: nn.Module) -> None:
    with pytest.raises(TypeError, match="real numbers"):
        layer(torch.zeros(1, 4, 3, dtype=torch.int64))
    with pytest.raises(ValueError, match="steps and features"):
        layer(torch.zeros(4, 3))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("LearnedPositions", {"max_length": 200, "features": 50}),
        ("ClassToken", {"features": 9000}),
    ],
)
def test_initialisation_of_learned_vectors(name: str, arguments: dict[str, int]) -> None:
    call = Call(f"dlstudio.network.modules.positions.{name}", arguments)
    (small,) = build_initialised(call, "default", seed=3).parameters()
    (zero,) = build_initialised(call, "zero", seed=3).parameters()
    assert small.std().item() == pytest.approx(0.02, rel=0.05)
    assert not zero.any()
