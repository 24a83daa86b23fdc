from __future__ import annotations

import pytest

from dlstudio.gui.canvas.model.card_content import short_number


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (160, "160"), (4672, "4\u2009672"), (25_600_000, "25.6 M"), (7 * 10**9, "7.0 G")],
)
def test_short_number_abbreviates_large_counts(number, text):
    assert short_number(number) == text
