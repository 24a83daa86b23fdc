"""Latent spaces: paths, and the order of their axes."""

from __future__ import annotations

import pytest
import torch

from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.tasks.core.latent_space import (
    lerp_path,
    parse_positions,
    slerp_path,
    space_around,
)


def test_lerp_path_is_evenly_spaced_between_stops() -> None:
    stops = torch.tensor([[0.0], [2.0], [1.0]])
    assert lerp_path(stops, 5).flatten().tolist() == [0, 1, 2, 1.5, 1]
    assert lerp_path(stops[:1], 3).flatten().tolist() == [0, 0, 0]


def test_slerp_path_keeps_the_norm() -> None:
    start, end = torch.randn(2, 4, 50, generator=torch.Generator().manual_seed(0))
    end = end * start.norm() / end.norm()
    path = slerp_path(start, end, 7)
    torch.testing.assert_close(path[0], start)
    torch.testing.assert_close(path[-1], end)
    torch.testing.assert_close(path.flatten(1).norm(dim=1), start.norm().expand(7))


def test_slerp_path_between_equal_points_is_constant() -> None:
    start = torch.randn(5, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(slerp_path(start, start, 3), start.expand(3, 5))


def test_axes_are_ordered_by_decreasing_spread_of_codes() -> None:
    codes = torch.tensor([[0.0, 5.0, 1.0], [0.1, -5.0, 2.0], [0.2, 0.0, 3.0]])
    space = space_around(codes)
    assert space.order.tolist() == [1, 2, 0]
    assert (space.low.tolist(), space.high.tolist()) == (
        codes.amin(0).tolist(), codes.amax(0).tolist(),
    )  # fmt: skip
    assert space_around(codes, normal=True).high.tolist() == [3, 3, 3]


def test_incomplete_position_is_rejected() -> None:
    with pytest.raises(TrainingError, match="4 numbers, not 6"):
        parse_positions((0.0,) * 6, (2, 2), torch.zeros(1))
