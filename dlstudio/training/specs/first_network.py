"""A small network that suits data just read, with a reason for each layer.

The rules read the facts of the data only: shapes, kind of target, number of samples. A start, not
the best network. Does not import torch.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.edits import append_after
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project, new_project
from dlstudio.design.model.signals import DatasetInfo, Shape, Signal
from dlstudio.design.model.values import Ref, Value
from dlstudio.training.specs.registry import TASKS

MIN_WIDTH, MAX_WIDTH, MAX_WIDTH_OF_MANY = 16, 64, 128
MANY_SAMPLES = 5000
"""From here on, a table gets a second hidden layer."""
_PARAMETERS_PER_SAMPLE = 4
_POOLED_SIDE = 7
"""Images are halved until their shorter side is about this long."""
TASK_OF_TARGET = {
    "class": "classification",
    "value": "regression",
    "labels": "multi-label",
    "mask": "segmentation",
    "tokens": "next-token",
    "": "reconstruction",
}
"""Task that suits data by the meaning of its target."""


@dataclass(frozen=True, slots=True)
class NetworkPart:
    """One layer of the network, or a layer with those that belong to it.

    Attributes:
        kind: Name of the layer kind.
        title: What its card shows.
        size: Its size, such as `64` or `3 classes`.
        reason: Why it is there, a clause without a full stop.
    """

    kind: str
    title: str
    size: str
    reason: str


@dataclass(frozen=True, slots=True)
class FirstNetwork:
    """A design with a small network, and the reasons for its layers."""

    project: Project
    parts: tuple[NetworkPart, ...]


def first_network(
    data: DataSettings, info: DatasetInfo, title: str = "", inputs: str = ""
) -> FirstNetwork:
    """Return a design whose network learns the data's target, or to reconstruct its samples.

    Args:
        data: Settings of the data.
        info: What was read about it; it must have an input.
        title: Title of the design.
        inputs: What the inputs are, in words; empty to describe their shape.
    """
    task = TASKS[task_for(info)]
    project = new_project()
    training = replace(project.training, task=task.name, loss=task.losses[0].name)
    data = replace(data, facts=info, standardise_target=True)
    builder = _Builder(replace(project, data=data, training=training, title=title))
    role, signal = next(iter(info.inputs.items()))
    builder.add(
        "input",
        {} if role == "samples" else {"role": role},
        part=("Input", signal.text(), inputs or _input_reason(data, signal)),
    )
    if role == "tokens" or signal.dtype == "int64":
        _add_token_layers(builder, task.name)
    elif task.name == "segmentation":
        _add_pixel_layers(builder)
    elif task.name == "reconstruction":
        _add_autoencoder(builder, signal.shape)
    elif signal.meaning == "picture" and min(signal.shape[1:]) > 1:
        _add_convolutions(builder, signal.shape)
    elif signal.meaning == "sequence":
        _add_recurrent_layers(builder)
    else:
        _add_hidden_layers(builder, signal, info)
    if task.name not in ("segmentation", "reconstruction"):
        _add_scores(builder, info, task.name)
    builder.add("output", {"role": task.outputs[0]})
    return FirstNetwork(builder.project, tuple(builder.parts))


def task_for(info: DatasetInfo) -> str:
    """Return the name of the task that suits the data's target."""
    return TASK_OF_TARGET.get("" if info.target is None else info.target.meaning, "regression")


def hidden_width(inputs: int, outputs: int, samples: int) -> int:
    """Return the largest power of two whose layer has at most 4 parameters for each sample."""
    largest = MAX_WIDTH_OF_MANY if samples >= MANY_SAMPLES else MAX_WIDTH
    fitting = _PARAMETERS_PER_SAMPLE * samples / (inputs + 1 + outputs)
    width = 1 << max(math.floor(math.log2(max(fitting, 1))), 0)
    return min(max(width, MIN_WIDTH), largest)


