"""What installed packages bring and no registry could take, for the log and the command line."""

from __future__ import annotations

from dlstudio.data.sources import sources
from dlstudio.insight.views import registry as views
from dlstudio.layers import registry as layers
from dlstudio.training.specs import registry as tasks


def package_errors() -> tuple[str, ...]:
    """Return a line for whatever was left out: what and why."""
    registries = (layers, sources, tasks, views)
    return tuple(line for registry in registries for line in registry.PLUGIN_ERRORS)
