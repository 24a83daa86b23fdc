"""Small folders of images and sounds for tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image

from dlstudio.data.core.dataset import DataSet
from dlstudio.data.load import load_data
from dlstudio.design.model.data_settings import DataSettings, Split


def save_image(path: Path, seed: int = 0, size: int = 8, **options: object) -> None:
    """Write a random colour image, in the format of the ending or in the given one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (size, size, 3)).astype(np.uint8)
    Image.fromarray(pixels).save(path, **options)


def save_classes(root: Path, names: Iterable[str], count: int, start: int = 0) -> None:
    """Write `count` images for each class."""
    for label, name in enumerate(names):
        for number in range(start, start + count):
            save_image(root / name / f"{number:03}.png", 1000 * label + number)


def load_folder(
    path: Path, source: str = "image-folder", split: Split | None = None, **options: object
) -> DataSet:
    """Read a folder; without a split, all samples that have no folder of their own are training."""
    size = {} if source == "sound-folder" else {"size": (8, 8)}
    settings = DataSettings(
        source, {"path": str(path), **size, **options}, split=split or Split(0.0, 0.0)
    )
    return load_data(settings)


def count_files(root: Path) -> int:
    """Return the number of files below a folder, without following links."""
    return sum(1 for path in root.rglob("*") if path.is_symlink() or not path.is_dir())
