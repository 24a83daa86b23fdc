"""What installed packages bring and no registry could take, for the log and the command line."""

from __future__ import annotations

from dlstudio.data.sources import sources
from dlstudio.insight.views import registry as views
from dlstudio.layers import registry as layers


def package_errors() -> tuple[str, ...]:
    """Return a line for whatever was left out: what and why."""
    return (*layers.PLUGIN_ERRORS, *sources.PLUGIN_ERRORS, *views.PLUGIN_ERRORS)
