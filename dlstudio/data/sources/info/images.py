"""Dataset info of synthetic and resized images. Imports neither torch nor numpy."""

from __future__ import annotations

from dlstudio.data.sources.framework.builtin_info import CAPITALS, DIGITS, BuiltinInfo, Options
from dlstudio.design.model.data_settings import Split

SHAPE_CLASSES = ("ground", "circle", "triangle", "square")
SHAPE_LABELS = SHAPE_CLASSES[1:]
TONE_CLASSES = ("sine", "square", "saw", "triangle", "rising", "noise")
TONE_COLUMNS = 32
_DIGIT_COUNT = 1797


def digits_info(options: Options, _split: Split) -> BuiltinInfo:
    """Return the info of handwritten digits in the size of the options."""
    return BuiltinInfo((1, options["size"], options["size"]), _DIGIT_COUNT, DIGITS)


def shapes_info(options: Options, _split: Split) -> BuiltinInfo:
    """Return the info of shapes, with a mask for each image or a label for each shape."""
    side, count = options["size"], options["samples"]
    if options["target"] == "labels":
        labels = SHAPE_LABELS
        return BuiltinInfo((1, side, side), count, target=(len(labels),), label_names=labels)
    return BuiltinInfo((1, side, side), count, SHAPE_CLASSES, target=(side, side))


def printed_info(options: Options, _split: Split) -> BuiltinInfo:
    """Return the info of printed characters, one class each."""
    classes = {"digits": DIGITS, "capitals": CAPITALS, "both": DIGITS + CAPITALS}
    side = options["size"]
    return BuiltinInfo((1, side, side), options["samples"], classes[options["characters"]])


def tones_info(options: Options, _split: Split) -> BuiltinInfo:
    """Return the info of spectrograms of synthetic sounds."""
    from dlstudio.data.audio.spectrogram import BINS  # imports numpy

    return BuiltinInfo((1, BINS, TONE_COLUMNS), options["samples"], TONE_CLASSES)
