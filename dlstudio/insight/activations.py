"""Watches what layers give out for one sample while the network learns.

The probe runs a pass of its own in evaluation mode: the training forward never changes its path,
no random number is drawn and no statistic moves.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from dlstudio.data.parts import Part
from dlstudio.data.preview import as_pictures
from dlstudio.design.signals import DataFacts
from dlstudio.design.training_settings import TrainingSettings
from dlstudio.insight.summaries import layer_view, thumbnails
from dlstudio.insight.timing import layer_times, quicker
from dlstudio.insight.views import ActivationView, Bytes, Floats, LayerView, SampleChoice
from dlstudio.training.objective import Objective
from dlstudio.training.observer import RunView

Results = Tensor | tuple[Tensor, ...]

LEAST_INTERVAL = 0.3
"""Seconds between two looks, at least."""
COST_SHARE = 60.0
"""A look rests this many times as long as the last one took."""
TIMING_SHARE = 400.0
"""Measuring the layers rests this many times as long as it last took."""
MOST_LAYERS = 48
"""Of larger networks only the selected layer is kept whole."""


class ActivationProbe:
    """An observer that sends one sample through the network now and then."""

    name = "activations"

    def __init__(
        self, training: TrainingSettings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Look at the first sample of the test part; `training` says what outputs mean."""
        self._training = training
        self._clock = clock
        self._choice = SampleChoice()
        self._path = ""
        self._asked = True
        self._last_step = -1
        self._rest_until = 0.0
        self._measure_from = 0.0
        self._times: Mapping[str, float] = {}
        self._view: RunView | None = None

    def select(self, path: str, choice: SampleChoice) -> None:
        """Look at this layer with this sample from now on; may be called from any thread."""
        if (path, choice) != (self._path, self._choice):
            self._path, self._choice = path, choice
            self._asked = True

    def wants(self, step: int, epoch: int) -> bool:
        """Whether enough time has passed and something is new, or something else was selected."""
        if self._asked:
            return True
        return step != self._last_step and self._clock() >= self._rest_until

    def observe(self, view: RunView) -> ActivationView | None:
        """Return what the chosen sample stirs in the network now."""
        began = self._clock()
        self._asked = False
        self._view = view
        self._last_step = view.step
        seen = look(view, self._training, self._choice, self._path)
        taken = self._clock() - began
        self._rest_until = began + taken + max(LEAST_INTERVAL, COST_SHARE * taken)
        self._measure(view)
        return replace(seen, times=self._times) if seen else None

    def _measure(self, view: RunView) -> None:
        """Measure the layers once steps have warmed the device up, then ever so often."""
        began = self._clock()
        if not view.step or began < self._measure_from:
            return
        with torch.inference_mode(), resting(view.component.module):
            self._times = quicker(self._times, layer_times(view, self._training.batch_size))
        now = self._clock()
        self._measure_from = now + TIMING_SHARE * (now - began)

    def after_backward(self, view: RunView) -> None:
        """Ask nothing of gradients."""
        return

    def look_again(self, path: str, choice: SampleChoice, step: int) -> ActivationView | None:
        """Return a look at the network as a finished run left it after `step` steps.

        It works on a copy, so that it may run in any thread; None where nothing was seen yet.
        """
        view = self._view
        if view is None:
            return None
        module = copy.deepcopy(view.component.module)
        component = replace(view.component, module=module)
        seen = look(replace(view, component=component, step=step), self._training, choice, path)
        return replace(seen, times=self._times) if seen else None


