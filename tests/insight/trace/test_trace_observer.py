"""The trace of a step equals torch's values, and tracing does not affect training."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import (
    Clipping,
    Optimiser,
    ParameterGroup,
    Selector,
)
from dlstudio.insight.trace.step_trace import MAX_BYTES, StepTrace
from dlstudio.insight.trace.trace_observer import TraceObserver
from dlstudio.training.loop.loop import train
from dlstudio.training.loop.observer import RunView
from dlstudio.training.loop.step_observer import StepObserver
from dlstudio.training.protocol.events import Event, Finished, RunOptions, Snapshot
from tests.training.generative_designs import conditional_gan_design, diffusion_design, gan_design
from tests.training.training_designs import (
    NOISY_LAYERS,
    PLAIN_LAYERS,
    all_losses,
    chain,
    events_of,
    run_training,
    single_event,
    with_optimiser,
)


class TraceAt(TraceObserver):
    """Traces the given steps without requests."""

    def __init__(self, *steps: int, max_bytes: int = MAX_BYTES) -> None:
        super().__init__(max_bytes)
        self.steps = steps

    def wants_step(self, step: int) -> bool:
        return step in self.steps


def train_with(project: Project, *observers: StepObserver) -> list[Event]:
    return list(train(project, RunOptions(threads=1), step_observers=observers))


def traces_of(events: Sequence[Event]) -> list[StepTrace]:
    return [snapshot.payload for snapshot in events_of(events, Snapshot)]


def trace_of(project: Project, step: int, max_bytes: int = MAX_BYTES) -> StepTrace:
    (trace,) = traces_of(train_with(project, TraceAt(step, max_bytes=max_bytes)))
    return trace


def assert_close(array: Any, expected: torch.Tensor) -> None:
    np.testing.assert_allclose(array, expected.detach().numpy(), rtol=1e-5, atol=1e-7)


def test_trace_equals_what_torch_computes() -> None:
    rate = 0.25
    project = with_optimiser(chain(PLAIN_LAYERS, epochs=1), Optimiser("sgd", rate))
    trace = trace_of(project, 3)
    layers = trace.layers
    assert (trace.step, trace.epoch, trace.notes) == (3, 1, ())
    assert list(layers) == ["flatten_1", "linear_1", "relu_1", "linear_2"]
    tensors = {
        f"{path}.{name}": torch.tensor(parameter.before, requires_grad=True)
        for path, layer in layers.items()
        for name, parameter in layer.parameters.items()
    }
    samples = torch.tensor(trace.batch["samples"])
    assert samples.shape == (64, 1, 8, 8)
    outputs = [samples.flatten(1)]
    outputs.append(
        functional.linear(outputs[-1], tensors["linear_1.weight"], tensors["linear_1.bias"])
    )
    outputs.append(outputs[-1].relu())
    outputs.append(
        functional.linear(outputs[-1], tensors["linear_2.weight"], tensors["linear_2.bias"])
    )
    for output in outputs[1:]:
        output.retain_grad()
    loss = functional.cross_entropy(outputs[-1], torch.tensor(trace.target))
    loss.backward()
    assert trace.loss == pytest.approx(float(loss.detach()), rel=1e-5)
    assert [(phase.name, phase.loss) for phase in trace.phases] == [("all", trace.loss)]
    for index, (path, layer) in enumerate(layers.items()):
        (call,) = layer.calls
        assert call.phase == 0
        assert_close(call.inputs[0], samples if index == 0 else outputs[index - 1])
        assert_close(call.outputs[0], outputs[index])
        (gradient,) = call.output_gradients
        if index:
            assert_close(gradient, outputs[index].grad)
        else:
            assert gradient is None
        for name, parameter in layer.parameters.items():
            expected = tensors[f"{path}.{name}"]
            assert_close(parameter.gradients[0], expected.grad)
            assert_close(parameter.after, expected - rate * expected.grad)


@pytest.mark.parametrize(
    "project",
    [
        chain(NOISY_LAYERS, epochs=2),
        with_optimiser(chain(NOISY_LAYERS, epochs=1), clipping=Clipping("norm", 0.1)),
        gan_design(),
        conditional_gan_design(),
        diffusion_design(),
    ],
)
def test_tracing_every_step_changes_no_loss(project: Project) -> None:
    plain = run_training(project)
    events = train_with(project, TraceAt(*range(1, 1000)))
    assert all_losses(events) == all_losses(plain)
    assert single_event(events, Finished).metrics == single_event(plain, Finished).metrics
    traces = traces_of(events)
    assert [trace.step for trace in traces] == list(all_losses(plain))
    for trace, loss in zip(traces, all_losses(plain).values(), strict=True):
        assert trace.loss == pytest.approx(loss)
    for earlier, later in pairwise(traces):
        for path, layer in earlier.layers.items():
            for name, parameter in layer.parameters.items():
                np.testing.assert_array_equal(
                    parameter.after, later.layers[path].parameters[name].before
                )


def test_phases_of_an_adversarial_step_are_separate() -> None:
    trace = trace_of(gan_design(), 2)
    assert len(trace.phases) == 2
    generator = next(path for path in trace.layers if path.startswith("linear_1"))
    last = list(trace.layers)[-1]
    phases = [call.phase for call in trace.layers[last].calls]
    assert phases == [0, 0, 1]
    (weight,) = (trace.layers[last].parameters[name] for name in ("weight",))
    assert [gradient is None for gradient in weight.gradients] == [False, True]
    weight = trace.layers[generator].parameters["weight"]
    assert [gradient is None for gradient in weight.gradients] == [True, False]
    assert not np.array_equal(weight.before, weight.after)


def test_gradients_are_those_before_clipping() -> None:
    project = chain(PLAIN_LAYERS, epochs=1)
    clipped = with_optimiser(project, clipping=Clipping("norm", 1e-3))
    unclipped = with_optimiser(project)
    first, second = (
        trace_of(variant, 1).layers["linear_1"].parameters["weight"]
        for variant in (clipped, unclipped)
    )
    np.testing.assert_array_equal(first.gradients[0], second.gradients[0])


def test_frozen_layers_have_no_gradient() -> None:
    project = chain(PLAIN_LAYERS, epochs=1)
    groups = (
        ParameterGroup("frozen", Selector(paths=("linear_1",)), frozen=True),
        ParameterGroup(),
    )
    frozen = replace(project, training=replace(project.training, groups=groups))
    trace = trace_of(frozen, 1)
    weight = trace.layers["linear_1"].parameters["weight"]
    assert weight.gradients == (None,)
    np.testing.assert_array_equal(weight.before, weight.after)
    assert trace.phases[0].loss > 0


def test_only_the_requested_step_is_traced_and_hooks_are_removed() -> None:
    class Watcher(StepObserver):
        def wants_step(self, step: int) -> bool:
            return True

        def begin_step(self, view: RunView) -> None:
            modules = [*view.objective.compiled.module.modules()]
            hooks = [len(m._forward_hooks) + len(m._forward_pre_hooks) for m in modules]
            counts.append(sum(hooks))
            if view.step == 4:
                tracer.request()

    counts: list[int] = []
    tracer = TraceObserver()
    events = train_with(chain(NOISY_LAYERS, epochs=1), Watcher(), tracer)
    assert [trace.step for trace in traces_of(events)] == [6]
    assert set(counts) == {0}


def test_memory_is_bounded_and_omissions_are_noted() -> None:
    project = chain(PLAIN_LAYERS, epochs=1)
    trace = trace_of(project, 1, max_bytes=60_000)
    weight = trace.layers["linear_1"].parameters["weight"]
    assert weight.before.shape == (24, 64)
    (call,) = trace.layers["linear_2"].calls
    assert call.outputs[0] is not None
    assert call.output_gradients[0] is None or weight.gradients[0] is None
    (note,) = trace.notes
    assert "Not all values fit" in note
    assert trace_of(project, 1, max_bytes=0).layers["linear_1"].parameters == {}


def test_failing_step_observer_is_disabled_and_the_run_continues(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken(TraceObserver):
        def after_backward(self, view: RunView) -> None:
            raise ZeroDivisionError("a bad view")

    broken = Broken()
    broken.request()
    project = chain(NOISY_LAYERS, epochs=1)
    with caplog.at_level(logging.ERROR):
        events = train_with(project, broken, TraceAt(1))
    assert all_losses(events) == all_losses(run_training(project))
    assert len(caplog.records) == 1
    assert [trace.step for trace in traces_of(events)] == [1]
