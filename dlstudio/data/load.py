"""Reads, splits and normalises the data that a project names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from dlstudio.data.core.data_paths import data_folder, resolve_data_path
from dlstudio.data.core.dataset import (
    DataSet,
    RawSamples,
    RawSource,
    Subset,
    source_from_samples,
)
from dlstudio.data.core.errors import DataError
from dlstudio.data.core.normaliser import fit_normaliser, fit_target
from dlstudio.data.core.progress import (
    IsCancelled,
    ProgressCallback,
    ignore_progress,
    never_cancelled,
)
from dlstudio.data.core.split import IntArray, split_indices
from dlstudio.data.sequences.row_sequences import to_row_sequences
from dlstudio.data.sources.dataset_info import declared_info, info_for_samples, sample_signal
from dlstudio.data.sources.framework.read_request import ReadRequest
from dlstudio.data.sources.sources import find_source, is_plugin, parse_options
from dlstudio.design.model.data_settings import DataSettings, Split
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.storage.file_errors import file_error_reason
from dlstudio.entry_points import reason_text, resolve_target

_MANY_SAMPLES = 20
Readable = RawSamples | RawSource | DataSet
"""What a reader returns: all samples, samples that need fitting, or a whole data set."""


def load_data(
    settings: DataSettings,
    *,
    data_dir: str = "",
    design_dir: str = "",
    progress: ProgressCallback = ignore_progress,
    cancelled: IsCancelled = never_cancelled,
    download: bool = True,
) -> DataSet:
    """Return the data set that `settings` name, split and with a fitted normaliser.

    Args:
        settings: Source, options, split and normalisation.
        data_dir: Folder of downloads; empty uses DLSTUDIO_DATA, else the user's data folder.
        design_dir: Base folder of relative paths to the user's own data.
        progress: Called with a message and the completed share (None if unknown).
        cancelled: Polled; returns True to stop.
        download: Whether missing files may be downloaded.

    Raises:
        DataError: The data cannot be loaded; the message says why and what to do.
        Cancelled: `cancelled` returned True.
    """
    try:
        request = _read_request(
            settings, data_dir, design_dir, progress, cancelled, download=download
        )
        data = _with_class_facts(_to_dataset(_read(request), settings), request)
        if request.options.get("rows"):
            return to_row_sequences(data, settings.augmentation)
        return data
    except OSError as error:
        raise DataError(
            f"The data cannot be read ({file_error_reason(error)}). Check the file and try again."
        ) from error
    except MemoryError as error:
        raise DataError("The data does not fit in memory. Use fewer or smaller samples.") from error


def load_stand_in(settings: DataSettings) -> DataSet | None:
    """Return the samples to show while the data set is not downloaded, as its test subset.

    They are normalised with the statistics of the data set. The training subset, which a data set
    must have, is the same. None if the source has no such samples.
    """
    source = find_source(settings.source)
    stand_in = source.stand_in
    if stand_in is None:
        return None
    samples = resolve_target(stand_in.reader)()
    if settings.normalise == "standardise":
        settings = replace(
            settings, normalise="fixed", mean=stand_in.mean, deviation=stand_in.deviation
        )
    data = assemble(
        source_from_samples(replace(samples, test=samples.data)),
        replace(settings, split=Split(validation=0.0, test=0.0)),
    )
    if parse_options(source.name, settings.options).get("rows"):
        return to_row_sequences(data, settings.augmentation)
    return data


def _read_request(
    settings: DataSettings,
    data_dir: str,
    design_dir: str,
    progress: ProgressCallback,
    cancelled: IsCancelled,
    *,
    download: bool,
) -> ReadRequest:
    source = find_source(settings.source)
    options = parse_options(source.name, settings.options)
    path = None
    if source.needs_path or options.get("path"):
        path = resolve_data_path(options["path"], design_dir)
        progress(f"Reading {path.name}", None)
    return ReadRequest(
        source, settings, options, path, data_folder(data_dir), progress, cancelled, download
    )


def _read(request: ReadRequest) -> Readable:
    """Call the source's reader; its module, which may need torch, is imported here."""
    source = request.source
    try:
        reader: Callable[[ReadRequest], object] = resolve_target(source.reader)
    except Exception as error:
        if is_plugin(source):
            raise DataError(f"{source.title} cannot be read: {reason_text(error)}.") from error
        raise
    readable = reader(request)
    if not isinstance(readable, Readable):
        kind = type(readable).__name__
        raise DataError(
            f"{source.title} cannot be read: its reader returns a {kind} instead of samples."
        )
    return readable


