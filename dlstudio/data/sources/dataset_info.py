"""What a design may know of its data without reading it. Knows no torch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dlstudio.data.audio.spectrogram import BINS
from dlstudio.data.core.errors import DataError
from dlstudio.data.core.split import subset_sizes, training_size
from dlstudio.data.sources.sources import parse_options
from dlstudio.data.sources.synthetic_sequence_info import synthetic_info
from dlstudio.data.text.token_text import manual_info
from dlstudio.design.model.data_settings import DataSettings, Split
from dlstudio.design.model.signals import DatasetInfo, Shape, Signal

_DIGITS = tuple("0123456789")
_CIFAR100 = (
    "apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus "
    "butterfly camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch "
    "crab crocodile cup dinosaur dolphin elephant flatfish forest fox girl hamster house kangaroo "
    "keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle mountain mouse "
    "mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy "
    "porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper "
    "snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone television "
    "tiger tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm"
)


@dataclass(frozen=True, slots=True)
class BuiltinInfo:
    """What is known beforehand of a built-in set.

    Attributes:
        test: Size of its own test part, if any.
        target: Shape of what is to be predicted: sizes of a mask, nothing for a class.
        labels: Whether that is several labels, each yes or no.
    """

    shape: Shape
    count: int
    class_names: tuple[str, ...] = ()
    test: int | None = None
    target: Shape = ()
    labels: bool = False


def _images(shape: Shape, train: int, class_names: tuple[str, ...]) -> BuiltinInfo:
    return BuiltinInfo(shape, train, class_names, 10_000)


BUILTIN: Mapping[str, BuiltinInfo] = {
    "digits": BuiltinInfo((1, 8, 8), 1797, _DIGITS),
    "iris": BuiltinInfo((4,), 150, ("setosa", "versicolor", "virginica")),
    "wine": BuiltinInfo((13,), 178, ("cultivar 1", "cultivar 2", "cultivar 3")),
    "breast-cancer": BuiltinInfo((30,), 569, ("malignant", "benign")),
    "diabetes": BuiltinInfo((10,), 442),
    "mnist": _images((1, 28, 28), 60_000, _DIGITS),
    "fashion-mnist": _images(
        (1, 28, 28),
        60_000,
        (
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker",
            "Bag", "Ankle boot",
        ),
    ),
    "kmnist": _images(
        (1, 28, 28), 60_000, ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
    ),
    "cifar10": _images(
        (3, 32, 32),
        50_000,
        (
            "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship",
            "truck",
        ),
    ),
    "cifar100": _images(
        (3, 32, 32), 50_000, tuple(name.replace("_", " ") for name in _CIFAR100.split())
    ),
}  # fmt: skip
"""Facts of the sets whose content never changes."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOVIE_CLASSES = ("skips it", "watches it")
SHAPE_CLASSES = ("ground", "circle", "triangle", "square")
SHAPE_LABELS = SHAPE_CLASSES[1:]
TONE_CLASSES = ("sine", "square", "saw", "triangle", "rising", "noise")
TONE_COLUMNS = 32


def info_of(settings: DataSettings) -> DatasetInfo:
    """Return what is known of the data without reading it.

    Built-in sets declare it; for the user's own it is what was last seen, or nothing. Settings
    that make no sense give empty facts: loading says what is wrong with them.
    """
    try:
        options = parse_options(settings.source, settings.options)
    except DataError:
        return settings.facts or DatasetInfo()
    if settings.source == "text" and not options["path"]:
        return _manual_info(settings, options)
    generated = synthetic_info(settings.source, options, settings.split)
    if generated is not None:
        return generated
    builtin = builtin_info(settings.source, options)
    if builtin is None:
        return settings.facts or DatasetInfo()
    facts = info_from(builtin, settings.split)
    return info_by_rows(facts) if options.get("rows") else facts


def _manual_info(settings: DataSettings, options: Mapping[str, Any]) -> DatasetInfo:
    try:
        return manual_info(options, settings.split)
    except DataError:
        return settings.facts or DatasetInfo()


