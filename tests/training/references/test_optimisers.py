"""Every optimiser changes weights as torch's own, with drawn settings and gradients."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlstudio.training.options.training_options import OPTIMISERS
from tests.training.references.drawing import difference
from tests.training.references.schedules import optimiser
from tests.training.references.table import SINGLE


@pytest.mark.parametrize("name", OPTIMISERS)
@given(random=st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_weights_equal_those_of_torch(name: str, random: Random) -> None:
    for weight, pair in optimiser(random, name).items():
        assert difference(*pair) <= SINGLE, (weight, *pair)
