"""Sizes of the subsets of a split. Imports no numpy: the window needs them at its first paint."""

from __future__ import annotations

from dlstudio.design.model.data_settings import Split


def subset_sizes(
    count: int, split: Split, *, has_test: bool, has_validation: bool = False
) -> tuple[int, int, int]:
    """Return the sizes of the training, validation and test subsets of `count` samples.

    The test share applies to all samples, the validation share to the rest. A data set with its
    own test or validation set needs none held out. At least one sample is left for training.
    """
    test = 0 if has_test else _held_out_size(count, split.test)
    rest = count - test
    validation = 0 if has_validation else _held_out_size(rest, split.validation)
    return rest - validation, validation, test


def _held_out_size(count: int, share: float) -> int:
    return max(min(round(count * min(share, 1.0)), count - 1), 0)


def training_size(size: int, split: Split) -> int:
    """Return how many of the `size` training samples are used."""
    return min(size, split.most) if split.most > 0 else size
