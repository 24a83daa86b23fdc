"""What was left out, condensed: few places of few reasons, with the right counts."""

from __future__ import annotations

from dlstudio.data.core.data_report import LeftOut
from dlstudio.data.summary import DataSummary
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.gui.data.page.contents.changes import change_entries
from dlstudio.gui.data.page.contents.condensing import condense
from dlstudio.gui.data.page.contents.page_contents import PageContents
from dlstudio.gui.widgets.number_format import format_integer


def test_few_items_stay_as_they_are() -> None:
    items = (
        LeftOut("column", "id", "it numbers the rows"),
        LeftOut("row", "line 3", "the target is empty"),
        LeftOut("image", "a.png", "it is broken", 3),
    )
    assert condense(items) == items


def test_many_places_are_counted() -> None:
    rows = [LeftOut("row", f"line {line}", "the target is empty") for line in range(2, 1002)]
    condensed = condense(rows)
    assert len(condensed) < 10
    summary = DataSummary("csv", {}, {}, (), (), condensed, ())
    entry = change_entries(PageContents(DataSettings("csv"), summary=summary))[0]
    assert entry.title == f"{format_integer(1000)} rows left out: the target is empty"
    assert entry.detail == "lines 2, 3, 4, 5 and 996 more"


def test_rare_reasons_are_joined() -> None:
    rows = [LeftOut("row", f"line {line}", f"reason {line}") for line in range(500)]
    frequent = [LeftOut("row", f"line {line}", "a quote is not closed") for line in range(20)]
    condensed = condense([*rows, *frequent])
    assert len(condensed) < 50
    assert sum(item.count for item in condensed) == 520
    counts = {item.why: 0 for item in condensed}
    for item in condensed:
        counts[item.why] += item.count
    assert counts["a quote is not closed"] == 20
    assert counts["other reasons"] > 400