def builtin_info(source: str, options: Mapping[str, Any]) -> BuiltinInfo | None:
    """Return what a built-in source declares under these options, None for the user's own."""
    if source in BUILTIN:
        return _with_size(BUILTIN[source], options.get("size"))
    if source == "points":
        points = options["points"]
        classes = max([2, *(label + 1 for _, _, label in points)])
        return BuiltinInfo((2,), len(points), tuple(_LETTERS[:classes]))
    if source == "movie":
        return BuiltinInfo((3,), options["samples"], MOVIE_CLASSES)
    if source in ("shapes", "printed", "tones"):
        return _synthetic_image_info(source, options)
    if "samples" in options:
        return BuiltinInfo((2,), options["samples"], tuple(_LETTERS[: options.get("clusters", 2)]))
    return None


def _with_size(builtin: BuiltinInfo, side: int | None) -> BuiltinInfo:
    """Return what is declared, with pictures of that many pixels a side where any are asked for."""
    return builtin if side is None else replace(builtin, shape=(1, side, side))


def _synthetic_image_info(source: str, options: Mapping[str, Any]) -> BuiltinInfo:
    if source == "tones":
        return BuiltinInfo((1, BINS, TONE_COLUMNS), options["samples"], TONE_CLASSES)
    side = options["size"]
    image_shape = (1, side, side)
    if source == "printed":
        return BuiltinInfo(image_shape, options["samples"], printed_classes(options["characters"]))
    if options["target"] == "labels":
        return BuiltinInfo(
            image_shape, options["samples"], target=(len(SHAPE_LABELS),), labels=True
        )
    return BuiltinInfo(image_shape, options["samples"], SHAPE_CLASSES, target=(side, side))


def printed_classes(characters: str) -> tuple[str, ...]:
    """Return what `characters`, one of `option_words.CHARACTERS`, stands for, a class each."""
    capitals = tuple(_LETTERS)
    return {"digits": _DIGITS, "capitals": capitals, "both": _DIGITS + capitals}[characters]


def info_from(builtin: BuiltinInfo, split: Split) -> DatasetInfo:
    """Return full facts of a built-in set divided by `split`."""
    train, validation, test = subset_sizes(builtin.count, split, has_test=builtin.test is not None)
    if builtin.test is not None:
        test = builtin.test
    return info_for_samples(
        sample_signal(builtin.shape),
        builtin.class_names,
        samples={
            "train": training_size(train, split),
            "validation": validation,
            "test": test,
        },
        target_shape=builtin.target,
        labels=builtin.labels,
    )


def info_by_rows(facts: DatasetInfo) -> DatasetInfo:
    """Return the facts of pictures that are handed over row by row, as a sequence."""
    channels, height, width = facts.inputs["samples"].shape
    row = channels * width
    return replace(
        facts,
        inputs={**facts.inputs, "samples": Signal((height, row), "float32", "sequence")},
        numbers={**facts.numbers, "features": row, "window": height},
    )


def info_for_samples(
    samples_signal: Signal,
    class_names: tuple[str, ...],
    *,
    samples: Mapping[str, int],
    target_shape: Shape | None = (),
    labels: bool = False,
) -> DatasetInfo:
    """Return facts of plain samples with a class as target, or a value where no class has a name.

    A `target_shape` of None stands for nothing to predict; classes of a shape are a mask.
    `labels` says that all values are 0 or 1.
    """
    numbers = {"features": math.prod(samples_signal.shape)}
    if class_names:
        numbers["classes"] = len(class_names)
        meaning = "mask" if target_shape else "class"
        target: Signal | None = Signal(target_shape or (), "int64", meaning)
    else:
        meaning = "labels" if labels else "value"
        target = None if target_shape is None else Signal(target_shape, "float32", meaning)
    if labels and target_shape:
        numbers["labels"] = math.prod(target_shape)
    return DatasetInfo(
        inputs={"samples": samples_signal},
        target=target,
        numbers=numbers,
        class_names=class_names,
        samples=dict(samples),
    )


def sample_signal(shape: Shape) -> Signal:
    """Return the signal of float samples: a picture has three axes, a row of a table has one."""
    meanings = {1: "features", 3: "picture"}
    return Signal(shape, "float32", meanings.get(len(shape), "array"))
