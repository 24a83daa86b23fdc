"""Public API for packages that add layers: what a port receives and a layer returns."""

from __future__ import annotations

from dlstudio.design.model.signals import Shape, Signal

__all__ = ["Shape", "Signal"]
