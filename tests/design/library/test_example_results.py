from __future__ import annotations

from dataclasses import replace

import pytest

from dlstudio.design.edits import set_about
from dlstudio.design.library.example_cards import EXAMPLE_TEXTS, LEVELS
from dlstudio.design.library.example_results import (
    FOLDER,
    RESULTS,
    picture_path,
    run_fingerprint,
    stored_results,
)
from dlstudio.design.library.examples import (
    HISTORY,
    example_names,
    example_path,
    lesson_names,
    sections,
)
from dlstudio.design.library.files import load
from dlstudio.resources import resource

MAX_BYTES = 1_500_000
WITHOUT_DATA = {"fashion-resnet"}
"""Trained examples whose data was not there when the pictures were drawn."""
THEMES = ("light", "dark")


@pytest.mark.parametrize("name", stored_results())
def test_results_belong_to_the_shipped_design(name: str) -> None:
    assert name in example_names()
    project, result = load(example_path(name)), stored_results()[name]
    command = f"python -m tests.benchmarks.gallery {name}"
    assert result.fingerprint == run_fingerprint(project), f"changed; run: {command}"
    assert result.trained == (project.weights is not None)
    assert (result.source, result.task) == (project.data.source, project.training.task)
    assert result.seconds is None or result.seconds > 0
    for theme in THEMES:
        assert picture_path(name, theme).exists() == result.has_picture


def test_pictures_belong_to_results_and_are_light() -> None:
    files = [path for path in resource(FOLDER).iterdir() if path.name != RESULTS]
    named = {
        f"{name}-{theme}.png"
        for name, result in stored_results().items()
        for theme in THEMES
        if result.has_picture
    }
    assert {path.name for path in files} == named
    assert sum(path.stat().st_size for path in resource(FOLDER).iterdir()) <= MAX_BYTES


def test_measured_examples_show_what_happens() -> None:
    results = stored_results()
    without = {name for name in results if not results[name].has_picture}
    assert without <= WITHOUT_DATA
    assert all(results[name].seconds for name in lesson_names() if name in results.keys() - without)
    assert set(HISTORY) <= set(results)
    assert all(results[name].parameters for name in HISTORY)


def test_fingerprint_ignores_words_and_places() -> None:
    project = load(example_path("xor-mlp"))
    words = set_about(replace(project, title="Other", layouts={}), "Other words")
    assert run_fingerprint(words) == run_fingerprint(project)
    other = replace(project, training=replace(project.training, seed=1))
    assert run_fingerprint(other) != run_fingerprint(project)


def test_every_example_is_in_one_section_and_every_text_belongs_to_one() -> None:
    names = [name for section in sections().values() for name in section]
    assert sorted(names) == sorted(example_names())
    assert set(EXAMPLE_TEXTS) <= set(names)
    for name, text in EXAMPLE_TEXTS.items():
        assert text.level in range(len(LEVELS)), name
        assert text.line.endswith((".", "?")), name
        assert len(text.title) <= 26, name
        assert all(concept == concept.lower() for concept in text.concepts), name
