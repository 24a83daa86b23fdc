"""Finds the layer that first produced a non-finite value, by replaying the steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from dlstudio.training.loop.run_recorder import RunRecorder
from dlstudio.training.step.trainer import Trainer

_EXTRA_REPLAY_STEPS = 8
"""Steps to replay beyond the failing one, as rounding on a GPU can delay the failure."""


@dataclass(frozen=True, slots=True)
class DivergenceCause:
    """Where a loss became non-finite.

    Attributes:
        step: The first step with a non-finite loss.
        node: Path of the first layer with a non-finite output, of the input where the data is
            not finite, or of the last layer where only the loss is not.
        text: What happened and what to do, for the user.
    """

    step: int
    node: str
    text: str


def locate_and_roll_back(recorder: RunRecorder, bad_step: int) -> DivergenceCause:
    """Find the cause by replaying, and roll the run back to its last good state."""
    trainer = recorder.trainer
    trainer.restore(recorder.last_good)
    step, node, in_data = _replay(trainer, bad_step)
    recorder.roll_back()
    where = f"layer {node!r} was the first to produce it"
    if in_data:
        where = f"the data at input {node!r} already contains it"
    elif not node:
        node = _last_layer(trainer)
        where = f"the loss of the output of {node!r} is too large"
    fix = "Lower the learning rate or clip the gradients, then resume."
    if in_data:
        fix = "Clean the data; no change to the network can fix this."
    text = (
        f"The loss became infinite or not a number at step {step}: {where}. "
        f"The weights were rolled back to step {trainer.state.step}, the last good ones. {fix}"
    )
    return DivergenceCause(step, node, text)


def _replay(trainer: Trainer, bad_step: int) -> tuple[int, str, bool]:
    with _NonFiniteRecorder(trainer) as recorder:
        for _ in range(bad_step + _EXTRA_REPLAY_STEPS - trainer.state.step):
            step = trainer.state.step + 1
            recorder.non_finite.clear()
            result = trainer.step()
            if not bool(torch.isfinite(result.loss)):
                node = recorder.non_finite[0] if recorder.non_finite else ""
                return step, node, node in recorder.inputs
            if trainer.is_epoch_over:
                trainer.state.epoch, trainer.state.index = trainer.state.epoch + 1, 0
                trainer.train_metrics.reset()
    return bad_step, "", False


def _last_layer(trainer: Trainer) -> str:
    nodes = trainer.objective.main.module.graph.nodes
    return next((str(node.target) for node in reversed(nodes) if node.op == "call_module"), "")


class _NonFiniteRecorder:
    """Records, in order, the inputs and layers with non-finite values."""

    def __init__(self, trainer: Trainer) -> None:
        self.non_finite: list[str] = []
        self._components = trainer.context.compiled.components
        self.inputs = [
            binding.path for component in self._components for binding in component.inputs
        ]
        self._handles: list[RemovableHandle] = []

    def __enter__(self) -> _NonFiniteRecorder:
        seen: set[str] = set()
        for component in self._components:
            input_hook = partial(self._check_inputs, [binding.path for binding in component.inputs])
            self._handles.append(component.module.register_forward_pre_hook(input_hook))
            for node in component.module.graph.nodes:
                path = str(node.target)
                if node.op == "call_module" and path not in seen:
                    seen.add(path)
                    layer = component.module.get_submodule(path)
                    hook = partial(self._check_output, path)
                    self._handles.append(layer.register_forward_hook(hook))
        return self

    def __exit__(self, *_: object) -> None:
        for handle in self._handles:
            handle.remove()

    def _check_inputs(
        self, paths: Sequence[str], _module: nn.Module, tensors: tuple[Tensor, ...]
    ) -> None:
        pairs = zip(paths, tensors, strict=True)
        self.non_finite.extend(path for path, tensor in pairs if not _is_finite(tensor))

    def _check_output(self, path: str, _module: nn.Module, _inputs: object, output: object) -> None:
        if isinstance(output, Tensor) and not _is_finite(output):
            self.non_finite.append(path)


def _is_finite(tensor: Tensor) -> bool:
    return not tensor.is_floating_point() or bool(torch.isfinite(tensor).all())
