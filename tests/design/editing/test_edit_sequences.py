from __future__ import annotations

import gc
import os
import weakref
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlstudio.design.changes.diff import Change, difference
from dlstudio.design.changes.fingerprint import fingerprint, fingerprint_run
from dlstudio.design.commands.clipboard import copy, paste
from dlstudio.design.library.files import dumps, loads
from dlstudio.design.model.model import Project
from dlstudio.design.structure.expand import expand
from tests.design.editing.edit_steps import Step, assert_valid, project_states

EXAMPLES = int(os.environ.get("DLSTUDIO_EDIT_SEQUENCES", "100"))
number = st.integers(0, 60)
step_lists = st.lists(st.tuples(number, number, number), min_size=5, max_size=30)
reproducible = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)


@pytest.fixture(scope="module", autouse=True)
def _frozen_heap() -> Iterator[None]:
    """Keep what other tests left out of each `gc.collect()`, which would take seconds."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@reproducible
@given(step_lists)
def test_random_edits_keep_the_design_valid(steps: list[Step]) -> None:
    for state in project_states(steps):
        assert_valid(state)


@reproducible
@given(step_lists)
def test_undoing_everything_restores_the_same_object(steps: list[Step]) -> None:
    projects = project_states(steps)
    start, end = projects[0], projects[-1]
    changes = _changes(projects)
    del projects
    gc.collect()
    project = end
    for change in reversed(changes):
        project = change.backward(project)
    assert project is start
    for change in changes:
        project = change.forward(project)
    assert project is end


@reproducible
@given(step_lists)
def test_undo_rebuilds_equal_states_that_were_garbage_collected(steps: list[Step]) -> None:
    projects = project_states(steps)
    texts = [dumps(state) for state in projects]
    changes = _changes(projects)
    project = loads(texts[-1])
    del projects
    gc.collect()
    for change, text in zip(reversed(changes), reversed(texts[:-1]), strict=True):
        project = change.backward(project)
        assert dumps(project) == text


@reproducible
@given(step_lists)
def test_a_merged_change_covers_all_steps(steps: list[Step]) -> None:
    projects = project_states(steps)
    merged = difference(projects[0], projects[0])
    for change in _changes(projects):
        merged = merged.merged_with(change)
    assert merged.forward(projects[0]) == projects[-1]
    assert merged.backward(loads(dumps(projects[-1]))) == projects[0]


@reproducible
@given(step_lists)
def test_saving_and_loading_is_the_identity(steps: list[Step]) -> None:
    project = project_states(steps)[-1]
    text = dumps(project)
    again = loads(text)
    assert again == project
    assert dumps(again) == text
    assert fingerprint(again) == fingerprint(project)
    assert fingerprint_run(again) == fingerprint_run(project)


@reproducible
@given(step_lists)
def test_pasting_everything_elsewhere_gives_the_same_network(steps: list[Step]) -> None:
    project = project_states(steps)[-1]
    pasted, ids = paste(Project(), copy(project, project.graph.nodes), (0.0, 0.0))
    assert_valid(pasted)
    assert len(ids) == len(project.graph.nodes)
    assert len(pasted.graph.edges) == len(project.graph.edges)
    assert len(expand(pasted).nodes) == len(expand(project).nodes)


def test_changes_keep_no_project_alive() -> None:
    projects = project_states([(0, 1, 1), (1, 0, 2), (12, 0, 3)])
    changes = _changes(projects)
    middle = weakref.ref(projects[1])
    del projects
    gc.collect()
    assert middle() is None
    assert changes


def _changes(projects: list[Project]) -> list[Change]:
    return [difference(before, after) for before, after in pairwise(projects)]
