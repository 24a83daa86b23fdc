"""Read requests for the readers of data sources."""

from pathlib import Path

from dlstudio.data.core.progress import ignore_progress, never_cancelled
from dlstudio.data.sources.framework.read_request import ReadRequest
from dlstudio.data.sources.sources import find_source, parse_options
from dlstudio.design.model.data_settings import DataSettings


def read_request(settings: DataSettings) -> ReadRequest:
    """Return the request to read a source that needs no files."""
    options = parse_options(settings.source, settings.options)
    return ReadRequest(
        find_source(settings.source),
        settings,
        options,
        None,
        Path(),
        ignore_progress,
        never_cancelled,
        download=False,
    )
