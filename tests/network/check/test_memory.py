from __future__ import annotations

import pytest

from dlstudio.design.model.report import Cost, NodeReport, Report
from dlstudio.network.check.memory import available_memory, bytes_text, memory_needed

REPORT = Report({"a": NodeReport("a", "linear", cost=Cost(1000, 5000, 300, 10))})


@pytest.mark.parametrize(
    ("optimiser", "momentum", "copies"),
    [("sgd", False, 0), ("sgd", True, 1), ("rmsprop", False, 1), ("adam", False, 2)],
)
def test_memory_needed_counts_parameters_gradients_optimiser_and_activations(
    optimiser: str, momentum: bool, copies: int
) -> None:
    needed = memory_needed(REPORT, 64, optimiser, momentum=momentum)
    assert needed.parameters == 4000 + 40
    assert needed.gradients == 4000
    assert needed.optimiser == 4000 * copies
    assert needed.activations == 300 * 64
    assert needed.total == 4040 + 4000 + 4000 * copies + 19200


def test_available_memory_of_the_cpu_is_plausible() -> None:
    assert 10**7 < available_memory("cpu") < 10**15


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (3_440_000_000, "3.44 GB")],
)
def test_byte_counts_are_formatted(count: int, text: str) -> None:
    assert bytes_text(count) == text
