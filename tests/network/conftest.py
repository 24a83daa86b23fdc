"""What tests of networks ask for by name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch


@pytest.fixture
def seeded() -> Iterator[None]:
    """Draw from torch's default generator what is drawn in every run."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield
