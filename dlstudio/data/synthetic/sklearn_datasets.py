"""The small real data sets that come with scikit-learn, read without a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from dlstudio.data.core.dataset import RawSamples, Subset
from dlstudio.data.core.errors import DataError
from dlstudio.data.sources.dataset_info import BUILTIN


def read_sklearn(name: str, options: Mapping[str, Any]) -> RawSamples:
    """Return all samples of an embedded set; digits as large as wanted."""
    from sklearn import datasets

    loaders = {
        "digits": datasets.load_digits,
        "iris": datasets.load_iris,
        "wine": datasets.load_wine,
        "breast-cancer": datasets.load_breast_cancer,
        "diabetes": lambda: datasets.load_diabetes(scaled=False),
    }
    bunch = loaders[name]()
    info = BUILTIN[name]
    if name == "digits":
        grey = np.rint(bunch.images * (255 / 16)).astype(np.uint8)
        samples = upscale(torch.from_numpy(grey).unsqueeze(1), options["size"], options["margin"])
    else:
        samples = torch.from_numpy(bunch.data.astype(np.float32))
    dtype = np.int64 if info.class_names else np.float32
    target = torch.from_numpy(bunch.target.astype(dtype))
    columns = () if name == "digits" else tuple(str(column) for column in bunch.feature_names)
    return RawSamples(
        Subset({"samples": samples}, target), class_names=info.class_names, columns=columns
    )


def upscale(images: Tensor, side: int, margin: int) -> Tensor:
    """Return uint8 pictures `(N, 1, S, S)` with `side` pixels a side, `margin` of them black.

    Raises:
        DataError: The margins leave no room.
    """
    inner = side - 2 * margin
    if inner < 1:
        raise DataError(
            f"Margins of {margin} pixels leave nothing of pictures of {side}. Make them smaller, "
            "or the pictures larger."
        )
    if inner != images.shape[-1]:
        sized = functional.interpolate(images.float(), (inner, inner), mode="bicubic")
        images = sized.round_().clamp_(0, 255).to(torch.uint8)
    return functional.pad(images, [margin] * 4)
