"""Searches the examples by name, concept and text. Uses neither Qt nor torch."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import FileError, load
from dlstudio.gui.gallery.card_info import card_info
from dlstudio.gui.gallery.synonyms import IDEAS, SYNONYMS
from dlstudio.layers.registry import find
from dlstudio.training.specs.registry import TASKS

EXACT, NAME, CONCEPT, TEXT = range(4)
"""Ranks of a match, best first."""
_MIN_PART = 3
"""A query of at least this many letters may match the start of a concept."""
_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class _Entry:
    """The words of an example in lower case."""

    names: str
    concepts: frozenset[str]
    text: str


def search(query: str, names: Sequence[str], sections: Mapping[str, str]) -> list[str]:
    """Return the examples that match, best first: by name, then concept, then text.

    Args:
        query: Words of the user.
        names: Names of the examples to search, in their order.
        sections: Title of the section of each example.
    """
    query = _normalise(query)
    if not query:
        return list(names)
    concepts = concepts_in(query)
    ranks = {name: _rank(query, concepts, name, sections.get(name, "")) for name in names}
    agreeing = {name: len(concepts & _entry(name).concepts) for name in names}
    matches = [(rank, name) for name, rank in ranks.items() if rank is not None]
    return [
        name for _rank_of, name in sorted(matches, key=lambda item: (item[0], -agreeing[item[1]]))
    ]


def suggestions(query: str, names: Sequence[str]) -> list[str]:
    """Return the three ideas nearest to a query that finds nothing."""
    query = _normalise(query)
    known = {word: concept for concept in _explained(tuple(names)) for word in _words_for(concept)}
    known |= {word: word for name in names for word in (name, card_info(name).title.lower())}
    close = difflib.get_close_matches(query, known, n=3 * _SUGGESTIONS, cutoff=0.5)
    for word in query.split():
        close += difflib.get_close_matches(word, known, n=_SUGGESTIONS, cutoff=0.6)
    ideas = [known[word] for word in close]
    return list(dict.fromkeys((*ideas, *IDEAS)))[:_SUGGESTIONS]


def concepts_in(query: str) -> frozenset[str]:
    """Return the concepts that a query names, by their own words or by synonyms."""
    query = _normalise(query)
    return frozenset(
        concept
        for concept, others in SYNONYMS.items()
        if any(_names(query, word) for word in (concept, *others))
    )


def _names(query: str, word: str) -> bool:
    """Whether a query contains a word, or is its beginning."""
    if f" {word} " in f" {query} ":
        return True
    return len(query) >= _MIN_PART and word.startswith(query)


def _rank(query: str, concepts: frozenset[str], name: str, section: str) -> int | None:
    entry = _entry(name)
    words = query.split()
    if query == name:
        return EXACT
    if all(word in entry.names for word in words):
        return NAME
    if concepts & entry.concepts or _names_concept(query, entry.concepts):
        return CONCEPT
    text = f"{entry.names} {entry.text} {section.lower()} {' '.join(entry.concepts)}"
    return TEXT if all(word in text for word in words) else None


def _names_concept(query: str, concepts: frozenset[str]) -> bool:
    return len(query) >= _MIN_PART and any(
        concept == query or concept.startswith(query) for concept in concepts
    )


@cache
def _entry(name: str) -> _Entry:
    info = card_info(name)
    kinds = [kind.title for kind in map(find, info.kinds) if kind is not None]
    task = TASKS.get(info.task)
    concepts = {*info.concepts, *kinds, *([task.title] if task is not None else [])}
    names = f"{name} {info.title}{f' {info.year}' if info.year else ''}"
    trained = "trained" if info.trained else ""
    text = " ".join((info.line, trained, *_design_texts(name), *info.kinds))
    return _Entry(names.lower(), frozenset(concept.lower() for concept in concepts), text.lower())


def _design_texts(name: str) -> tuple[str, str]:
    try:
        project = load(example_path(name))
    except (FileError, FileNotFoundError):
        return ("", "")
    return project.title, project.about


def _explained(names: tuple[str, ...]) -> list[str]:
    """Return the concepts that the examples explain, each once."""
    return list(dict.fromkeys(concept for name in names for concept in card_info(name).concepts))


def _words_for(concept: str) -> tuple[str, ...]:
    return (concept, *SYNONYMS.get(concept, ()))


def _normalise(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("_", " ")).strip().lower()
