"""Sequences made up by a rule, as sources: what each is called and asks. Knows no torch."""

from __future__ import annotations

from dlstudio.data.sources.source import SourceSpec, seed_setting
from dlstudio.layers.framework.settings import Integer, Real, Setting

WINDOW = Integer(title="Window", help="Steps that the network sees.", default=48, maximum=10_000)
HORIZON = Integer(
    title="Horizon", help="Steps to predict behind the window.", default=12, maximum=10_000
)


def _sample_count(default: int, noun: str, maximum: int = 100_000) -> Integer:
    return Integer(
        title="Samples", help=f"How many {noun} are made.", default=default, minimum=20,
        maximum=maximum,
    )  # fmt: skip


def _sequence_source(
    name: str, title: str, summary: str, form: str, task: str, **options: Setting
) -> SourceSpec:
    return SourceSpec(name, title, "Generated", summary, form=form, task=task, options=options)


GENERATED = (
    _sequence_source(
        "adding",
        "Adding problem",
        "Long rows of numbers of which two are marked: predict their sum (long memory)",
        "sequences",
        "regression",
        samples=_sample_count(5000, "rows"),
        length=Integer(
            title="Length", help="Steps of each row.", default=100, minimum=2, maximum=10_000
        ),
        seed=seed_setting("rows"),
    ),
    _sequence_source(
        "copy-memory",
        "Copy memory",
        "Symbols, a long pause, a signal: then give the symbols back in order (long memory)",
        "text",
        "classification",
        samples=_sample_count(3000, "rows"),
        symbols=Integer(
            title="Symbols", help="How many symbols are to be remembered.", default=5,
            maximum=1000,
        ),
        delay=Integer(
            title="Delay", help="Steps of the pause between them and the signal.", default=20,
            maximum=10_000,
        ),
        seed=seed_setting("symbols"),
    ),
    _sequence_source(
        "word-reversal",
        "Word reversal",
        "Made-up words and the same words backwards, letter by letter",
        "text",
        "sequence-to-sequence",
        samples=_sample_count(4000, "words", 10_000),
        longest=Integer(
            title="Longest word", help="Letters of the longest words.", default=8, minimum=4,
            maximum=50,
        ),
        seed=seed_setting("words"),
    ),
    _sequence_source(
        "dates",
        "Dates",
        "Dates as people write them, “3 March 2021”, and as a calendar has them, 2021-03-03",
        "text",
        "sequence-to-sequence",
        samples=_sample_count(5000, "dates"),
        seed=seed_setting("dates"),
    ),
    _sequence_source(
        "reviews",
        "Film reviews",
        "Made-up reviews, good or bad; “not great” and “hardly dull” turn words around",
        "text",
        "classification",
        samples=_sample_count(4000, "reviews"),
        negated=Real(
            title="Negated share",
            help="Share of the judgements that a negation turns around.",
            default=0.4,
            minimum=0.0,
            maximum=1.0,
        ),
        seed=seed_setting("reviews"),
    ),
    _sequence_source(
        "series",
        "Time series",
        "Two waves and noise that lingers: predict the next steps from the last ones",
        "sequences",
        "regression",
        samples=Integer(
            title="Steps", help="Length of the series.", default=3000, minimum=20,
            maximum=1_000_000,
        ),
        window=WINDOW,
        horizon=HORIZON,
        period=Real(
            title="Period", help="Steps of the fast wave.", default=24.0, minimum=2.0, maximum=1e6
        ),
        slow_period=Real(
            title="Slow period", help="Steps of the slow wave.", default=150.0, minimum=2.0,
            maximum=1e6,
        ),
        noise=Real(
            title="Noise", help="Deviation of the fresh noise of each step.", default=0.1,
            minimum=0.0, maximum=10.0,
        ),
        memory=Real(
            title="Memory", help="Share of the noise that stays from one step to the next.",
            default=0.7, minimum=0.0, maximum=0.999,
        ),
        seed=seed_setting("noise"),
    ),
)  # fmt: skip
"""In the order of lists."""
