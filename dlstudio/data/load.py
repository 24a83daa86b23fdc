"""Reads, divides and measures the data a project names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from dlstudio.data.core.data_paths import data_folder, resolve_data_path
from dlstudio.data.core.dataset import (
    DataSet,
    IsCancelled,
    ProgressCallback,
    RawSamples,
    RawSource,
    Subset,
    source_from_samples,
)
from dlstudio.data.core.errors import DataError
from dlstudio.data.core.normaliser import fit_normaliser
from dlstudio.data.core.split import IntArray, split_indices
from dlstudio.data.sources.dataset_info import info_for_samples, sample_signal
from dlstudio.data.sources.source import SourceSpec
from dlstudio.data.sources.sources import SEQUENTIAL_SPLIT, find_source, parse_options
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.signals import DatasetInfo


def _ignore_progress(text: str, done: float | None) -> None:
    """Tell nobody."""


def _never_cancelled() -> bool:
    return False


def load_data(
    settings: DataSettings,
    *,
    data_dir: str = "",
    design_dir: str = "",
    progress: ProgressCallback = _ignore_progress,
    cancelled: IsCancelled = _never_cancelled,
    download: bool = True,
) -> DataSet:
    """Return the data set that `settings` name, divided and measured.

    Args:
        settings: Source, options, split and normalisation.
        data_dir: Folder of downloads; empty takes DLSTUDIO_DATA, then the user's own folder.
        design_dir: Folder that relative paths of the user's own data start from.
        progress: Told what goes on and the share done (None where it cannot be known).
        cancelled: Asked now and then whether to stop.
        download: Whether what is not there may be fetched.

    Raises:
        DataError: The data cannot be had; the text says why and what to do.
        Cancelled: `cancelled` said so.
    """
    try:
        if settings.source in SEQUENTIAL_SPLIT:
            return _read_sequential(settings, design_dir)
        folder = data_folder(data_dir)
        raw = _read_source(settings, folder, design_dir, progress, cancelled, download=download)
        return _apply_row_option(assemble(raw, settings), settings)
    except OSError as error:
        raise DataError(
            f"The data cannot be read ({error}). Check the file and try again."
        ) from error
    except MemoryError as error:
        raise DataError(
            "The data does not fit into memory. Use fewer or smaller samples."
        ) from error


def _apply_row_option(data: DataSet, settings: DataSettings) -> DataSet:
    if not parse_options(settings.source, settings.options).get("rows"):
        return data
    from dlstudio.data.sequences.row_sequences import to_row_sequences

    return to_row_sequences(data, settings.augmentation)


def assemble(source: RawSource, settings: DataSettings) -> DataSet:
    """Divide what was read, and measure its training part."""
    indices = split_indices(
        source.count, settings.split, has_test=source.has_test, classes=source.classes
    )
    samples = source.make_samples(indices.train)
    train = _select(samples.data, indices.train)
    validation = _select(samples.data, indices.validation)
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
        warnings=samples.warnings,
        vocabulary=samples.vocabulary,
        target_names=samples.target_names,
    )


def _read_source(
    settings: DataSettings,
    folder: Path,
    design_dir: str,
    progress: ProgressCallback,
    cancelled: IsCancelled,
    *,
    download: bool,
) -> RawSource:
    source = find_source(settings.source)
    options = parse_options(source.name, settings.options)
    samples = _read_synthetic(source, options)
    if samples is not None:
        return source_from_samples(samples)
    if source.group == "Downloads":
        from dlstudio.data.downloads.torchvision_datasets import read_downloaded, require_local

        if not download:
            require_local(source.name, folder)
        return source_from_samples(read_downloaded(source.name, folder, progress, cancelled))
    path = resolve_data_path(options["path"], design_dir)
    progress(f"Reading {path.name}", None)
    if source.is_folder:
        return source_from_samples(_folder_reader(source.name)(path, options, progress, cancelled))
    if source.name == "npz":
        from dlstudio.data.files.npz_file import read_npz

        return source_from_samples(read_npz(path, options))
    from dlstudio.data.files.csv_dataset import read_csv

    return read_csv(path, options)


_FolderReader = Callable[[Path, Mapping[str, Any], ProgressCallback, IsCancelled], RawSamples]


def _read_synthetic(source: SourceSpec, options: Mapping[str, Any]) -> RawSamples | None:
    """Return the samples of a source that needs neither a file nor a network."""
    if source.group == "Built in":
        from dlstudio.data.synthetic.sklearn_datasets import read_sklearn

        return read_sklearn(source.name, options)
    if source.name in ("shapes", "printed", "tones"):
        return _read_synthetic_images(source.name, options)
    if source.group == "Toys":
        from dlstudio.data.synthetic.synthetic_points import read_synthetic_points

        return read_synthetic_points(source.name, options)
    if source.group == "Generated":
        from dlstudio.data.synthetic.synthetic_sequences import read_synthetic_sequences

        return read_synthetic_sequences(source.name, options)
    return None


def _read_synthetic_images(name: str, options: Mapping[str, Any]) -> RawSamples:
    if name == "shapes":
        from dlstudio.data.synthetic.synthetic_shapes import read_shapes

        return read_shapes(options)
    if name == "printed":
        from dlstudio.data.synthetic.synthetic_characters import read_synthetic_characters

        return read_synthetic_characters(options)
    from dlstudio.data.synthetic.synthetic_tones import read_tones

    return read_tones(options)


def _folder_reader(name: str) -> _FolderReader:
    """Return what reads the source of a folder."""
    if name == "mask-folder":
        from dlstudio.data.files.mask_folder import read_mask_folder

        return read_mask_folder
    if name == "sound-folder":
        from dlstudio.data.files.sound_folder import read_sound_folder

        return read_sound_folder
    from dlstudio.data.files import image_folder

    labelled = name == "image-folder"
    return image_folder.read_image_folder if labelled else image_folder.read_unlabelled_folder


def _read_sequential(settings: DataSettings, design_dir: str) -> DataSet:
    """Read a source that divides its samples itself, along their order."""
    options = parse_options(settings.source, settings.options)
    if settings.source == "series":
        from dlstudio.data.sequences.series import series_dataset, synthetic_series

        return series_dataset(synthetic_series(options), settings, options, "the series")
    if settings.source == "series-csv":
        from dlstudio.data.files.csv_series import read_series
        from dlstudio.data.sequences.series import series_dataset

        values, name, warnings = read_series(
            resolve_data_path(options["path"], design_dir), options
        )
        return series_dataset(torch.from_numpy(values), settings, options, name, warnings)
    path = resolve_data_path(options["path"], design_dir) if options["path"] else None
    from dlstudio.data.text.text import read_text_dataset

    return read_text_dataset(path, options, settings.split)


def _select(subset: Subset, rows: IntArray) -> Subset:
    return subset.select(torch.from_numpy(rows))


def _feature_rows(train: Subset, facts: DatasetInfo | None) -> Mapping[str, Tensor]:
    """Return the inputs as features are measured: all steps of all sequences as rows."""
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
    return info_for_samples(
        sample_signal(tuple(samples.data.inputs["samples"].shape[1:])),
        samples.class_names,
        samples={name: len(subset) for name, subset in subsets.items()},
        target_shape=None if target is None else tuple(target.shape[1:]),
        labels=target is not None and _is_multilabel(target),
    )


def _is_multilabel(target: torch.Tensor) -> bool:
    """Whether there are several values a sample, each 0 or 1."""
    rows = target.is_floating_point() and target.ndim == 2 and target.shape[1] > 1
    return rows and bool(((target == 0) | (target == 1)).all())
