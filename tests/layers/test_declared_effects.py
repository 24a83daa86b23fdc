"""What a kind declares of the effect of its layers is what the layers do."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from dlstudio.design.model.signals import Signal
from dlstudio.layers.framework.kind import LayerKind
from dlstudio.layers.registry import KINDS
from dlstudio.network.build.build import build
from tests.layers.test_every_kind import default_signals

KEEPING = [name for name, kind in KINDS.items() if kind.keeps_width]
PASSING = [name for name, kind in KINDS.items() if kind.passes_values]


def run(kind: type[LayerKind]) -> tuple[Tensor, Tensor]:
    """Return an input and the output of a layer with default settings in evaluation mode."""
    (signal,) = default_signals(kind)["input"]
    signals = {"input": (Signal(signal.shape, "float32", signal.meaning),)}
    module = build(kind().call(signals), "cpu").eval()
    samples = torch.randn(2, *signal.shape)
    return samples, module(samples)


@pytest.mark.parametrize("name", KEEPING)
def test_width_is_kept(name: str) -> None:
    samples, output = run(KINDS[name])
    assert output.shape[-1] == samples.shape[-1]


@pytest.mark.parametrize("name", PASSING)
def test_values_are_passed(name: str) -> None:
    samples, output = run(KINDS[name])
    assert bool(torch.isin(output, samples).all())


def test_layers_of_every_family_declare_their_effects() -> None:
    assert {"relu", "batch_norm1d", "layer_norm", "dropout", "flip", "shift"} <= set(KEEPING)
    assert {"dropout", "flatten", "identity", "last_step", "squeeze"} <= set(PASSING)
    assert not {"glu", "linear", "conv2d"} & set(KEEPING)
    assert not {"relu", "linear", "scale"} & set(PASSING)
