"""Sequences made up by a rule."""

from __future__ import annotations

from dlstudio.data.sources.framework.source import GENERATED, SourceSpec
from dlstudio.data.sources.framework.source_options import HORIZON, WINDOW, seed_setting
from dlstudio.layers.framework.settings import Integer, Real

_READERS = "dlstudio.data.synthetic.synthetic_sequences"
_INFO = "dlstudio.data.sources.info.sequences"


def _sample_count(default: int, noun: str, maximum: int = 100_000) -> Integer:
    return Integer(
        title="Samples", help=f"How many {noun} are made.", default=default, minimum=20,
        maximum=maximum,
    )  # fmt: skip


ADDING = SourceSpec(
    "adding",
    "Adding problem",
    GENERATED,
    "Long rows of numbers of which two are marked: predict their sum (long memory)",
    reader=f"{_READERS}.read_adding",
    info=f"{_INFO}.adding_info",
    form="sequences",
    task="regression",
    options={
        "samples": _sample_count(5000, "rows"),
        "length": Integer(
            title="Length", help="Steps of each row.", default=100, minimum=2, maximum=10_000
        ),
        "seed": seed_setting("rows"),
    },
)  # fmt: skip
COPY_MEMORY = SourceSpec(
    "copy-memory",
    "Copy memory",
    GENERATED,
    "Symbols, a long pause, a signal: then give the symbols back in order (long memory)",
    reader=f"{_READERS}.read_copy_memory",
    info=f"{_INFO}.copy_memory_info",
    form="text",
    task="classification",
    options={
        "samples": _sample_count(3000, "rows"),
        "symbols": Integer(
            title="Symbols", help="How many symbols are to be remembered.", default=5,
            maximum=1000,
        ),
        "delay": Integer(
            title="Delay", help="Steps of the pause between them and the signal.", default=20,
            maximum=10_000,
        ),
        "seed": seed_setting("symbols"),
    },
)  # fmt: skip
WORD_REVERSAL = SourceSpec(
    "word-reversal",
    "Word reversal",
    GENERATED,
    "Made-up words and the same words backwards, letter by letter",
    reader=f"{_READERS}.read_word_reversal",
    info=f"{_INFO}.word_reversal_info",
    form="text",
    task="sequence-to-sequence",
    options={
        "samples": _sample_count(4000, "words", 10_000),
        "longest": Integer(
            title="Longest word", help="Letters of the longest words.", default=8, minimum=4,
            maximum=50,
        ),
        "seed": seed_setting("words"),
    },
)  # fmt: skip
DATES = SourceSpec(
    "dates",
    "Dates",
    GENERATED,
    "Dates as people write them, “3 March 2021”, and as a calendar has them, 2021-03-03",
    reader=f"{_READERS}.read_dates",
    info=f"{_INFO}.dates_info",
    form="text",
    task="sequence-to-sequence",
    options={
        "samples": _sample_count(5000, "dates"),
        "seed": seed_setting("dates"),
    },
)  # fmt: skip
REVIEWS = SourceSpec(
    "reviews",
    "Film reviews",
    GENERATED,
    "Made-up reviews, good or bad; “not great” and “hardly dull” turn words around",
    reader=f"{_READERS}.read_reviews",
    info=f"{_INFO}.reviews_info",
    form="text",
    task="classification",
    options={
        "samples": _sample_count(4000, "reviews"),
        "negated": Real(
            title="Negated share",
            help="Share of the judgements that a negation turns around.",
            default=0.4,
            minimum=0.0,
            maximum=1.0,
        ),
        "seed": seed_setting("reviews"),
    },
)  # fmt: skip
SERIES = SourceSpec(
    "series",
    "Time series",
    GENERATED,
    "Two waves and noise that lingers: predict the next steps from the last ones",
    reader="dlstudio.data.sequences.series.read_synthetic_series",
    info=f"{_INFO}.synthetic_series_info",
    form="sequences",
    task="regression",
    options={
        "samples": Integer(
            title="Steps", help="Length of the series.", default=3000, minimum=20,
            maximum=1_000_000,
        ),
        "window": WINDOW,
        "horizon": HORIZON,
        "period": Real(
            title="Period", help="Steps of the fast wave.", default=24.0, minimum=2.0, maximum=1e6
        ),
        "slow_period": Real(
            title="Slow period", help="Steps of the slow wave.", default=150.0, minimum=2.0,
            maximum=1e6,
        ),
        "noise": Real(
            title="Noise", help="Deviation of the fresh noise of each step.", default=0.1,
            minimum=0.0, maximum=10.0,
        ),
        "memory": Real(
            title="Memory", help="Share of the noise that stays from one step to the next.",
            default=0.7, minimum=0.0, maximum=0.999,
        ),
        "seed": seed_setting("noise"),
    },
    is_sequential=True,
)  # fmt: skip