def look(
    view: RunView, training: TrainingSettings, choice: SampleChoice, selected: str = ""
) -> ActivationView | None:
    """Send one sample through the network and return what its layers gave out.

    None where there is no sample. `selected` is kept whole even in a large network.
    """
    found = _find(view.parts, choice)
    if found is None:
        return None
    choice, part = found
    module, bindings = view.component.module, view.component.inputs
    raw = {role: tensor[choice.index : choice.index + 1] for role, tensor in part.inputs.items()}
    samples = [view.normaliser.apply(each.role, raw[each.role]) for each in bindings]
    samples = [sample.to(view.device) for sample in samples]
    with torch.inference_mode(), resting(module), _listening(module) as outputs:
        results = module(*samples)
    heads: tuple[Tensor, ...] = results if isinstance(results, tuple) else (results,)
    outputs.update((each.path, sample) for each, sample in zip(bindings, samples, strict=True))
    ends = zip(view.component.outputs, heads, strict=True)
    outputs.update((each.path, result) for each, result in ends)
    layers = {path: layer_view(output) for path, output in outputs.items() if output.numel()}
    truth, target = _truth(part, choice.index, view.facts)
    return ActivationView(
        step=view.step,
        choice=choice,
        samples=len(part),
        parts=tuple(view.parts),
        picture=_picture(raw),
        truth=truth,
        target=target,
        scores=_scores(results, view, training),
        class_names=view.facts.class_names,
        layers=_kept(layers, selected),
        thumbnails=_pictures(layers),
    )


@contextmanager
def resting(module: nn.Module) -> Iterator[None]:
    """Hold a module in evaluation mode, then give each part its own mode back."""
    modes = [(each, each.training) for each in module.modules()]
    module.eval()
    try:
        yield
    finally:
        for each, mode in modes:
            each.training = mode


@contextmanager
def _listening(module: torch.fx.GraphModule) -> Iterator[dict[str, Tensor]]:
    """Yield a mapping that fills with each layer's first output, by path, in a forward pass."""
    heard: dict[str, Tensor] = {}

    def hear(path: str) -> Callable[[nn.Module, object, object], None]:
        def hook(_module: nn.Module, _inputs: object, output: object) -> None:
            first = output[0] if isinstance(output, tuple) else output
            if isinstance(first, Tensor):
                heard[path] = first

        return hook

    paths = [str(node.target) for node in module.graph.nodes if node.op == "call_module"]
    hooks = [
        module.get_submodule(path).register_forward_hook(hear(path))
        for path in dict.fromkeys(paths)
    ]
    try:
        yield heard
    finally:
        for hook in hooks:
            hook.remove()


def _find(parts: Mapping[str, Part], choice: SampleChoice) -> tuple[SampleChoice, Part] | None:
    order = (choice.part, "test", "validation", "train")
    name = next((each for each in order if each in parts and len(parts[each])), None)
    if name is None:
        return None
    return SampleChoice(name, choice.index % len(parts[name])), parts[name]


def _kept(layers: Mapping[str, LayerView], selected: str) -> dict[str, LayerView]:
    if len(layers) <= MOST_LAYERS:
        return dict(layers)
    return {path: layer for path, layer in layers.items() if path == selected}


def _pictures(layers: Mapping[str, LayerView]) -> dict[str, Bytes]:
    made = ((path, thumbnails(layer)) for path, layer in layers.items())
    return {path: picture for path, picture in made if picture is not None}


def _picture(raw: Mapping[str, Tensor]) -> Bytes | None:
    sample = raw.get("samples")
    if sample is None or sample.ndim != 4:
        return None
    picture: Bytes = as_pictures(sample)[0]
    return picture


def _truth(part: Part, index: int, facts: DataFacts) -> tuple[str, int]:
    if part.target is None:
        return "", -1
    target = part.target[index]
    if facts.class_names and target.ndim == 0:
        label = int(target)
        return facts.class_names[label], label
    return ", ".join(f"{value:.4g}" for value in target.reshape(-1).tolist()), -1


def _scores(results: Results, view: RunView, training: TrainingSettings) -> Floats:
    """Return the probability of each class, or the predicted values."""
    objective = Objective(training, view.component)
    output = objective.pick(results)[0].float()
    classes = len(view.facts.class_names)
    if training.task == "classification" and classes == 2 and output.numel() == 1:
        raw = training.loss == "binary" and not objective.probabilities
        share = (torch.sigmoid(output) if raw else output.clamp(0, 1)).reshape(())
        output = torch.stack([1 - share, share])
    elif training.loss == "cross-entropy" and not _are_probabilities(output):
        output = torch.softmax(output.reshape(-1), 0)
    scores: Floats = output.reshape(-1).cpu().numpy().astype(np.float32)
    return scores


def _are_probabilities(output: Tensor) -> bool:
    return bool((output >= 0).all()) and abs(float(output.sum()) - 1.0) < 1e-3
