"""The registry of data sources: one line each, in the order of lists. Does not import torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlstudio.data.core.errors import DataError
from dlstudio.data.sources.framework.source import BUILT_IN, SourceSpec
from dlstudio.data.sources.source_plugins import find_source_plugins
from dlstudio.data.sources.specs import (
    downloads,
    folders,
    images,
    points,
    sequences,
    sklearn_datasets,
    tables,
    text,
)
from dlstudio.design.model.values import Value

_SPECS: tuple[SourceSpec, ...] = (
    sklearn_datasets.DIGITS,
    sklearn_datasets.IRIS,
    sklearn_datasets.WINE,
    sklearn_datasets.BREAST_CANCER,
    sklearn_datasets.DIABETES,
    points.MOONS,
    points.CIRCLES,
    points.XOR,
    points.GAUSSIANS,
    points.RING,
    points.SPIRALS,
    points.POINTS,
    points.MOVIE,
    images.SHAPES,
    images.PRINTED,
    images.TONES,
    sequences.ADDING,
    sequences.COPY_MEMORY,
    sequences.WORD_REVERSAL,
    sequences.DATES,
    sequences.REVIEWS,
    sequences.SERIES,
    downloads.MNIST,
    downloads.FASHION_MNIST,
    downloads.KMNIST,
    downloads.CIFAR10,
    downloads.CIFAR100,
    folders.IMAGE_FOLDER,
    folders.PICTURE_FOLDER,
    folders.MASK_FOLDER,
    folders.SOUND_FOLDER,
    tables.CSV,
    tables.SERIES_CSV,
    tables.NPZ,
    text.TEXT,
)

_PLUGINS = find_source_plugins({source.name for source in _SPECS})

SOURCES: Mapping[str, SourceSpec] = {
    **{source.name: source for source in _SPECS},
    **_PLUGINS.declarations,
}

PLUGIN_ERRORS: tuple[str, ...] = _PLUGINS.errors
"""A line for every skipped source of an installed package, with the reason."""

OFFLINE_TITLES = ", ".join(source.title for source in _SPECS if source.group == BUILT_IN)
"""Titles of the data sets that need no download, for messages."""

UNLABELLED_IMAGES = next(
    source.name
    for source in _SPECS
    if source.is_folder and source.form == "pictures" and not source.has_target
)
"""Name of the source that reads any folder of images."""


def is_plugin(source: SourceSpec) -> bool:
    """Whether the source comes from an installed package."""
    return source is _PLUGINS.declarations.get(source.name)


def find_source(name: str) -> SourceSpec:
    """Return the source of that name; raise DataError if there is none."""
    if name not in SOURCES:
        known = ", ".join(source.title for source in SOURCES.values())
        raise DataError(
            f"There is no data source called {name!r}. Install the package it comes from, "
            f"or choose one of: {known}."
        )
    return SOURCES[name]


def parse_options(name: str, options: Mapping[str, Value]) -> Mapping[str, Any]:
    """Return the source's options, parsed, with defaults for those that are not set.

    Raises:
        DataError: An unknown source or option, or a value of the wrong type or range.
    """
    source = find_source(name)
    unknown = [option for option in options if option not in source.options]
    if unknown:
        raise DataError(f"{source.title} has no option called {unknown[0]!r}.")
    try:
        return {
            option: setting.parse(options.get(option, setting.default))
            for option, setting in source.options.items()
        }
    except ValueError as error:
        raise DataError(f"{source.title}: {error}.") from error
