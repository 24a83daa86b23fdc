"""Looks at modules without leaving a trace: modes are put back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn


@contextmanager
def eval_mode(module: nn.Module) -> Iterator[None]:
    """Hold a module in evaluation mode, then give each part its own mode back."""
    modes = [(submodule, submodule.training) for submodule in module.modules()]
    module.eval()
    try:
        yield
    finally:
        for submodule, mode in modes:
            submodule.training = mode


def no_progress(text: str, done: float | None) -> None:
    """Tell nobody of progress."""
