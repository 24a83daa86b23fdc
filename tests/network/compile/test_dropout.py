"""Dropout inside compound layers can be read and changed like that of a dropout layer."""

from __future__ import annotations

import pytest
from torch import nn

from dlstudio.network.compile.dropout import dropout_probability, set_dropout
from dlstudio.network.modules.attention import MultiheadAttention
from dlstudio.network.modules.recurrent import LSTM
from dlstudio.network.modules.transformer import TransformerEncoderLayer


@pytest.mark.parametrize(
    ("layer", "probability"),
    [
        (nn.Dropout(0.0), 0.0),
        (nn.Dropout2d(0.3), 0.3),
        (LSTM(2, 3, num_layers=2, dropout=0.3), 0.3),
        (MultiheadAttention(4, 2, dropout=0.3), 0.3),
        (TransformerEncoderLayer(4, 2, dim_feedforward=4), 0.1),
        (LSTM(2, 3, num_layers=2), None),
        (MultiheadAttention(4, 2), None),
        (nn.Linear(2, 3), None),
    ],
)
def test_dropout_probability_is_read_from_layers(
    layer: nn.Module, probability: float | None
) -> None:
    assert dropout_probability(layer) == probability


def test_setting_dropout_changes_every_sublayer() -> None:
    layer = TransformerEncoderLayer(4, 2, dim_feedforward=4)
    set_dropout(layer, 0.6)
    dropouts = (layer.dropout, layer.dropout1, layer.dropout2)
    assert [dropout.p for dropout in dropouts] == [0.6] * 3
    assert layer.self_attn.dropout == 0.6
