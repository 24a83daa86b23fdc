"""A live view cannot change the losses of a run by what it leaves in the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import torch
from torch import nn

from dlstudio.data.core.progress import ProgressCallback
from dlstudio.insight.common.borrowed_network import borrowed
from dlstudio.insight.common.live_scheduler import LiveScheduler
from dlstudio.insight.common.view_observer import ViewObserver
from dlstudio.training.loop.observer import RunView
from tests.training.training_designs import NOISY_LAYERS, all_losses, chain, run_training


def freeze(layer: nn.Linear) -> None:
    layer.requires_grad_(False)


def add_forward_hook(layer: nn.Linear) -> None:
    layer.register_forward_hook(lambda _layer, _inputs, output: 2 * output)


def add_forward_pre_hook(layer: nn.Linear) -> None:
    layer.register_forward_pre_hook(lambda _layer, inputs: (2 * inputs[0],))


def add_backward_hook(layer: nn.Linear) -> None:
    layer.register_full_backward_hook(lambda _layer, gradients, _outputs: (2 * gradients[0],))


def add_backward_pre_hook(layer: nn.Linear) -> None:
    layer.register_full_backward_pre_hook(lambda _layer, gradients: (2 * gradients[0],))


def add_gradient_hook(layer: nn.Linear) -> None:
    layer.weight.register_hook(lambda gradient: 2 * gradient)


def add_accumulation_hook(layer: nn.Linear) -> None:
    layer.weight.register_post_accumulate_grad_hook(lambda weight: weight.grad.zero_())


CHANGES = [
    freeze,
    add_forward_hook,
    add_forward_pre_hook,
    add_backward_hook,
    add_backward_pre_hook,
    add_gradient_hook,
    add_accumulation_hook,
]


class EveryStep(ViewObserver):
    def wants(self, step: int, _epoch: int) -> bool:
        return step > 0


@pytest.fixture(scope="module")
def expected() -> dict[int, float]:
    return all_losses(run_training(chain(NOISY_LAYERS, epochs=1)))


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("change", CHANGES)
def test_view_changes_no_loss(
    change: Callable[[nn.Linear], None], expected: dict[int, float], *, fails: bool
) -> None:
    def compute(view: RunView, _progress: ProgressCallback, _options: Mapping[str, Any]) -> None:
        for layer in view.objective.compiled.module.modules():
            if isinstance(layer, nn.Linear):
                change(layer)
        if fails:
            raise ZeroDivisionError

    observer = EveryStep("toy", compute, LiveScheduler())
    observer.watch({})
    losses = all_losses(run_training(chain(NOISY_LAYERS, epochs=1), None, [observer]))
    assert len(losses) >= 20
    assert losses == expected


def test_earlier_hooks_and_modes_are_restored() -> None:
    layer, calls = nn.Linear(2, 1).train(), []
    frozen = layer.bias.requires_grad_(False)
    handle = layer.register_forward_hook(lambda *_arguments: calls.append("module"))
    layer.weight.register_hook(lambda _gradient: calls.append("weight"))
    with borrowed(layer):
        layer.weight.register_hook(lambda _gradient: calls.append("view"))
        layer.requires_grad_(True)
        handle.remove()
    layer(torch.ones(1, 2)).sum().backward()
    assert calls == ["module", "weight"]
    assert not frozen.requires_grad
    assert layer.training
