"""Messages about declarations of installed packages that could not be loaded."""

from __future__ import annotations

from dlstudio.data.sources import sources
from dlstudio.insight.views import registry as views
from dlstudio.layers import registry as layers
from dlstudio.training.specs import registry as tasks


def package_errors() -> tuple[str, ...]:
    """Return one message per declaration, for the log and the command line."""
    registries = (layers, sources, tasks, views)
    return tuple(line for registry in registries for line in registry.PLUGIN_ERRORS)