def _to_dataset(readable: Readable, settings: DataSettings) -> DataSet:
    if isinstance(readable, RawSamples):
        readable = source_from_samples(readable)
    data = readable if isinstance(readable, DataSet) else assemble(readable, settings)
    target = data.facts.target
    if not settings.standardise_target or target is None or target.meaning != "value":
        return data
    assert data.train.target is not None
    return replace(data, target_scale=fit_target(data.train.target))


def assemble(source: RawSource, settings: DataSettings) -> DataSet:
    """Split a raw source, and fit the normaliser on the training subset."""
    indices = split_indices(
        source.count,
        settings.split,
        has_test=source.has_test,
        has_validation=source.has_validation,
        classes=source.classes,
    )
    samples = source.make_samples(indices.train)
    train = _select(samples.data, indices.train)
    validation = samples.validation or _select(samples.data, indices.validation)
    test = samples.test or _select(samples.data, indices.test)
    return DataSet(
        train=train,
        validation=validation if len(validation) else None,
        test=test if len(test) else None,
        facts=_info_of_samples(samples, {"train": train, "validation": validation, "test": test}),
        normaliser=fit_normaliser(
            _feature_rows(train, samples.facts), settings, samples.indicators
        ),
        columns=samples.columns,
        warnings=(*samples.warnings, *_single_sample_classes(source, samples.class_names)),
        vocabulary=samples.vocabulary,
        target_names=samples.target_names,
        left_out=samples.left_out,
        table=samples.table,
        own_subsets=frozenset(
            name
            for name, subset in (("validation", samples.validation), ("test", samples.test))
            if subset is not None
        ),
        original=samples.original,
    )


def _single_sample_classes(source: RawSource, names: tuple[str, ...]) -> list[str]:
    """Return a line for classes that only one of many samples has."""
    if source.classes is None or source.count < _MANY_SAMPLES or not names:
        return []
    counts = np.bincount(source.classes, minlength=len(names))
    single = [name for name, count in zip(names, counts, strict=False) if count == 1]
    if not single:
        return []
    shown = ", ".join(single[:5]) + (f" and {len(single) - 5:,} more" if len(single) > 5 else "")
    who = f"Class {shown} has" if len(single) == 1 else f"Classes {shown} have each"
    return [f"{who} only one sample, which cannot be both learned and evaluated."]


def _with_class_facts(data: DataSet, request: ReadRequest) -> DataSet:
    """Add what the user's own data has of each class or label; other data declares it."""
    declared = declared_info(request.source, request.options, request.split)
    if declared is not None:
        known = replace(
            data.facts, class_counts=declared.class_counts, label_names=declared.label_names
        )
        return replace(data, facts=known)
    target = data.facts.target
    if target is not None and target.meaning == "labels":
        return replace(data, facts=replace(data.facts, label_names=data.target_names))
    if target is None or target.meaning != "class" or target.shape:
        return data
    classes = len(data.facts.class_names)
    subsets = [subset.target for subset in data.subsets.values() if subset.target is not None]
    counts = torch.bincount(torch.cat(subsets), minlength=classes)
    return replace(data, facts=replace(data.facts, class_counts=tuple(counts.tolist())))


def _select(subset: Subset, rows: IntArray) -> Subset:
    return subset.select(torch.from_numpy(rows))


def _feature_rows(train: Subset, facts: DatasetInfo | None) -> Mapping[str, Tensor]:
    """Return the inputs for fitting, with all steps of all sequences as rows."""
    known = {} if facts is None else facts.inputs
    return {
        role: raw.flatten(0, 1) if role in known and known[role].meaning == "sequence" else raw
        for role, raw in train.inputs.items()
    }


def _info_of_samples(samples: RawSamples, subsets: dict[str, Subset]) -> DatasetInfo:
    if samples.facts is not None:
        return replace(
            samples.facts, samples={name: len(subset) for name, subset in subsets.items()}
        )
    target = samples.data.target
    info = info_for_samples(
        sample_signal(tuple(samples.data.inputs["samples"].shape[1:])),
        samples.class_names,
        samples={name: len(subset) for name, subset in subsets.items()},
        target_shape=None if target is None else tuple(target.shape[1:]),
        labels=target is not None and _is_multilabel(target),
    )
    return replace(info, rules=samples.rules)


def _is_multilabel(target: torch.Tensor) -> bool:
    """Whether each sample has several values, all 0 or 1."""
    has_rows = target.is_floating_point() and target.ndim == 2 and target.shape[1] > 1
    return has_rows and bool(((target == 0) | (target == 1)).all())
