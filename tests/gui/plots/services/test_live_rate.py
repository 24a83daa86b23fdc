"""The text of a live view's update rate."""

from __future__ import annotations

from dlstudio.gui.plots.services.live_rate import rate_text
from dlstudio.insight.common.live_scheduler import LiveScheduler


def test_text_contains_rate_and_cost_once_measured() -> None:
    now = [0.0]
    scheduler = LiveScheduler(lambda: now[0])
    scheduler.register("maps", fastest=0.3)
    assert rate_text(scheduler, "maps") == ""
    with scheduler.look("maps"):
        now[0] += 0.02
    text = "Updated every 0.42 s during training · 20 ms each · 5.0 % of the training time"
    assert rate_text(scheduler, "maps") == text
