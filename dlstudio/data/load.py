"""Reads, divides and measures the data a project names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from dlstudio.data.errors import DataError
from dlstudio.data.facts import facts_for, sample_signal
from dlstudio.data.folders import data_folder, own_path
from dlstudio.data.normaliser import fit
from dlstudio.data.parts import Cancelled, DataSet, Part, Progress, Reading, Samples, reading_of
from dlstudio.data.source import Source
from dlstudio.data.sources import DIVIDED, find_source, read_options
from dlstudio.data.split import Rows, divide
from dlstudio.design.data_settings import DataSettings
from dlstudio.design.signals import DataFacts


def _quiet(text: str, done: float | None) -> None:
    """Tell nobody."""


def _never() -> bool:
    return False


def load_data(
    settings: DataSettings,
    *,
    data_dir: str = "",
    design_dir: str = "",
    progress: Progress = _quiet,
    cancelled: Cancelled = _never,
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
        if settings.source in DIVIDED:
            return _read_divided(settings, design_dir)
        folder = data_folder(data_dir)
        raw = _read(settings, folder, design_dir, progress, cancelled, download=download)
        return _arranged(assemble(raw, settings), settings)
    except OSError as error:
        raise DataError(
            f"The data cannot be read ({error}). Check the file and try again."
        ) from error
    except MemoryError as error:
        raise DataError(
            "The data does not fit into memory. Use fewer or smaller samples."
        ) from error


def _arranged(data: DataSet, settings: DataSettings) -> DataSet:
    if not read_options(settings.source, settings.options).get("rows"):
        return data
    from dlstudio.data.rows import by_rows

    return by_rows(data, settings.augmentation)


def assemble(reading: Reading, settings: DataSettings) -> DataSet:
    """Divide what was read, and measure its training part."""
    indices = divide(
        reading.count, settings.split, own_test=reading.own_test, classes=reading.classes
    )
    samples = reading.samples(indices.train)
    train = _select(samples.part, indices.train)
    validation = _select(samples.part, indices.validation)
    test = samples.own_test or _select(samples.part, indices.test)
    return DataSet(
        train=train,
        validation=validation if len(validation) else None,
        test=test if len(test) else None,
        facts=_facts(samples, {"train": train, "validation": validation, "test": test}),
        normaliser=fit(_measured(train, samples.facts), settings, samples.indicators),
        columns=samples.columns,
        warnings=samples.warnings,
        vocabulary=samples.vocabulary,
        target_names=samples.target_names,
    )


def _read(
    settings: DataSettings,
    folder: Path,
    design_dir: str,
    progress: Progress,
    cancelled: Cancelled,
    *,
    download: bool,
) -> Reading:
    source = find_source(settings.source)
    options = read_options(source.name, settings.options)
    samples = _made(source, options)
    if samples is not None:
        return reading_of(samples)
    if source.group == "Downloads":
        from dlstudio.data.downloaded import demand, read_downloaded

        if not download:
            demand(source.name, folder)
        return reading_of(read_downloaded(source.name, folder, progress, cancelled))
    path = own_path(options["path"], design_dir)
    progress(f"Reading {path.name}", None)
    if source.folder:
        return reading_of(_reader(source.name)(path, options, progress, cancelled))
    if source.name == "npz":
        from dlstudio.data.npz_file import read_npz

        return reading_of(read_npz(path, options))
    from dlstudio.data.csv_samples import read_csv

    return read_csv(path, options)


_Reader = Callable[[Path, Mapping[str, Any], Progress, Cancelled], Samples]


def _made(source: Source, options: Mapping[str, Any]) -> Samples | None:
    """Return the samples of a source that needs neither a file nor a network."""
    if source.group == "Built in":
        from dlstudio.data.embedded import read_embedded

        return read_embedded(source.name, options)
    if source.name in ("shapes", "printed", "tones"):
        return _made_pictures(source.name, options)
    if source.group == "Toys":
        from dlstudio.data.toys import read_toy

        return read_toy(source.name, options)
    if source.group == "Generated":
        from dlstudio.data.generated import read_generated

        return read_generated(source.name, options)
    return None


def _made_pictures(name: str, options: Mapping[str, Any]) -> Samples:
    if name == "shapes":
        from dlstudio.data.shapes import read_shapes

        return read_shapes(options)
    if name == "printed":
        from dlstudio.data.printed import read_printed

        return read_printed(options)
    from dlstudio.data.tones import read_tones

    return read_tones(options)


def _reader(name: str) -> _Reader:
    """Return what reads the source of a folder."""
    if name == "mask-folder":
        from dlstudio.data.mask_folder import read_mask_folder

        return read_mask_folder
    if name == "sound-folder":
        from dlstudio.data.sound_folder import read_sound_folder

        return read_sound_folder
    from dlstudio.data import image_folder

    labelled = name == "image-folder"
    return image_folder.read_image_folder if labelled else image_folder.read_picture_folder


def _read_divided(settings: DataSettings, design_dir: str) -> DataSet:
    """Read a source that divides its samples itself, along their order."""
    options = read_options(settings.source, settings.options)
    if settings.source == "series":
        from dlstudio.data.series import made_series, series_set

        return series_set(made_series(options), settings, options, "the series")
    if settings.source == "series-csv":
        from dlstudio.data.csv_series import read_series
        from dlstudio.data.series import series_set

        values, name, warnings = read_series(own_path(options["path"], design_dir), options)
        return series_set(torch.from_numpy(values), settings, options, name, warnings)
    path = own_path(options["path"], design_dir) if options["path"] else None
    from dlstudio.data.text import read_tokens

    return read_tokens(path, options, settings.split)


def _select(part: Part, rows: Rows) -> Part:
    return part.select(torch.from_numpy(rows))


def _measured(train: Part, facts: DataFacts | None) -> Mapping[str, Tensor]:
    """Return the inputs as features are measured: all steps of all sequences as rows."""
    known = {} if facts is None else facts.inputs
    return {
        role: raw.flatten(0, 1) if role in known and known[role].meaning == "sequence" else raw
        for role, raw in train.inputs.items()
    }


def _facts(samples: Samples, parts: dict[str, Part]) -> DataFacts:
    if samples.facts is not None:
        return replace(samples.facts, samples={name: len(subset) for name, subset in parts.items()})
    target = samples.part.target
    return facts_for(
        sample_signal(tuple(samples.part.inputs["samples"].shape[1:])),
        samples.class_names,
        samples={name: len(subset) for name, subset in parts.items()},
        target_shape=None if target is None else tuple(target.shape[1:]),
        labels=target is not None and _are_labels(target),
    )


def _are_labels(target: torch.Tensor) -> bool:
    """Whether there are several values a sample, each 0 or 1."""
    rows = target.is_floating_point() and target.ndim == 2 and target.shape[1] > 1
    return rows and bool(((target == 0) | (target == 1)).all())
