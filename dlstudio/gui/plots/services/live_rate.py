"""The update rate of a live view during a run, and its cost, as text."""

from __future__ import annotations

from dlstudio.gui.widgets.number_format import format_3_digits
from dlstudio.insight.common.live_scheduler import LiveScheduler


def rate_text(scheduler: LiveScheduler, name: str) -> str:
    """Return a view's update rate and its share of training time; empty before the first update."""
    rate = scheduler.rates.get(name)
    if rate is None or rate.interval <= 0:
        return ""
    return (
        f"Updated every {format_3_digits(rate.interval)} s during training · "
        f"{format_3_digits(1000 * rate.cost)} ms each · "
        f"{100 * rate.share:.1f} % of the training time"
    )
