"""Dataset info: shapes, classes and sizes, without reading the data. Does not import torch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from dlstudio.data.core.errors import DataError
from dlstudio.data.core.subset_sizes import subset_sizes, training_size
from dlstudio.data.sources.framework.builtin_info import BuiltinInfo, Options
from dlstudio.data.sources.framework.source import SourceSpec
from dlstudio.data.sources.sources import find_source, is_plugin, parse_options
from dlstudio.design.model.data_settings import DataSettings, Split
from dlstudio.design.model.signals import DatasetInfo, Shape, Signal
from dlstudio.entry_points import reason_text, resolve_target


def info_of(settings: DataSettings) -> DatasetInfo:
    """Return the dataset info without reading the data.

    Built-in sources declare it; for the user's own data it is the last known info. Invalid
    settings also give the last known info, or an empty one; loading the data reports the error.
    """
    try:
        source = find_source(settings.source)
        options = parse_options(settings.source, settings.options)
        info = declared_info(source, options, settings.split)
    except DataError:
        info = None
    return info or settings.facts or DatasetInfo()


def declared_info(source: SourceSpec, options: Options, split: Split) -> DatasetInfo | None:
    """Return the info that a source declares for these options, None for the user's own data.

    Raises:
        DataError: The options are invalid.
    """
    info = source.info
    declared = _compute_info(source, info, options, split) if isinstance(info, str) else info
    if declared is None:
        return None
    known = info_from(declared, split) if isinstance(declared, BuiltinInfo) else declared
    return info_by_rows(known) if options.get("rows") else known


def _compute_info(
    source: SourceSpec, target: str, options: Options, split: Split
) -> BuiltinInfo | DatasetInfo | None:
    try:
        info: BuiltinInfo | DatasetInfo | None = resolve_target(target)(options, split)
    except Exception as error:
        if is_plugin(source):
            raise DataError(f"{source.title}: {reason_text(error)}") from error
        raise
    return info


def info_from(builtin: BuiltinInfo, split: Split) -> DatasetInfo:
    """Return the complete info of a built-in set split by `split`."""
    train, validation, test = subset_sizes(builtin.count, split, has_test=builtin.test is not None)
    if builtin.test is not None:
        test = builtin.test
    info = info_for_samples(
        sample_signal(builtin.shape),
        builtin.class_names,
        samples={
            "train": training_size(train, split),
            "validation": validation,
            "test": test,
        },
        target_shape=builtin.target,
        labels=bool(builtin.label_names),
    )
    return replace(info, class_counts=builtin.class_counts, label_names=builtin.label_names)


def info_by_rows(facts: DatasetInfo) -> DatasetInfo:
    """Return the info of images that are read row by row, as sequences."""
    channels, height, width = facts.inputs["samples"].shape
    row = channels * width
    return replace(
        facts,
        inputs={**facts.inputs, "samples": Signal((height, row), "float32", "sequence")},
        numbers={**facts.numbers, "features": row, "window": height},
    )


def info_for_samples(
    samples_signal: Signal,
    class_names: tuple[str, ...],
    *,
    samples: Mapping[str, int],
    target_shape: Shape | None = (),
    labels: bool = False,
) -> DatasetInfo:
    """Return the info of samples whose target is a class, or a value without `class_names`.

    A `target_shape` of None means no target; class targets with a shape are masks. `labels` means
    that all target values are 0 or 1.
    """
    numbers = {"features": math.prod(samples_signal.shape)}
    if class_names:
        numbers["classes"] = len(class_names)
        meaning = "mask" if target_shape else "class"
        target: Signal | None = Signal(target_shape or (), "int64", meaning)
    else:
        meaning = "labels" if labels else "value"
        target = None if target_shape is None else Signal(target_shape, "float32", meaning)
    if labels and target_shape:
        numbers["labels"] = math.prod(target_shape)
    return DatasetInfo(
        inputs={"samples": samples_signal},
        target=target,
        numbers=numbers,
        class_names=class_names,
        samples=dict(samples),
    )


def sample_signal(shape: Shape) -> Signal:
    """Return the signal of float samples: an image has three axes, a table row has one."""
    meanings = {1: "features", 3: "picture"}
    return Signal(shape, "float32", meanings.get(len(shape), "array"))
