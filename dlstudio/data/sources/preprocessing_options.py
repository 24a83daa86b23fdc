"""Settings of preprocessing: split, normalisation and augmentation, each declared once.

Forms and checks derive from here. Does not import torch.
"""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.layers.framework.settings import Boolean, Choice, Integer, Real, Setting


def _share_setting(title: str, text: str) -> Real:
    return Real(title=title, help=text, default=0.15, minimum=0.0, maximum=1.0)


PREPROCESSING: Mapping[str, Setting] = {
    "split.validation": _share_setting(
        "Validation", "Share held out to monitor training, if the data has no validation set."
    ),
    "split.test": _share_setting(
        "Test", "Share held out for the final test, if the data has no test set."
    ),
    "split.seed": Integer(
        title="Seed", help="A different seed gives a different split.", default=0, minimum=0
    ),
    "split.stratified": Boolean(
        title="Stratified", help="Keep the class proportions in each subset.", default=True
    ),
    "split.most": Integer(
        title="Training samples",
        help="Use at most this many, stratified by class; 0 uses all. "
        "Shows what a network learns from few examples.",
        default=0,
        minimum=0,
    ),
    "normalise": Choice(
        title="Normalise",
        help="How inputs are scaled; statistics come from the training data only.",
        default="standardise",
        options=("none", "unit", "standardise", "fixed"),
    ),
    "standardise_target": Boolean(
        title="Standardise target",
        help="Learn values with mean 0 and deviation 1; errors stay in the unit of the data.",
        default=False,
    ),
    "augmentation.flip": Boolean(
        title="Flip", help="Mirror half of the images left to right.", default=False
    ),
    "augmentation.shift": Real(
        title="Shift",
        help="Largest shift, as a share of the image's side.",
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
"""Setting of each field of the data settings, by its dotted path."""
