"""How a loss developed over the epochs: whether it still falls, and for how long it might.

Imports neither torch nor numpy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean

_MIN_EPOCHS = 3
_WINDOW_SHARE, _MIN_WINDOW = 0.3, 4
"""The trend is that of this share of the epochs, at the end, and of so many at least."""
_MIN_SHARE_OF_FALL, _MIN_SHARE_OF_LOSS = 0.05, 0.02
"""The fall that counts, as a share of the fall of the whole run and of the loss that is left."""
_CERTAINTY = 2.5
"""The slope must be this many times its standard error."""
_MIN_OVERFITTING, _MIN_RISE, _TINY = 5, 0.1, 1e-12
"""Epochs for which the validation loss must have risen, and by which share of its best value."""
_PART_LEFT = 0.1
"""The further epochs should leave this part of the fall that can still be expected."""
_MIN_SHARE, _DEFAULT_SHARE = 0.1, 0.2
"""Shares of the completed epochs: the fewest further ones, and those without a trend."""


def epochs_to_continue(losses: Sequence[float]) -> int:
    """Return for how many epochs a loss that still clearly falls should be trained on.

    The loss is taken to approach a limit exponentially, as in the last epochs; never more epochs
    are returned than are completed.

    Args:
        losses: Loss of each epoch; those that are not finite are left out.

    Returns:
        0 if the loss no longer clearly falls, or there are too few epochs to say.
    """
    values = [loss for loss in losses if math.isfinite(loss)]
    count = len(values)
    if count < _MIN_EPOCHS:
        return 0
    tail = values[-max(math.ceil(_WINDOW_SHARE * count), min(_MIN_WINDOW, count)) :]
    slope, error = _slope(tail)
    fall = -slope * (len(tail) - 1)
    left, whole = abs(fmean(tail[-2:])), max(values) - min(tail)
    is_clear = slope < 0 and -slope >= _CERTAINTY * error
    if not is_clear or fall < max(_MIN_SHARE_OF_LOSS * left, _MIN_SHARE_OF_FALL * whole):
        return 0
    if min(tail[-2:]) > min(values):
        return 0
    return min(rounded_epochs(max(_epochs_to_limit(tail, count), _MIN_SHARE * count)), count)


def default_epochs(completed: int) -> int:
    """Return a number of further epochs for a run whose loss shows no clear trend."""
    return rounded_epochs(_DEFAULT_SHARE * completed)


def overfitting_since(training: Sequence[float], validation: Sequence[float]) -> int:
    """Return the epoch after which the validation loss rose for long while the training loss fell.

    Args:
        training: Mean training loss of each epoch.
        validation: Validation loss after each epoch.

    Returns:
        The epoch with the lowest validation loss; 0 if the network does not clearly overfit.
    """
    count = min(len(training), len(validation))
    losses = [*training[:count], *validation[:count]]
    if count < _MIN_EPOCHS or not all(map(math.isfinite, losses)):
        return 0
    best = min(range(count), key=validation.__getitem__)
    rest = count - 1 - best
    if rest < max(_MIN_OVERFITTING, _WINDOW_SHARE * count):
        return 0
    tail = slice(count - max(rest // 3, 1), count)
    rise = fmean(validation[tail]) - validation[best]
    is_rising = rise > _MIN_RISE * max(abs(validation[best]), _TINY)
    return best + 1 if is_rising and fmean(training[tail]) < training[best] else 0


def rounded_epochs(epochs: float) -> int:
    """Return a number of epochs with one digit that is 1, 2, 3 or 5."""
    power = 10.0 ** math.floor(math.log10(max(epochs, 1.0)))
    digits = (1, 2, 3, 5, 10)
    middles = [math.sqrt(low * high) for low, high in pairwise(digits)]
    return round(power * digits[sum(epochs / power >= middle for middle in middles)])


def _epochs_to_limit(tail: Sequence[float], count: int) -> float:
    """Return the epochs until most of the fall is over, if each part falls less than the last."""
    size = len(tail) / 3
    first, middle, last = (
        fmean(tail[round(part * size) : max(round((part + 1) * size), round(part * size) + 1)])
        for part in range(3)
    )
    earlier, later = first - middle, middle - last
    if not 0 < later < earlier:
        return float(count)
    return size * math.log(_PART_LEFT) / math.log(later / earlier)


def _slope(values: Sequence[float]) -> tuple[float, float]:
    """Return the slope of the regression line and its standard error."""
    count, mean = len(values), fmean(values)
    centre = (count - 1) / 2
    spread = sum((index - centre) ** 2 for index in range(count))
    slope = sum((index - centre) * (value - mean) for index, value in enumerate(values)) / spread
    rest = sum((value - mean - slope * (index - centre)) ** 2 for index, value in enumerate(values))
    return slope, math.sqrt(rest / max(count - 2, 1) / spread)
