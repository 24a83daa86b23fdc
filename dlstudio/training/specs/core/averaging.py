"""The setting of tasks that evaluate moving averages of the weights."""

from __future__ import annotations

from dlstudio.layers.framework.settings import Real


def averaging_setting(default: float) -> Real:
    """Return the setting of the averages' decay."""
    return Real(
        title="Average",
        help="Decay of the moving averages of the weights, which are evaluated, shown and saved. "
        "0 uses the last weights.",
        default=default,
        minimum=0.0,
        maximum=0.999999,
    )
