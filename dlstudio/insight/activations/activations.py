"""Observes the outputs of layers for one sample during training.

The observer runs its own forward pass in evaluation mode: training is not affected, no random
numbers are drawn, and no statistics change.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from dlstudio.data.core.dataset import Subset
from dlstudio.data.preview import to_images
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.training_settings import TrainingSettings, chosen
from dlstudio.insight.activations.activation_views import ActivationView, LayerView, SampleChoice
from dlstudio.insight.activations.summaries import layer_view, make_thumbnail
from dlstudio.insight.activations.timing import fastest, layer_times
from dlstudio.insight.common.array_types import Bytes, Floats, Thumbnail
from dlstudio.insight.common.eval_mode import eval_mode
from dlstudio.insight.common.label_names import label_names
from dlstudio.insight.common.live_scheduler import LiveScheduler
from dlstudio.insight.common.network_state import NetworkState
from dlstudio.insight.common.observed_network import ObservedNetwork
from dlstudio.insight.common.original_cells import named_cells
from dlstudio.network.compile.compile import Component
from dlstudio.training.loop.observer import RunView
from dlstudio.training.tasks.core.objective import Objective, ordered_inputs
from dlstudio.training.tasks.supervised.multilabel import MultiLabel

FASTEST = 0.3
"""Shortest interval between observations, in seconds."""
TIMING_SHARE = 1 / 400
"""Maximum share of the training time for measuring the layers."""
_TIMING = "layer times"
MAX_LAYERS = 48
"""In networks with more layers, only the selected one is returned in full."""


class ActivationObserver:
    """An observer that runs one sample through the network at intervals."""

    name = "activations"

    def __init__(
        self,
        training: TrainingSettings,
        scheduler: LiveScheduler | None = None,
        network: ObservedNetwork | None = None,
    ) -> None:
        """Select the first sample of the test subset.

        Args:
            training: Supplies the batch size for measuring the layers.
            scheduler: Shares observation time with other views; None creates one for this view.
            network: The network shared with other views of it; None creates one.
        """
        self._network = network or ObservedNetwork()
        self._training = training
        self._scheduler = scheduler or LiveScheduler()
        self._scheduler.register(self.name, fastest=FASTEST)
        self._scheduler.register(_TIMING, fastest=0.0, slowest=math.inf, max_share=TIMING_SHARE)
        self._choice = SampleChoice()
        self._path = ""
        self._pending = True
        self._last_step = -1
        self._times: Mapping[str, float] = {}

    def select(self, path: str, choice: SampleChoice) -> None:
        """Observe this layer and sample from now on; may be called from any thread."""
        if (path, choice) != (self._path, self._choice):
            self._path, self._choice = path, choice
            self._pending = True

    def wants(self, step: int, epoch: int) -> bool:
        """Whether another sample or layer was selected, or the next observation is due."""
        if self._pending:
            return True
        return step != self._last_step and self._scheduler.is_due(self.name)

    def observe(self, view: RunView) -> ActivationView | None:
        """Return the current activations of the chosen sample."""
        self._pending = False
        self._network.update(view)
        self._last_step = view.step
        with self._scheduler.look(self.name):
            result = capture_activations(view, self._choice, self._path)
        if view.step and self._scheduler.is_due(_TIMING):
            with self._scheduler.look(_TIMING):
                self._measure_layers(view)
        return replace(result, times=self._times) if result else None

    def _measure_layers(self, view: RunView) -> None:
        """Measure the time of each layer; call it only after a step has warmed up the device."""
        with torch.inference_mode(), eval_mode(view.objective.compiled.module):
            self._times = fastest(self._times, layer_times(view, chosen(self._training.batch_size)))

    def capture_on_copy(self, path: str, choice: SampleChoice, step: int) -> ActivationView | None:
        """Return activations of the network as a run left it after `step` steps.

        Works on a copy, so that it may run in any thread. None if no network was observed yet.
        """
        view = self._network.copy(step)
        result = capture_activations(view, choice, path) if view is not None else None
        return replace(result, times=self._times) if result else None


def compute_activations(
    state: NetworkState, layer: str, subset: str, index: int
) -> ActivationView | None:
    """Return the outputs of the layers for one sample."""
    return capture_activations(state.network, SampleChoice(subset, index), layer)


def capture_activations(
    view: RunView, choice: SampleChoice, selected: str = ""
) -> ActivationView | None:
    """Run one sample through the network and return the outputs of its layers.

    None if the subset has no samples. The layer `selected` is returned even in a large network.
    """
    match = _find_sample(view.subsets, choice)
    if match is None:
        return None
    choice, subset = match
    raw = {role: tensor[choice.index : choice.index + 1] for role, tensor in subset.inputs.items()}
    inputs = {
        role: view.normaliser.apply(role, tensor).to(view.device) for role, tensor in raw.items()
    }
    outputs: dict[str, Tensor] = {}
    scores: Tensor | None = None
    for component in view.objective.compiled.components:
        layer_outputs, results = _run_component(component, view.objective, inputs)
        outputs.update(layer_outputs)
        if component is view.objective.main:
            output = view.objective.select_output(results)[0].float()
            scores = view.objective.to_predictions(output, len(view.facts.class_names))
    layers = {path: layer_view(output) for path, output in outputs.items() if output.numel()}
    truth, target = _true_label(subset, choice.index, view.facts)
    names, labels = view.facts.class_names, None
    if isinstance(view.objective, MultiLabel) and subset.target is not None:
        names = label_names(view, subset.target.shape[1])
        labels = tuple((subset.target[choice.index] > 0.5).nonzero().flatten().tolist())
        truth = ", ".join(names[index] for index in labels) or "none"
    return ActivationView(
        step=view.step,
        choice=choice,
        samples=len(subset),
        subsets=tuple(view.subsets),
        image=_sample_image(raw),
        true_label=truth,
        target=target,
        scores=_to_numpy(scores),
        class_names=names,
        targets=labels,
        true_values=_true_values(subset, choice.index),
        cells=named_cells(view, subset, choice.index),
        layers=_limit_layers(layers, selected),
        thumbnails=_thumbnails(layers),
    )


@contextmanager
def _recorded_outputs(module: torch.fx.GraphModule) -> Iterator[dict[str, Tensor]]:
    """Yield a mapping that a forward pass fills with each layer's first output, by path."""
    layer_outputs: dict[str, Tensor] = {}

    def make_hook(path: str) -> Callable[[nn.Module, object, object], None]:
        def hook(_module: nn.Module, _inputs: object, output: object) -> None:
            first = output[0] if isinstance(output, tuple) else output
            if isinstance(first, Tensor):
                layer_outputs[path] = first

        return hook

    paths = [str(node.target) for node in module.graph.nodes if node.op == "call_module"]
    hooks = [
        module.get_submodule(path).register_forward_hook(make_hook(path))
        for path in dict.fromkeys(paths)
    ]
    try:
        yield layer_outputs
    finally:
        for hook in hooks:
            hook.remove()


