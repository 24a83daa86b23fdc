"""Every schedule gives the rates of torch's own, with drawn settings and lengths."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlstudio.training.options.training_options import SCHEDULES
from tests.training.references.drawing import difference
from tests.training.references.schedules import SCHEDULE_REFERENCES
from tests.training.references.table import RATE


@pytest.mark.parametrize("name", SCHEDULES)
@given(random=st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_rates_equal_those_of_torch(name: str, random: Random) -> None:
    for step, pair in SCHEDULE_REFERENCES[name](random, name).items():
        assert difference(*pair) <= RATE, (step, *pair)
