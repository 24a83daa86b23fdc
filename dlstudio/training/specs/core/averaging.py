"""The setting of tasks that show and keep running averages of the weights."""

from __future__ import annotations

from dlstudio.layers.framework.settings import Real


def averaging_setting(default: float) -> Real:
    """Return the declaration of how long the averages remember."""
    return Real(
        title="Average",
        help="How long the running averages of the weights remember; they are what is evaluated, "
        "shown and kept. 0 takes the last weights.",
        default=default,
        minimum=0.0,
        maximum=0.999999,
    )
