"""The targets of each example."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import replace
from statistics import mean

from torch import nn

from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import Optimiser, ParameterGroup
from dlstudio.training.loop.loop import train
from dlstudio.training.loop.observer import RunView
from dlstudio.training.loop.step_observer import StepObserver
from dlstudio.training.protocol.events import Failed, RunOptions
from tests.benchmarks.examples import targets_generative, targets_sequences, targets_vision
from tests.benchmarks.examples.targets import (
    ExampleSpec,
    Metrics,
    Target,
    TrainedExample,
    accuracy_target,
    metric,
)

BATCHES = 10


def gradient_ratio_target(limit: float, compare: Callable[[float, float], bool]) -> Target:
    """Return the target for the ratio of the first to the last layer's gradient norm."""
    label = f"first gradient over last, {BATCHES} batches"
    return Target(label, metric("gradient_ratio"), compare, limit, "{:.1e}")


def measure_gradient_ratio(example: TrainedExample) -> Metrics:
    """Measure the ratio of the first to the last gradient norm at the initial weights."""
    project, observer = example.project, GradientObserver()
    frozen = ParameterGroup(optimiser=Optimiser("sgd", learning_rate=0.0))
    frozen_project = replace(
        project, training=replace(project.training, groups=(frozen,), epochs=1)
    )
    options = RunOptions(device="cpu", threads=1, seed=example.seed)
    for event in train(frozen_project, options, step_observers=(observer,)):
        if isinstance(event, Failed):
            raise RuntimeError(event.text)
        if len(observer.ratios) == BATCHES:
            break
    return {"gradient_ratio": mean(observer.ratios)}


class GradientObserver(StepObserver):
    """An observer that records the gradient ratio of the first and the last linear layer."""

    name = "gradients"

    def __init__(self) -> None:
        self.ratios: list[float] = []

    def wants_step(self, step: int) -> bool:
        return len(self.ratios) < BATCHES

    def after_backward(self, view: RunView) -> None:
        module = view.objective.main.module
        paths = [str(node.target) for node in module.graph.nodes if node.op == "call_module"]
        layers = [
            layer for layer in map(module.get_submodule, paths) if isinstance(layer, nn.Linear)
        ]
        first, last = (layer.weight.grad.norm().item() for layer in (layers[0], layers[-1]))
        self.ratios.append(first / last)


def with_mnist(project: Project) -> Project:
    """Replace the data source by MNIST."""
    return replace(project, data=replace(project.data, source="mnist"))


EXAMPLE_SPECS: Mapping[str, ExampleSpec] = {
    "perceptron-1958": ExampleSpec((accuracy_target(0.75, operator.le),)),
    "xor-solved-1986": ExampleSpec((accuracy_target(1.0),)),
    "vanishing-sigmoid": ExampleSpec(
        (gradient_ratio_target(1e-4, operator.lt), accuracy_target(0.2, operator.le)),
        measure=measure_gradient_ratio,
    ),
    "relu-he": ExampleSpec(
        (gradient_ratio_target(1e-2, operator.gt), accuracy_target(0.94)),
        measure=measure_gradient_ratio,
    ),
    "residual-deep": ExampleSpec(
        (gradient_ratio_target(1e-1, operator.gt), accuracy_target(0.94)),
        measure=measure_gradient_ratio,
    ),
    "lenet5": ExampleSpec(
        (
            Target("parameters", metric("parameters"), operator.eq, 61_706, "{:,.0f}"),
            accuracy_target(0.989),
        )
    ),
    "mnist-cnn": ExampleSpec((accuracy_target(0.99),)),
    "denoise": ExampleSpec(
        (
            Target(
                "denoised MSE over noisy MSE",
                lambda figures: figures["test_mse"] / figures["test_input_mse"],
                operator.le,
                0.25,
            ),
        )
    ),
    "fashion-resnet": ExampleSpec(
        (accuracy_target(0.989, where=" with MNIST as its data"),), change=with_mnist
    ),
    "vit-digits": ExampleSpec((accuracy_target(0.96),)),
    "vit-mnist": ExampleSpec((accuracy_target(0.97),)),
    **targets_sequences.SEQUENCE_SPECS,
    **targets_generative.GENERATIVE_SPECS,
    **targets_vision.VISION_SPECS,
}
