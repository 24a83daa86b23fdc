"""Hands pictures over row by row, as a sequence of steps."""

from __future__ import annotations

from dataclasses import replace

from torch import Tensor

from dlstudio.data.facts import facts_by_rows
from dlstudio.data.normaliser import Affine, Normaliser
from dlstudio.data.parts import DataSet, Part
from dlstudio.design.data_settings import Augmentation

_SAMPLES = "samples"


def by_rows(data: DataSet, augmentation: Augmentation) -> DataSet:
    """Return a set of pictures (N, C, H, W) as sequences (N, H, C · W), scaled as before."""
    width = data.train.inputs[_SAMPLES].shape[3]
    warnings = data.warnings
    if augmentation != Augmentation():
        warnings = (*warnings, "Pictures that are handed over row by row are not augmented")
    roles = {role: _spread(affine, width) for role, affine in data.normaliser.roles.items()}
    return replace(
        data,
        train=_part(data.train),
        validation=None if data.validation is None else _part(data.validation),
        test=None if data.test is None else _part(data.test),
        facts=facts_by_rows(data.facts),
        normaliser=Normaliser(roles),
        warnings=warnings,
    )


def _part(part: Part) -> Part:
    images = part.inputs[_SAMPLES].movedim(1, 2)
    return replace(part, inputs={**part.inputs, _SAMPLES: images.flatten(2)})


def _spread(affine: Affine, width: int) -> Affine:
    """Return a channel's figures for each of its pixels in a row."""

    def per_pixel(values: Tensor) -> Tensor:
        return values.flatten().repeat_interleave(width)

    return Affine(per_pixel(affine.scale), per_pixel(affine.shift))
