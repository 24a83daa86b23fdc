"""Public API for packages that add layers: what a layer kind's check may report."""

from __future__ import annotations

from dlstudio.design.model.problems import Problem, Repair, Severity

__all__ = ["Problem", "Repair", "Severity"]
