from __future__ import annotations

import pytest

from dlstudio.gui.canvas.overlays.fuzzy import score


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("conv2", "Conv2d", "ConvTranspose2d"),
        ("relu", "ReLU", "LeakyReLU"),
        ("cv2", "Conv2d", "ReLU"),
        ("soft", "Softmax", "Sigmoid"),
        ("batch norm", "BatchNorm2d", "LayerNorm"),
    ],
)
def test_closer_name_has_a_higher_score(query, better, worse):
    assert score(query, better) > score(query, worse)
