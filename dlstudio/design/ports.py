"""Public API for packages that add layers: the ports of a layer kind."""

from __future__ import annotations

from dlstudio.design.model.ports import Port

__all__ = ["Port"]