def _find_sample(
    subsets: Mapping[str, Subset], choice: SampleChoice
) -> tuple[SampleChoice, Subset] | None:
    order = (choice.subset, "test", "validation", "train")
    name = next((name for name in order if name in subsets and len(subsets[name])), None)
    if name is None:
        return None
    return SampleChoice(name, choice.index % len(subsets[name])), subsets[name]


def _limit_layers(layers: Mapping[str, LayerView], selected: str) -> dict[str, LayerView]:
    if len(layers) <= MAX_LAYERS:
        return dict(layers)
    return {path: layer for path, layer in layers.items() if path == selected}


def _thumbnails(layers: Mapping[str, LayerView]) -> dict[str, Thumbnail]:
    pairs = ((path, make_thumbnail(layer)) for path, layer in layers.items())
    return {path: thumbnail for path, thumbnail in pairs if thumbnail is not None}


def _sample_image(raw: Mapping[str, Tensor]) -> Bytes | None:
    sample = raw.get("samples")
    if sample is None or sample.ndim != 4:
        return None
    image: Bytes = to_images(sample)[0]
    return image


def _true_label(subset: Subset, index: int, facts: DatasetInfo) -> tuple[str, int]:
    if subset.target is None:
        return "", -1
    target = subset.target[index]
    if facts.class_names and target.ndim == 0:
        label = int(target)
        return facts.class_names[label], label
    if facts.class_names and target.ndim > 1:
        present = (index for index in target.unique().tolist() if index >= 0)
        return ", ".join(facts.class_names[index] for index in present), -1
    return ", ".join(f"{value:.4g}" for value in target.reshape(-1).tolist()), -1


def _true_values(subset: Subset, index: int) -> tuple[float, ...]:
    """Return the true values of a regression."""
    if subset.target is None or not subset.target.is_floating_point():
        return ()
    return tuple(subset.target[index].reshape(-1).tolist())


def _run_component(
    component: Component, objective: Objective, inputs: Mapping[str, Tensor]
) -> tuple[dict[str, Tensor], tuple[Tensor, ...]]:
    """Return each layer's output by path, and the network's results."""
    samples = ordered_inputs(objective.fill_inputs(component, inputs), component)
    module = component.module
    with torch.inference_mode(), eval_mode(module), _recorded_outputs(module) as outputs:
        results = module(*samples)
    heads: tuple[Tensor, ...] = results if isinstance(results, tuple) else (results,)
    ends = ((*component.inputs, *component.outputs), (*samples, *heads))
    outputs.update((node.path, tensor) for node, tensor in zip(*ends, strict=True))
    return outputs, heads


def _to_numpy(scores: Tensor | None) -> Floats:
    if scores is None:
        return np.empty(0, np.float32)
    array: Floats = scores.cpu().numpy().astype(np.float32)
    return array
