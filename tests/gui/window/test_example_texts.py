"""The texts of the examples speak of what a view shows, and name the tab where it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from dlstudio.design.library.example_cards import EXAMPLE_TEXTS
from dlstudio.design.library.examples import example_names, example_path
from dlstudio.design.library.files import load
from dlstudio.gui.actions.action_table import TABS, tab_title
from dlstudio.insight.views.registry import VIEWS

_UNSEEN = ("boundary", "decision surface", "confusion matrix", "attention map", "gradient")
"""What no view draws."""
_WATCHING = re.compile(r"\b(watch|look at|look for|see|observe|follow)\b", re.IGNORECASE)
_PLACE = re.compile(r"\bunder ([A-Z]\w+)")
_SECTIONS = {"Data"}
"""Headings outside the tabs that the texts refer to."""


def texts(name: str) -> Iterator[str]:
    """Yield what a user reads about an example."""
    project = load(example_path(name))
    yield project.about
    for layout in project.layouts.values():
        yield from (note.text for note in layout.notes.values())
    if name in EXAMPLE_TEXTS:
        yield EXAMPLE_TEXTS[name].line


def clauses(name: str) -> list[str]:
    return [part for text in texts(name) for part in re.split(r"[.:;\n]", text)]


@pytest.mark.parametrize("name", example_names())
def test_texts_promise_only_what_a_view_shows(name: str) -> None:
    promises = [clause for clause in clauses(name) if _WATCHING.search(clause)]
    unseen = [clause for clause in promises if any(word in clause.lower() for word in _UNSEEN)]
    assert unseen == []


@pytest.mark.parametrize("name", example_names())
def test_texts_name_tabs_that_exist_and_show_something(name: str) -> None:
    project = load(example_path(name))
    tabs = {tab_title(tab): tab for tab in TABS}
    for place in {match for text in texts(name) for match in _PLACE.findall(text)}:
        assert place in tabs or place in _SECTIONS, place
        view = VIEWS.get(tabs.get(place, ""))
        if view is not None and project.data.facts is not None:
            assert view.needs(project, project.data.facts) is None


@pytest.mark.parametrize("name", example_names())
def test_colours_of_points_are_mentioned_with_their_tab(name: str) -> None:
    """A sentence about the colour of points says where they are."""
    for sentence in (part for text in texts(name) for part in re.split(r"[.\n]", text)):
        if re.search(r"\b(colour|misclassified)\b", sentence):
            assert "under samples" in sentence.lower(), sentence
