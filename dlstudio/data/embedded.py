"""The small real data sets that come with scikit-learn, read without a network."""

from __future__ import annotations

import numpy as np
import torch

from dlstudio.data.facts import DECLARED
from dlstudio.data.parts import Part, Samples


def read_embedded(name: str) -> Samples:
    """Return all samples of an embedded set."""
    from sklearn import datasets

    loaders = {
        "digits": datasets.load_digits,
        "iris": datasets.load_iris,
        "wine": datasets.load_wine,
        "breast-cancer": datasets.load_breast_cancer,
        "diabetes": lambda: datasets.load_diabetes(scaled=False),
    }
    bunch = loaders[name]()
    declared = DECLARED[name]
    if name == "digits":
        grey = np.rint(bunch.images * (255 / 16)).astype(np.uint8)
        samples = torch.from_numpy(grey).unsqueeze(1)
    else:
        samples = torch.from_numpy(bunch.data.astype(np.float32))
    kind = np.int64 if declared.class_names else np.float32
    target = torch.from_numpy(bunch.target.astype(kind))
    columns = () if name == "digits" else tuple(str(column) for column in bunch.feature_names)
    return Samples(
        Part({"samples": samples}, target), class_names=declared.class_names, columns=columns
    )
