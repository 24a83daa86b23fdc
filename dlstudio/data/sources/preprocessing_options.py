"""How any data set is prepared: split, normalisation and augmentation, each setting declared once.

Forms and checks derive from here. Knows no torch.
"""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.layers.framework.settings import Boolean, Choice, Integer, Real, Setting


def _share_setting(title: str, text: str) -> Real:
    return Real(title=title, help=text, default=0.15, minimum=0.0, maximum=1.0)


PREPROCESSING: Mapping[str, Setting] = {
    "split.validation": _share_setting("Validation", "Share held out to judge progress."),
    "split.test": _share_setting(
        "Test", "Share held out to the end, where the set has no test part."
    ),
    "split.seed": Integer(
        title="Seed", help="Another seed divides otherwise.", default=0, minimum=0
    ),
    "split.stratified": Boolean(
        title="Stratified", help="Keep each class's share in each part.", default=True
    ),
    "split.most": Integer(
        title="Training samples",
        help="Trains on only so many samples, as many of each class as its share; 0 takes all. "
        "To see what a network learns from few examples.",
        default=0,
        minimum=0,
    ),
    "normalise": Choice(
        title="Normalise",
        help="How numbers are brought to a common scale, measured on the training part only.",
        default="standardise",
        options=("none", "unit", "standardise", "fixed"),
    ),
    "augmentation.flip": Boolean(
        title="Flip", help="Mirror left and right, half of the time.", default=False
    ),
    "augmentation.shift": Real(
        title="Shift",
        help="Largest shift, as a share of the side.",
        default=0.0,
        minimum=0.0,
        maximum=0.5,
    ),
    "augmentation.rotate": Real(
        title="Rotate", help="Largest rotation in degrees.", default=0.0, minimum=0.0, maximum=180.0
    ),
    "augmentation.crop": Integer(
        title="Crop",
        help="Pixels of padding before a random crop.",
        default=0,
        minimum=0,
        maximum=1024,
    ),
}
"""What a field of the data settings may hold, whoever wrote it, by its place in them."""
