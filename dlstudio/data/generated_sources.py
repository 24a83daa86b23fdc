"""Sequences made up by a rule, as sources: what each is called and asks. Knows no torch."""

from __future__ import annotations

from dlstudio.data.source import Source, seed
from dlstudio.layers.settings import Number, Setting, Whole

WINDOW = Whole(title="Window", help="Steps that the network sees.", default=48, maximum=10_000)
HORIZON = Whole(
    title="Horizon", help="Steps to predict behind the window.", default=12, maximum=10_000
)


def _count(default: int, of: str, maximum: int = 100_000) -> Whole:
    return Whole(
        title="Samples", help=f"How many {of} are made.", default=default, minimum=20,
        maximum=maximum,
    )  # fmt: skip


def _generated(
    name: str, title: str, summary: str, form: str, task: str, **more: Setting
) -> Source:
    return Source(name, title, "Generated", summary, form=form, task=task, options=more)


GENERATED = (
    _generated(
        "adding",
        "Adding problem",
        "Long rows of numbers of which two are marked: predict their sum (long memory)",
        "sequences",
        "regression",
        samples=_count(5000, "rows"),
        length=Whole(
            title="Length", help="Steps of each row.", default=100, minimum=2, maximum=10_000
        ),
        seed=seed("rows"),
    ),
    _generated(
        "copy-memory",
        "Copy memory",
        "Symbols, a long pause, a signal: then give the symbols back in order (long memory)",
        "text",
        "classification",
        samples=_count(3000, "rows"),
        symbols=Whole(
            title="Symbols", help="How many symbols are to be remembered.", default=5,
            maximum=1000,
        ),
        delay=Whole(
            title="Delay", help="Steps of the pause between them and the signal.", default=20,
            maximum=10_000,
        ),
        seed=seed("symbols"),
    ),
    _generated(
        "word-reversal",
        "Word reversal",
        "Made-up words and the same words backwards, letter by letter",
        "text",
        "sequence-to-sequence",
        samples=_count(4000, "words", 10_000),
        longest=Whole(
            title="Longest word", help="Letters of the longest words.", default=8, minimum=4,
            maximum=50,
        ),
        seed=seed("words"),
    ),
    _generated(
        "dates",
        "Dates",
        "Dates as people write them, “3 March 2021”, and as a calendar has them, 2021-03-03",
        "text",
        "sequence-to-sequence",
        samples=_count(5000, "dates"),
        seed=seed("dates"),
    ),
    _generated(
        "reviews",
        "Film reviews",
        "Made-up reviews, good or bad; “not great” and “hardly dull” turn words around",
        "text",
        "classification",
        samples=_count(4000, "reviews"),
        negated=Number(
            title="Negated share",
            help="Share of the judgements that a negation turns around.",
            default=0.4,
            minimum=0.0,
            maximum=1.0,
        ),
        seed=seed("reviews"),
    ),
    _generated(
        "series",
        "Time series",
        "Two waves and noise that lingers: predict the next steps from the last ones",
        "sequences",
        "regression",
        samples=Whole(
            title="Steps", help="Length of the series.", default=3000, minimum=20,
            maximum=1_000_000,
        ),
        window=WINDOW,
        horizon=HORIZON,
        period=Number(
            title="Period", help="Steps of the fast wave.", default=24.0, minimum=2.0, maximum=1e6
        ),
        slow_period=Number(
            title="Slow period", help="Steps of the slow wave.", default=150.0, minimum=2.0,
            maximum=1e6,
        ),
        noise=Number(
            title="Noise", help="Deviation of the fresh noise of each step.", default=0.1,
            minimum=0.0, maximum=10.0,
        ),
        memory=Number(
            title="Memory", help="Share of the noise that stays from one step to the next.",
            default=0.7, minimum=0.0, maximum=0.999,
        ),
        seed=seed("noise"),
    ),
)  # fmt: skip
"""In the order of lists."""
