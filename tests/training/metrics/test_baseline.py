from __future__ import annotations

import pytest
import torch

from dlstudio.data.core.dataset import Subset
from dlstudio.training.metrics.baseline import guess_accuracy


def subset(target: torch.Tensor | None) -> Subset:
    return Subset({"samples": torch.zeros(4, 2)}, target)


@pytest.mark.parametrize(
    ("task", "target", "accuracy"),
    [
        ("classification", torch.tensor([2, 0, 2, 2]), 0.75),
        ("segmentation", torch.tensor([[0, 1], [1, 1], [0, 1], [1, 0]]), 0.625),
        ("regression", torch.tensor([1.0, 2.0, 2.0, 2.0]), None),
        ("reconstruction", None, None),
        ("a package's task", torch.tensor([1, 1, 1, 0]), None),
    ],
)
def test_most_common_class_is_counted(
    task: str, target: torch.Tensor | None, accuracy: float | None
) -> None:
    assert guess_accuracy(task, subset(target)) == accuracy
