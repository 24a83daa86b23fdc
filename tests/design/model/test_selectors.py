from __future__ import annotations

import pytest

from dlstudio.design.model.training_settings import Selector


@pytest.mark.parametrize(
    ("selector_path", "path", "expected"),
    [
        ("linear_1", "linear_1.weight", True),
        ("linear_1", "linear_10.weight", False),
        ("stage_1", "stage_1.3.conv2d_1.bias", True),
        ("stage_1.conv2d_1", "stage_1.conv2d_1.weight", True),
        ("stage_1.conv2d_1", "stage_1.3.conv2d_1.weight", True),
        ("stage_1.conv2d_1", "stage_1.3.conv2d_2.weight", False),
        ("stage_1.0.conv2d_1", "stage_1.conv2d_1.weight", True),
        ("stage_1.0.conv2d_1", "stage_1.1.conv2d_1.weight", False),
        ("stage_1.2.conv2d_1", "stage_1.conv2d_1.weight", False),
        ("outer_1.inner_1.linear_1", "outer_1.1.inner_1.4.linear_1", True),
        ("outer_1.0.inner_1.0.linear_1", "outer_1.inner_1.linear_1", True),
        ("stage_1.conv2d_1", "stage_1", False),
    ],
)
def test_path_without_an_index_matches_every_repeat(
    selector_path: str, path: str, expected: bool
) -> None:
    assert Selector(paths=(selector_path,)).matches(path) is expected


def test_empty_selector_matches_nothing() -> None:
    assert not Selector().matches("linear_1.weight")
