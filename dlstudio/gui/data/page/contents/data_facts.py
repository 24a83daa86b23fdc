"""The most important facts about data, as short texts. Imports no Qt."""

from __future__ import annotations

from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.gui.data.page.contents.page_contents import PageContents
from dlstudio.gui.widgets.number_format import format_integer

_TOKEN_UNITS = {"characters": "one character", "bytes": "one byte", "words": "one word"}


def data_facts(contents: PageContents) -> tuple[str, ...]:
    """Return how much was read, how much of it is used, and what it holds."""
    facts = []
    table, summary = contents.table, contents.summary
    used = 0 if summary is None else sum(summary.samples.values())
    if table is not None and not table.is_fixed:
        facts.append(f"{format_integer(table.total_rows)} rows")
        if used:
            facts.append(f"{format_integer(used)} used")
    elif used:
        facts.append(f"{format_integer(used)} samples")
    if shape := _shape_text(contents.info):
        facts.append(shape)
    source = SOURCES.get(contents.settings.source)
    is_folder = source is not None and source.is_folder
    return (*facts, "the files stay as they are" if is_folder else "the file stays as it is")


def token_unit(settings: DataSettings) -> str:
    """Return what one token of a text is: `one character`; empty for other data."""
    unit = str(settings.options.get("unit", "characters"))
    return _TOKEN_UNITS.get(unit, "") if settings.source == "text" else ""


def _shape_text(info: DatasetInfo) -> str:
    """Return what goes in and out: `12 inputs, 3 classes`."""
    signal = next(iter(info.inputs.values()), None)
    if signal is None:
        return ""
    if signal.dtype == "int64":
        return f"{signal.text()} tokens a sample"
    is_row = len(signal.shape) == 1
    inputs = f"{signal.text()} input{'s' if is_row and signal.shape[0] != 1 else ''}"
    return f"{inputs}, {len(info.class_names)} classes" if info.class_names else inputs
