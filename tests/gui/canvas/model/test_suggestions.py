"""The order in which layers are offered follows the signal and the card before the place."""

from __future__ import annotations

import pytest

from dlstudio.design.model.model import Project
from dlstudio.design.model.signals import Signal
from dlstudio.gui.canvas.model.insertable_items import insertable_items
from dlstudio.gui.canvas.model.suggestions import Place, suggestions

MAPS = Signal((16, 6, 6), meaning="maps")
IMAGE = Signal((1, 8, 8), meaning="picture")
TOKENS = Signal((12,), "int64", "tokens")
SERIES = Signal((12, 64), meaning="sequence")


@pytest.mark.parametrize(
    ("place", "titles"),
    [
        (Place("convolution", MAPS), ["BatchNorm2d", "ReLU", "MaxPool2d", "Conv2d"]),
        (Place("activation", MAPS), ["MaxPool2d", "Conv2d"]),
        (Place("pooling", MAPS), ["Conv2d", "Flatten"]),
        (Place("io", IMAGE), ["Conv2d", "Patch embedding", "Flatten"]),
        (Place("io", TOKENS), ["Embedding"]),
        (Place("io", Signal((4,))), ["Linear"]),
        (Place("dense", Signal((64,))), ["ReLU", "BatchNorm1d", "Linear"]),
        (Place("activation", Signal((64,))), ["Linear", "BatchNorm1d"]),
        (Place("dense", Signal((3,)), is_end=True), ["Output"]),
        (Place("recurrent", SERIES), ["RNN", "Linear"]),
        (Place(), ["Input"]),
    ],
)
def test_what_suits_the_place_comes_first(place: Place, titles: list[str]) -> None:
    offered = [suggestion.item.title for suggestion in suggestions(ITEMS, place)]
    assert offered[: len(titles)] == titles


ITEMS = insertable_items(Project())


@pytest.mark.parametrize("signal", [MAPS, IMAGE, TOKENS, SERIES, Signal((64,)), Signal(()), None])
@pytest.mark.parametrize("category", ["", "io", "convolution", "blocks", "unknown"])
def test_everything_is_offered_once_and_misfits_come_last(
    category: str, signal: Signal | None
) -> None:
    offered = suggestions(ITEMS, Place(category, signal))
    assert {suggestion.item.token for suggestion in offered} == {item.token for item in ITEMS}
    assert len(offered) == len(ITEMS)
    has_reason = [bool(suggestion.reason) for suggestion in offered]
    assert has_reason == sorted(has_reason)


def test_misfits_name_their_reason() -> None:
    offered = {s.item.token: s.reason for s in suggestions(ITEMS, Place("convolution", MAPS))}
    assert offered["linear"] == "Linear needs a flat list, not 16×6×6"
    assert not offered["relu"]
