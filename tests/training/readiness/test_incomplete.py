"""What is only missing so far is told apart from what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design import edits
from dlstudio.design.library.examples import example_names, example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem
from dlstudio.design.structure.structure import topological_order
from dlstudio.layers.registry import KINDS
from dlstudio.network.check.inference import Checker
from dlstudio.training.readiness.check import check_project

LARGEST = 60
"""Steps of building an example; larger ones would take seconds each."""


def steps(project: Project) -> Iterator[Project]:
    """Yield a design as it is built: card by card, and each card's wires one by one."""
    graph = project.graph
    built = replace(project, graph=replace(graph, nodes={}, edges={}), weights=None)
    yield built
    for node_id in topological_order(graph):
        nodes = {**built.graph.nodes, node_id: graph.nodes[node_id]}
        built = replace(built, graph=replace(built.graph, nodes=nodes))
        yield built
        for key, edge in graph.edges.items():
            if edge.target == node_id:
                edges = {**built.graph.edges, key: edge}
                built = replace(built, graph=replace(built.graph, edges=edges))
                yield built


def contradictions(project: Project, checker: Checker) -> set[str]:
    report = check_project(project, checker, info_of(project.data))
    return {problem.code for problem in report.problems if problem.is_contradiction}


@cache
def examples() -> tuple[str, ...]:
    return tuple(
        name
        for name in example_names()
        if len(load(example_path(name)).graph.nodes) * 2 <= LARGEST and name != "densenet-121"
    )


@pytest.mark.parametrize("name", examples())
def test_building_an_example_shows_no_contradiction(name: str) -> None:
    project, checker = load(example_path(name)), Checker()
    for number, built in enumerate(steps(project)):
        assert contradictions(built, checker) == set(), number


@pytest.mark.parametrize("kind", KINDS)
def test_a_single_card_is_incomplete_and_not_wrong(kind: str) -> None:
    project, _ = edits.add_node(Project(), kind, (0.0, 0.0))
    report = check_project(project, Checker(), info_of(project.data))
    assert not report.ok
    assert not any(problem.is_contradiction for problem in report.problems)


def test_an_empty_design_is_incomplete() -> None:
    assert contradictions(Project(), Checker()) == set()


def find(project: Project, code: str) -> Problem:
    report = check_project(project, Checker(), info_of(project.data))
    return next(problem for problem in report.problems if problem.code == code)


def test_contradictions_stay_wrong() -> None:
    project, source = edits.add_node(Project(), "input", (0.0, 0.0))
    project, linear = edits.append_after(project, source, "linear", {"out_features": 64})
    project, flat = edits.append_after(project, source, "flatten", {})
    problem = find(project, "missing-flatten")
    assert (problem.path, problem.is_contradiction) == (linear, True)
    assert find(project, "no-output").incomplete
    project, _ = edits.append_after(project, flat, "output", {})
    assert find(project, "reaches-no-output").incomplete
