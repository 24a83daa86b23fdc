"""Recurrent and attention networks learn, and observing them changes nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dlstudio.design.edits import append_after, set_training
from dlstudio.design.model.model import Project
from dlstudio.design.model.values import Ref, Value
from dlstudio.insight.activations.activation_views import ActivationView
from dlstudio.insight.activations.activations import ActivationObserver
from dlstudio.training.loop.loop import train
from dlstudio.training.protocol.events import Finished, RunOptions, Snapshot, StepsDone

Layers = list[tuple[str, dict[str, Value], str]]
"""Kind, settings, and the output port that is wired to the next layer."""

LSTM: Layers = [("lstm", {"hidden_size": 24, "num_layers": 2, "dropout": 0.2}, "sequence")]
ENCODER: Layers = [
    ("learned_positions", {"max_length": 8}, "output"),
    ("transformer_encoder_layer", {"dim_feedforward": 32, "nhead": 2}, "output"),
]


def network(middle: Layers) -> Project:
    layers: Layers = [
        ("input", {}, "output"),
        ("reshape", {"shape": (8, 8)}, "output"),
        *middle,
        ("last_step", {}, "output"),
        ("linear", {"out_features": Ref("classes")}, "output"),
        ("output", {}, "output"),
    ]
    project, last, port = Project(), None, "output"
    for kind, settings, output_port in layers:
        project, last = append_after(project, last, kind, settings, after_port=port)
        port = output_port
    return set_training(project, replace(project.training, epochs=2))


class EveryStepObserver(ActivationObserver):
    """An observer of every step."""

    def wants(self, step: int, epoch: int) -> bool:
        return True


@pytest.mark.parametrize("middle", [LSTM, ENCODER], ids=["lstm", "encoder"])
def test_network_learns_and_observers_change_nothing(middle: Layers) -> None:
    project = network(middle)
    unobserved = list(train(project, RunOptions(threads=1)))
    observed = list(
        train(project, RunOptions(threads=1), observers=[EveryStepObserver(project.training)])
    )
    losses, observed_losses = (
        np.concatenate([event.losses for event in events if isinstance(event, StepsDone)])
        for events in (unobserved, observed)
    )
    np.testing.assert_array_equal(losses, observed_losses)
    assert isinstance(unobserved[-1], Finished), unobserved[-1]
    assert losses[-5:].mean() < 0.9 * losses[:5].mean()
    view = next(event.payload for event in observed if isinstance(event, Snapshot))
    assert isinstance(view, ActivationView)
    assert {f"{kind}_1" for kind, _, _ in middle} <= view.layers.keys()
