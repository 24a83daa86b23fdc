"""The source of each input of a view."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.gui.plots.inputs.input_source import InputSource
from dlstudio.gui.plots.inputs.pair_source import PairSource
from dlstudio.gui.plots.inputs.series_source import SeriesSource
from dlstudio.gui.plots.inputs.state_source import StateSource
from dlstudio.gui.plots.inputs.trace_source import TraceSource

INPUT_SOURCES: Mapping[str, type[InputSource]] = {
    "state": StateSource,
    "series": SeriesSource,
    "trace": TraceSource,
    "pair": PairSource,
}
"""Source classes by `ViewSpec.input`."""
