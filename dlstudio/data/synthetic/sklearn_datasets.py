"""Reads the small real data sets that ship with scikit-learn; no download needed."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from dlstudio.data.core.dataset import RawSamples, Subset
from dlstudio.data.core.errors import DataError
from dlstudio.data.sources.framework.builtin_info import DIGITS
from dlstudio.data.sources.framework.read_request import ReadRequest


def read_digits(request: ReadRequest) -> RawSamples:
    """Return handwritten digits in the size of the options."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    grey = np.rint(digits.images * (255 / 16)).astype(np.uint8)
    images = torch.from_numpy(grey).unsqueeze(1)
    samples = upscale(images, request.options["size"], request.options["margin"])
    target = torch.from_numpy(digits.target.astype(np.int64))
    return RawSamples(Subset({"samples": samples}, target), class_names=DIGITS)


def read_iris(request: ReadRequest) -> RawSamples:
    """Return the Iris data set."""
    from sklearn.datasets import load_iris

    return _table(load_iris(), request)


def read_wine(request: ReadRequest) -> RawSamples:
    """Return the Wine data set."""
    from sklearn.datasets import load_wine

    return _table(load_wine(), request)


def read_breast_cancer(request: ReadRequest) -> RawSamples:
    """Return the Wisconsin breast cancer data set."""
    from sklearn.datasets import load_breast_cancer

    return _table(load_breast_cancer(), request)


def read_diabetes(request: ReadRequest) -> RawSamples:
    """Return the Diabetes data set, with unscaled features."""
    from sklearn.datasets import load_diabetes

    return _table(load_diabetes(scaled=False), request)


def _table(bunch: Any, request: ReadRequest) -> RawSamples:
    """Return rows of features; the class names come from the source's declaration."""
    class_names = request.builtin.class_names
    samples = torch.from_numpy(bunch.data.astype(np.float32))
    target = torch.from_numpy(bunch.target.astype(np.int64 if class_names else np.float32))
    return RawSamples(
        Subset({"samples": samples}, target),
        class_names=class_names,
        columns=tuple(str(column) for column in bunch.feature_names),
    )


def upscale(images: Tensor, side: int, margin: int) -> Tensor:
    """Return uint8 images `(N, 1, side, side)` with a black margin, resized bicubically.

    Raises:
        DataError: The margins leave no pixels for the image.
    """
    inner = side - 2 * margin
    if inner < 1:
        raise DataError(
            f"Margins of {margin} pixels leave nothing of images of {side}×{side}. Make the "
            "margins smaller, or the images larger."
        )
    if inner != images.shape[-1]:
        sized = functional.interpolate(images.float(), (inner, inner), mode="bicubic")
        images = sized.round_().clamp_(0, 255).to(torch.uint8)
    return functional.pad(images, [margin] * 4)
