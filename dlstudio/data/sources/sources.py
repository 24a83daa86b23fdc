"""The registry of data sources: what each is called, offers and asks. Knows no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dlstudio.data.core.errors import DataError
from dlstudio.data.sources import source_options
from dlstudio.data.sources.source import SourceSpec
from dlstudio.data.sources.source_setting_types import Columns, Points
from dlstudio.data.sources.synthetic_sequence_sources import GENERATED, HORIZON, WINDOW
from dlstudio.design.model.values import Value
from dlstudio.layers.framework.settings import Boolean, Choice, Integer, Real, Setting, Text

_SAMPLES = Integer(title="Samples", help="How many points are made.", default=500, minimum=8)
_SEED = Integer(
    title="Seed",
    help="Another seed gives other points of the same shape.",
    default=0,
    minimum=0,
)
_ROWS = Boolean(
    title="Row by row",
    help="Hand pictures over row by row, as a sequence for recurrent layers and attention.",
    default=False,
    advanced=True,
)
_PATH = Text(title="File", help="Where the data lies; relative to the design's folder.", default="")


def _noise(default: float) -> Real:
    help_ = "How far points stray from their ideal place."
    return Real(title="Noise", help=help_, default=default, minimum=0.0, maximum=2.0)


def _points_source(
    name: str, title: str, summary: str, noise: float, **options: Setting
) -> SourceSpec:
    settings = {"samples": _SAMPLES, "noise": _noise(noise), **options, "seed": _SEED}
    return SourceSpec(name, title, "Toys", summary, options=settings)


def _builtin(name: str, title: str, summary: str, credit: str, **fields: Any) -> SourceSpec:
    return SourceSpec(name, title, "Built in", summary, credit=credit, **fields)


def _download(name: str, title: str, summary: str, size: int, credit: str) -> SourceSpec:
    return SourceSpec(
        name,
        title,
        "Downloads",
        summary,
        form="pictures",
        options={"rows": _ROWS},
        offline=False,
        download_bytes=size,
        credit=credit,
    )


_BUILTIN = (
    _builtin(
        "digits",
        "Handwritten digits 8×8",
        "1,797 tiny grey pictures of the digits 0 to 9",
        "Alpaydin and Kaynak, UCI Machine Learning Repository, 1998",
        form="pictures",
        options={**source_options.DIGITS_OPTIONS, "rows": _ROWS},
    ),
    _builtin(
        "iris",
        "Iris",
        "150 flowers of three species by four measurements",
        "Fisher, 1936",
    ),
    _builtin(
        "wine",
        "Wine",
        "178 wines of three cultivars by 13 chemical measurements",
        "Forina and others, UCI Machine Learning Repository, 1991",
    ),
    _builtin(
        "breast-cancer",
        "Breast cancer",
        "569 tumours, malignant or benign, by 30 measurements of their cells",
        "Wolberg, Street and Mangasarian, UCI Machine Learning Repository, 1995",
    ),
    _builtin(
        "diabetes",
        "Diabetes",
        "442 patients: predict the progression of the disease, a number, from ten measurements",
        "Efron, Hastie, Johnstone and Tibshirani, 2004",
        task="regression",
    ),
)

_TEXT = SourceSpec(
    "text",
    "Text",
    "Your own",
    "Your own text file; without one, the manual that ships inside Python",
    form="text",
    task="next-token",
    options={
        "path": _PATH,
        **source_options.TEXT_OPTIONS,
    },
)

_SYNTHETIC = (
    _points_source("moons", "Two moons", "Two interleaved half circles", 0.1),
    _points_source("circles", "Circles", "A ring around a disc", 0.1),
    _points_source("xor", "XOR", "Four corners; opposite corners belong together", 0.2),
    _points_source(
        "gaussians",
        "Gaussians",
        "Round clouds of points, one for each class",
        0.35,
        clusters=Integer(
            title="Clusters", help="How many clouds, one class each.", default=3, minimum=2,
            maximum=10,
        ),
    ),
    _points_source(
        "ring",
        "Ring of clouds",
        "Small clouds of points around a circle, one class each: a generator must find them all",
        0.05,
        samples=replace(_SAMPLES, default=2000),
        clusters=Integer(
            title="Clouds", help="How many clouds, one class each.", default=8, minimum=3,
            maximum=12,
        ),
    ),
    _points_source(
        "spirals",
        "Spirals",
        "Arms wound around each other: hard for a shallow network",
        0.05,
        clusters=Integer(
            title="Arms", help="How many arms, one class each.", default=2, minimum=2, maximum=6
        ),
        turns=Real(
            title="Turns", help="How often an arm winds around the centre.", default=1.25,
            minimum=0.25, maximum=5.0,
        ),
    ),
    SourceSpec(
        "points",
        "Drawn by hand",
        "Toys",
        "Points you place yourself on a small pad",
        options={
            "points": Points(title="Points", help="Each point is x, y and class.", default=())
        },
    ),
    _points_source(
        "movie",
        "Will they watch the film?",
        "Seconds of trailer watched, review score and genre match decide, with some noise",
        0.5,
    ),
    SourceSpec(
        "shapes",
        "Shapes",
        "Toys",
        "Circles, triangles and squares: tell of each pixel what it belongs to, or which are there",
        form="pictures",
        task="segmentation",
        options=source_options.SHAPES_OPTIONS,
    ),
    SourceSpec(
        "printed",
        "Printed characters",
        "Toys",
        "Pictures of digits or capitals in six fonts, leaning and moved about",
        form="pictures",
        options={**source_options.PRINTED_OPTIONS, "rows": _ROWS},
    ),
    SourceSpec(
        "tones",
        "Tones",
        "Toys",
        "Short sounds of six forms, sine to noise, seen as spectrograms",
        form="pictures",
        options=source_options.TONES_OPTIONS,
    ),
)  # fmt: skip

_DOWNLOADS = (
    _download(
        "mnist",
        "MNIST",
        "70,000 handwritten digits, 28×28 grey",
        11_594_722,
        "LeCun, Cortes and Burges, 1998",
    ),
    _download(
        "fashion-mnist",
        "Fashion-MNIST",
        "70,000 articles of clothing in ten classes, 28×28 grey",
        30_878_645,
        "Xiao, Rasul and Vollgraf, 2017",
    ),
    _download(
        "kmnist",
        "KMNIST",
        "70,000 cursive Japanese characters in ten classes, 28×28 grey",
        21_247_539,
        "Clanuwat and others, Center for Open Data in the Humanities, 2018",
    ),
    _download(
        "cifar10",
        "CIFAR-10",
        "60,000 photographs in ten classes, 32×32 colour",
        170_498_071,
        "Krizhevsky, 2009",
    ),
    _download(
        "cifar100",
        "CIFAR-100",
        "60,000 photographs in a hundred classes, 32×32 colour",
        169_001_437,
        "Krizhevsky, 2009",
    ),
)

_TABLE: Mapping[str, Setting] = {
    "delimiter": Choice(
        title="Delimiter",
        help="What stands between two columns.",
        default="auto",
        options=("auto", "comma", "semicolon", "tab", "pipe", "space"),
    ),
    "header": Choice(
        title="Header",
        help="Whether the first line names the columns.",
        default="auto",
        options=("auto", "yes", "no"),
    ),
}

_USER = (
    SourceSpec(
        "image-folder",
        "Folder of pictures",
        "Your own",
        "One sub-folder of pictures for each class",
        form="pictures",
        options={**source_options.IMAGE_OPTIONS, "rows": _ROWS},
        is_folder=True,
    ),
    SourceSpec(
        "picture-folder",
        "Folder of pictures without classes",
        "Your own",
        "All pictures of a folder, with nothing to predict: to rebuild them or to make more",
        form="pictures",
        task="any",
        options=source_options.IMAGE_OPTIONS,
        is_folder=True,
    ),
    SourceSpec(
        "mask-folder",
        "Folder of pictures and masks",
        "Your own",
        "Folders pictures and masks with equal names: a class for each pixel",
        form="pictures",
        task="segmentation",
        options=source_options.IMAGE_OPTIONS,
        is_folder=True,
    ),
    SourceSpec(
        "sound-folder",
        "Folder of sounds (WAV)",
        "Your own",
        "One sub-folder of WAV files for each class, seen as spectrograms",
        form="pictures",
        options=source_options.SOUND_OPTIONS,
        is_folder=True,
    ),
    SourceSpec(
        "csv",
        "Table (CSV)",
        "Your own",
        "A text file with one sample a line",
        task="any",
        options={
            "path": _PATH,
            **_TABLE,
            "columns": Columns(
                title="Columns", help="What each column is used for.", default={}
            ),
        },
    ),
    SourceSpec(
        "series-csv",
        "Time series (CSV)",
        "Your own",
        "One column of a table, a step in time a line: predict the next steps from the last ones",
        form="sequences",
        task="regression",
        options={
            "path": _PATH,
            **_TABLE,
            "column": Text(
                title="Column",
                help="Name of the column to follow; empty: the last one of numbers.",
                default="",
            ),
            "window": WINDOW,
            "horizon": HORIZON,
        },
    ),
    SourceSpec(
        "npz",
        "Arrays (NPZ)",
        "Your own",
        "Arrays saved by NumPy: x and y, or x_train, y_train, x_test, y_test",
        form="any",
        task="any",
        options={
            "path": _PATH,
            "inputs": Text(
                title="Inputs", help="Name of the array of samples; empty: found.", default=""
            ),
            "target": Text(
                title="Target", help="Name of the array to predict; empty: found.", default=""
            ),
        },
    ),
)  # fmt: skip

SOURCES: Mapping[str, SourceSpec] = {
    source.name: source
    for source in (*_BUILTIN, *_SYNTHETIC, *GENERATED, *_DOWNLOADS, *_USER, _TEXT)
}

SEQUENTIAL_SPLIT = frozenset({"text", "series", "series-csv"})
"""Sources whose parts are stretches of one whole, so that the test lies behind what is learnt."""
FROM_FILES = frozenset(source.name for source in _USER)
"""Sources that have nothing before the option `path` names a file or a folder."""

OFFLINE_TITLES = ", ".join(source.title for source in _BUILTIN)
"""The data sets that are always there, as a message names them."""


def find_source(name: str) -> SourceSpec:
    """Return the source of that name; DataError for an unknown one."""
    if name not in SOURCES:
        known = ", ".join(source.title for source in SOURCES.values())
        raise DataError(f"There is no data source called {name!r}. Choose one of: {known}.")
    return SOURCES[name]


def parse_options(name: str, options: Mapping[str, Value]) -> Mapping[str, Any]:
    """Return the source's options, checked, with defaults where nothing was set.

    Raises:
        DataError: An unknown source or option, or a value of the wrong type or range.
    """
    source = find_source(name)
    unknown = [option for option in options if option not in source.options]
    if unknown:
        raise DataError(f"{source.title} has no option called {unknown[0]!r}.")
    try:
        return {
            option: setting.parse(options.get(option, setting.default))
            for option, setting in source.options.items()
        }
    except ValueError as error:
        raise DataError(f"{source.title}: {error}.") from error
