"""Synthetic sequences: the adding and copying problems, words, dates, reviews and a series."""

from __future__ import annotations

from dlstudio.data.sources.framework.source import GENERATED, SourceSpec
from dlstudio.data.sources.framework.source_options import HORIZON, WINDOW, seed_setting
from dlstudio.layers.framework.settings import Integer, Real

_READERS = "dlstudio.data.synthetic.synthetic_sequences"
_INFO = "dlstudio.data.sources.info.sequences"


def _sample_count(default: int, noun: str, maximum: int = 100_000) -> Integer:
    return Integer(
        title="Samples", help=f"Number of {noun}.", default=default, minimum=20, maximum=maximum
    )


ADDING = SourceSpec(
    "adding",
    "Adding problem",
    GENERATED,
    "Long sequences of numbers, two of them marked: predict their sum (long memory)",
    reader=f"{_READERS}.read_adding",
    info=f"{_INFO}.adding_info",
    form="sequences",
    task="regression",
    options={
        "samples": _sample_count(5000, "sequences"),
        "length": Integer(
            title="Length", help="Steps of each sequence.", default=100, minimum=2, maximum=10_000
        ),
        "seed": seed_setting("sequences"),
    },
)  # fmt: skip
COPY_MEMORY = SourceSpec(
    "copy-memory",
    "Copy memory",
    GENERATED,
    "Symbols, a long pause, a signal: then repeat the symbols in order (long memory)",
    reader=f"{_READERS}.read_copy_memory",
    info=f"{_INFO}.copy_memory_info",
    form="text",
    task="classification",
    options={
        "samples": _sample_count(3000, "sequences"),
        "symbols": Integer(
            title="Symbols", help="Number of symbols to remember.", default=5, maximum=1000,
        ),
        "delay": Integer(
            title="Delay", help="Steps between the symbols and the signal.", default=20,
            maximum=10_000,
        ),
        "seed": seed_setting("symbols"),
    },
)  # fmt: skip
WORD_REVERSAL = SourceSpec(
    "word-reversal",
    "Word reversal",
    GENERATED,
    "Random words and the same words reversed, letter by letter",
    reader=f"{_READERS}.read_word_reversal",
    info=f"{_INFO}.word_reversal_info",
    form="text",
    task="sequence-to-sequence",
    options={
        "samples": _sample_count(4000, "words", 10_000),
        "longest": Integer(
            title="Longest word", help="Letters in the longest words.", default=8, minimum=4,
            maximum=50,
        ),
        "seed": seed_setting("words"),
    },
)  # fmt: skip
DATES = SourceSpec(
    "dates",
    "Dates",
    GENERATED,
    "Written dates such as “3 March 2021”, and the same dates in ISO 8601, 2021-03-03",
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
    "Synthetic reviews, good or bad, with negations such as “not great” and “hardly dull”",
    reader=f"{_READERS}.read_reviews",
    info=f"{_INFO}.reviews_info",
    form="text",
    task="classification",
    options={
        "samples": _sample_count(4000, "reviews"),
        "negated": Real(
            title="Negated share",
            help="Share of the opinions with a negation.",
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
    "Two waves and correlated noise: predict the next steps from the previous ones",
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
            title="Period", help="Period of the fast wave in steps.", default=24.0, minimum=2.0,
            maximum=1e6,
        ),
        "slow_period": Real(
            title="Slow period", help="Period of the slow wave in steps.", default=150.0,
            minimum=2.0, maximum=1e6,
        ),
        "noise": Real(
            title="Noise", help="Standard deviation of the noise added at each step.", default=0.1,
            minimum=0.0, maximum=10.0,
        ),
        "memory": Real(
            title="Memory", help="Share of the noise carried over to the next step.",
            default=0.7, minimum=0.0, maximum=0.999,
        ),
        "seed": seed_setting("noise values"),
    },
    is_sequential=True,
)  # fmt: skip
