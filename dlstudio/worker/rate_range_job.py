"""The job that makes a learning-rate range test of a design."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlstudio.data.core.errors import Cancelled
from dlstudio.data.core.progress import ProgressCallback
from dlstudio.design.storage.codec import decode
from dlstudio.training.loop.failures import to_failed_event
from dlstudio.training.protocol.events import RunOptions
from dlstudio.training.rate_range.range_test import RateCurve, RateSweep
from dlstudio.training.rate_range.sweep import run_range_test


def measure_rates(arguments: Mapping[str, Any], progress: ProgressCallback) -> RateCurve:
    """Make a test.

    Args:
        arguments: `project`, as design files store it; `sweep` with the lowest and the highest rate
            and the number of steps; `data_dir`, `design_dir`, `initial_weights` and `threads` as in
            `RunOptions`.
        progress: Called between the steps; its exceptions end the test.

    Raises:
        ValueError: The design cannot be trained; the text says why.
    """
    options = RunOptions(
        threads=arguments["threads"],
        data_dir=arguments["data_dir"],
        design_dir=arguments["design_dir"],
        initial_weights=arguments["initial_weights"],
    )
    sweep = RateSweep(*arguments["sweep"])
    project = decode(arguments["project"])
    try:
        return run_range_test(project, options, sweep, progress)
    except Cancelled:
        raise
    except Exception as error:
        failed = to_failed_event(error, None, "")
        readable = ValueError(failed.text)
        readable.add_note(failed.details)
        raise readable from error
