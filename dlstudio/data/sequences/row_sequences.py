"""Turns images into sequences, one row per step."""

from __future__ import annotations

from dataclasses import replace

from torch import Tensor

from dlstudio.data.core.dataset import DataSet, Subset
from dlstudio.data.core.normaliser import Affine, Normaliser
from dlstudio.data.sources.dataset_info import info_by_rows
from dlstudio.design.model.data_settings import Augmentation

_SAMPLES = "samples"


def to_row_sequences(data: DataSet, augmentation: Augmentation) -> DataSet:
    """Return images (N, C, H, W) as sequences (N, H, C · W), with unchanged normalisation."""
    width = data.train.inputs[_SAMPLES].shape[3]
    warnings = data.warnings
    if augmentation != Augmentation():
        warnings = (*warnings, "Images that are read row by row are not augmented")
    roles = {role: _per_pixel(affine, width) for role, affine in data.normaliser.roles.items()}
    return replace(
        data,
        train=_to_rows(data.train),
        validation=None if data.validation is None else _to_rows(data.validation),
        test=None if data.test is None else _to_rows(data.test),
        facts=info_by_rows(data.facts),
        normaliser=Normaliser(roles),
        warnings=warnings,
    )


def _to_rows(subset: Subset) -> Subset:
    images = subset.inputs[_SAMPLES].movedim(1, 2)
    return replace(subset, inputs={**subset.inputs, _SAMPLES: images.flatten(2)})


def _per_pixel(affine: Affine, width: int) -> Affine:
    """Repeat each channel's scale and shift for all its pixels in a row."""

    def per_pixel(values: Tensor) -> Tensor:
        return values.flatten().repeat_interleave(width)

    return Affine(per_pixel(affine.scale), per_pixel(affine.shift))
