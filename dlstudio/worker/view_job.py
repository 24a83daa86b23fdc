"""The job that computes a slow view from the input described in the request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from dlstudio.data.core.progress import ProgressCallback
from dlstudio.entry_points import resolve_target
from dlstudio.insight.views.registry import VIEWS
from dlstudio.training.step.devices import core_count, torch_threads
from dlstudio.worker.view_inputs import read_input


def prepare() -> None:
    """Import torch, and what it imports at the first operation on the meta device."""
    torch.nn.Linear(1, 1, device="meta")(torch.empty(1, 1, device="meta"))


def compute_view(arguments: Mapping[str, Any], progress: ProgressCallback) -> Any:
    """Compute a view.

    Args:
        arguments: `view` and `options`; `input`, the result of `InputWriter.write`; `threads` for
            torch, 0 for all cores.
        progress: Called with a text and the fraction done or None; its exceptions end the job.

    Raises:
        ValueError: The view is unknown, its options are invalid, or it cannot be computed.
    """
    name = arguments["view"]
    if name not in VIEWS:
        raise ValueError(f"There is no view called {name!r}.")
    spec = VIEWS[name]
    options = spec.parse(arguments["options"])
    value = read_input(arguments["input"], progress)
    with torch_threads(arguments["threads"] or core_count()):
        return resolve_target(spec.compute)(value, **options)
