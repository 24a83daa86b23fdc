"""Fixtures for tests of networks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch


@pytest.fixture
def seeded() -> Iterator[None]:
    """Seed torch's default generator, so that every run draws the same numbers."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield
