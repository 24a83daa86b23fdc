"""Every loss of every task equals its reference, in evaluation and in training."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlstudio.training.specs.registry import BUILTIN_TASKS
from tests.training.references.drawing import difference
from tests.training.references.table import LOSS_KEYS, SINGLE, TASK_REFERENCES

EXAMPLES = settings(max_examples=8)


@pytest.mark.parametrize(("task", "loss"), LOSS_KEYS)
@given(random=st.randoms(use_true_random=False))
@EXAMPLES
def test_loss_equals_the_reference(task: str, loss: str, random: Random) -> None:
    pairs = TASK_REFERENCES[task].compare(random, loss)
    assert "loss" in pairs
    for name, pair in pairs.items():
        if name.endswith("loss"):
            assert difference(*pair) <= SINGLE, (name, *pair)


def test_no_task_lacks_a_reference() -> None:
    assert set(TASK_REFERENCES) == set(BUILTIN_TASKS)
