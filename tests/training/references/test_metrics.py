"""Every metric of every task equals its reference on drawn inputs, however they are cut."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlstudio.training.specs.registry import BUILTIN_TASKS
from tests.training.references.drawing import difference
from tests.training.references.table import LOSS_KEYS, TASK_REFERENCES, task_rows, tolerance_of

EXAMPLES = settings(max_examples=8)


@pytest.mark.parametrize(("task", "loss"), LOSS_KEYS)
@given(random=st.randoms(use_true_random=False))
@EXAMPLES
def test_metrics_equal_the_reference(task: str, loss: str, random: Random) -> None:
    for name, pair in TASK_REFERENCES[task].compare(random, loss).items():
        if not name.endswith("loss"):
            assert difference(*pair) <= tolerance_of(name), (name, *pair)


@pytest.mark.parametrize("task", BUILTIN_TASKS)
def test_no_metric_lacks_a_reference(task: str) -> None:
    assert [row.name for row in task_rows(task, 8) if not row.inputs] == []