class _Builder:
    """Appends layers to a project and notes the reasons."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.parts: list[NetworkPart] = []
        self._last: str | None = None
        self._port = "output"

    def add(
        self,
        kind: str,
        settings: Mapping[str, Value] | None = None,
        part: tuple[str, str, str] | None = None,
        port: str = "output",
    ) -> None:
        """Append a layer; `part` is the title, size and reason of a card of its own."""
        self.project, self._last = append_after(
            self.project, self._last, kind, settings, after_port=self._port
        )
        self._port = port
        if part is not None:
            self.parts.append(NetworkPart(kind, *part))


def _input_reason(data: DataSettings, signal: Signal) -> str:
    source = SOURCES.get(data.source)
    if source is not None and source.sample_noun:
        return f"{source.sample_noun}s of {signal.text()} values"
    if signal.dtype == "int64":
        return f"{signal.shape[0]:,} tokens at a time"
    if signal.meaning == "picture":
        channels = signal.shape[0]
        colour = {1: "in grey", 3: "in colour"}.get(channels, f"with {channels} channels")
        return f"images of {signal.shape[1]}×{signal.shape[2]} pixels {colour}"
    if signal.meaning == "sequence":
        return f"{signal.shape[0]:,} steps of {signal.shape[1]:,} value(s)"
    return f"{math.prod(signal.shape):,} numbers for each sample"


def _add_hidden_layers(builder: _Builder, signal: Signal, info: DatasetInfo) -> None:
    features, samples = math.prod(signal.shape), info.samples.get("train", 0)
    outputs = _score_count(info)
    width = hidden_width(features, outputs, samples)
    if len(signal.shape) != 1:
        builder.add("flatten", part=("Flatten", str(features), "all values in one row"))
    count = (features + 1) * width + (width + 1) * outputs
    layers = "one hidden layer"
    if samples >= MANY_SAMPLES:
        count += (width + 1) * width
        layers = "two hidden layers"
    reason = (
        f"{layers}: {count:,} parameters for {samples:,} samples, {_width_reason(width, samples)}"
    )
    builder.add("linear", {"out_features": width}, ("Linear", str(width), reason))
    builder.add("relu", part=("ReLU", str(width), "lets the network bend the boundary"))
    if samples >= MANY_SAMPLES:
        builder.add(
            "linear", {"out_features": width}, ("Linear", str(width), "combines what it found")
        )
        builder.add("relu")


def _width_reason(width: int, samples: int) -> str:
    """Return what decided the width of the hidden layers."""
    if width == (MAX_WIDTH_OF_MANY if samples >= MANY_SAMPLES else MAX_WIDTH):
        return "a good start"
    if width == MIN_WIDTH:
        return "the narrowest that is useful"
    return f"at most {_PARAMETERS_PER_SAMPLE} for each sample"


def _add_convolutions(builder: _Builder, shape: Shape) -> None:
    stages = min(max(round(math.log2(min(shape[1:]) / _POOLED_SIDE)), 1), 4)
    channels, details = 16, "edges and colours" if shape[0] == 3 else "small patterns"
    for stage in range(stages):
        reason = (
            f"{channels} filters of 3×3 look for {details}, then half the size"
            if stage == 0
            else f"{channels} filters combine them into larger patterns, then half the size"
        )
        builder.add(
            "conv2d",
            {"out_channels": channels, "kernel_size": (3, 3), "padding": "same"},
            ("Conv2d", str(channels), reason),
        )
        builder.add("relu")
        builder.add("max_pool2d")
        channels *= 2
    builder.add("flatten")


def _add_pixel_layers(builder: _Builder) -> None:
    for channels, reason in ((16, "looks at 3×3 pixels"), (32, "and at their neighbours")):
        builder.add(
            "conv2d",
            {"out_channels": channels, "kernel_size": (3, 3), "padding": "same"},
            ("Conv2d", str(channels), f"{reason}; padding keeps the size"),
        )
        builder.add("relu")
    builder.add(
        "conv2d",
        {"out_channels": Ref("classes"), "kernel_size": (1, 1)},
        ("Conv2d", "classes", "one score per class for each pixel"),
    )


def _add_autoencoder(builder: _Builder, shape: Shape) -> None:
    size = math.prod(shape)
    width = min(64, max(size // 2, 1))
    if len(shape) != 1:
        builder.add("flatten")
    builder.add(
        "linear",
        {"out_features": width},
        ("Linear", str(width), f"squeezes {size:,} values into {width}"),
    )
    builder.add("relu")
    builder.add(
        "linear", {"out_features": size}, ("Linear", str(size), "restores them: no target needed")
    )
    if len(shape) != 1:
        builder.add("reshape", {"shape": shape})


def _add_recurrent_layers(builder: _Builder) -> None:
    builder.add(
        "gru",
        {"hidden_size": 48},
        ("GRU", "48", "reads the steps in order and remembers 48 numbers"),
        port="sequence",
    )
    builder.add("last_step")


def _add_token_layers(builder: _Builder, task: str) -> None:
    builder.add(
        "embedding",
        {"embedding_dim": 64, "num_embeddings": Ref("vocabulary")},
        ("Embedding", "64", "64 numbers for each token, learned"),
    )
    builder.add(
        "gru",
        {"hidden_size": 128},
        ("GRU", "128", "reads the tokens in order and remembers 128 numbers"),
        port="sequence",
    )
    if task != "next-token":
        builder.add("last_step")


def _add_scores(builder: _Builder, info: DatasetInfo, task: str) -> None:
    settings: Value = Ref("classes")
    size, reason = f"{len(info.class_names)} classes", "one score per class"
    reason += "; cross-entropy turns them into a loss"
    if task == "next-token":
        settings, size = Ref("vocabulary"), f"{info.numbers['vocabulary']:,} tokens"
        reason = "one score for each possible next token"
    elif task == "multi-label":
        settings = Ref("labels")
        size, reason = f"{info.numbers['labels']} labels", "one score per label, present or absent"
    elif task == "regression":
        count = _score_count(info)
        settings = Ref("horizon") if info.numbers.get("horizon") == count else count
        size, reason = str(count), "the predicted number" if count == 1 else "the predicted numbers"
    builder.add("linear", {"out_features": settings}, ("Linear", size, reason))
    shape = () if info.target is None else info.target.shape
    if task == "regression" and len(shape) > 1:
        builder.add("reshape", {"shape": shape})


def _score_count(info: DatasetInfo) -> int:
    if info.class_names:
        return len(info.class_names)
    return 1 if info.target is None else max(math.prod(info.target.shape), 1)
