"""Applying the first fix of each problem leads to a design that can be trained."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.edits import EditError, remove_nodes
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import dumps, load, loads
from dlstudio.design.model.canvas_metrics import CARD_SIZE
from dlstudio.design.model.data_settings import Split
from dlstudio.design.model.model import TOP, Project
from dlstudio.design.model.problems import Problem, Repair
from dlstudio.network.check.inference import Checker
from dlstudio.training.protocol.events import Finished
from dlstudio.training.readiness.check import check_project
from dlstudio.training.specs.registry import TASKS
from tests.training.training_designs import run_training, single_event

CHECKER = Checker()
MAX_FIXES = 12
REPLACED_BY_EXAMPLE = {("digits-cnn", "next-token"), ("digits-cnn", "sequence-to-sequence")}
"""A network for images cannot be fixed into one for tokens."""
BACK_TO_CLASSIFICATION = {"regression", "multi-label", "segmentation"}
"""Tasks that cannot use classes as target: the first fix returns to classification."""


def problems(project: Project) -> tuple[Problem, ...]:
    return check_project(project, CHECKER).problems


def classifier(task: str, name: str = "digits-mlp") -> Project:
    project = load(example_path(name))
    return replace(project, training=replace(project.training, task=task))


def apply_first_fixes(project: Project) -> Project:
    """Apply the first fix of the first problem that has one, until none is left."""
    for _ in range(MAX_FIXES):
        repair = next(
            (problem.repairs[0] for problem in problems(project) if problem.repairs), None
        )
        if repair is None:
            return project
        project = apply_repair(project, repair)
    raise AssertionError(f"after {MAX_FIXES} fixes there is still one: {repair}")


def train_briefly(project: Project) -> Finished:
    training = replace(project.training, epochs=1, batch_size=256)
    data = replace(project.data, split=Split(0.4, 0.4))
    return single_event(run_training(replace(project, training=training, data=data)), Finished)


def assert_no_overlapping_cards(project: Project) -> None:
    positions = list(project.layout_at(TOP).positions.values())
    for index, (x, y) in enumerate(positions):
        for other in positions[index + 1 :]:
            assert abs(x - other[0]) >= CARD_SIZE[0] or abs(y - other[1]) >= CARD_SIZE[1]


@pytest.mark.parametrize("name", ["digits-mlp", "digits-cnn"])
@pytest.mark.parametrize("task", TASKS)
def test_first_fixes_lead_to_a_design_without_problems(task: str, name: str) -> None:
    project = apply_first_fixes(classifier(task, name))
    if (name, task) == ("digits-cnn", "masked-token"):
        assert {problem.repairs for problem in problems(project)} == {()}
        return
    assert problems(project) == ()
    assert project.training.task == ("classification" if task in BACK_TO_CLASSIFICATION else task)
    if (name, task) not in REPLACED_BY_EXAMPLE:
        assert project.graph.nodes.keys() >= load(example_path(name)).graph.nodes.keys()
    assert_no_overlapping_cards(project)
    assert loads(dumps(project)) == project


@pytest.mark.parametrize("task", TASKS)
def test_fixed_design_can_be_trained(task: str) -> None:
    assert train_briefly(apply_first_fixes(classifier(task))).epochs == 1


@pytest.mark.parametrize("task", [task.name for task in TASKS.values() if task.example])
def test_example_is_suggested_if_no_other_fix_helps(task: str) -> None:
    shipped = load(example_path(TASKS[task].example))
    assert shipped.training.task == task
    repairs = [
        repair
        for problem in problems(classifier(task))
        for repair in problem.repairs
        if repair.edit == "take_example"
    ]
    for repair in repairs:
        assert shipped.title in repair.title
        assert apply_repair(classifier(task), repair) == replace(shipped, weights=None)
    assert bool(repairs) == (task not in {"next-token", "sequence-to-sequence", "contrastive"})


@pytest.mark.parametrize("role", ["reconstruction", "mean", "log-variance"])
def test_removed_output_is_added_back(role: str) -> None:
    vae = load(example_path("vae-digits"))
    nodes = vae.graph.nodes.items()
    output = next(name for name, node in nodes if node.settings.get("role") == role)
    fixed = apply_first_fixes(remove_nodes(vae, [output]))
    assert problems(fixed) == ()
    assert [edge.source for edge in fixed.graph.edges.values() if edge.target == output] == [
        edge.source for edge in vae.graph.edges.values() if edge.target == output
    ]


def test_unknown_example_is_rejected() -> None:
    with pytest.raises(EditError, match="no example called"):
        apply_repair(Project(), Repair("", "take_example", {"name": "../secret"}))


def test_missing_opponent_network_is_added() -> None:
    gan = load(example_path("gan-ring"))
    for role in ("realness", "generated sample"):
        removed = {
            node.id
            for node in gan.graph.nodes.values()
            if node.kind == "output" and node.settings["role"] == role
        }
        edges = {edge.source: edge for edge in gan.graph.edges.values()}
        sources = {edge.target: edge.source for edge in edges.values()}
        (node_id,) = removed
        while node_id in sources:
            node_id = sources[node_id]
            removed.add(node_id)
        nodes = {name: node for name, node in gan.graph.nodes.items() if name not in removed}
        wires = {key: e for key, e in gan.graph.edges.items() if e.source not in removed}
        single = replace(gan, graph=replace(gan.graph, nodes=nodes, edges=wires))
        assert problems(apply_first_fixes(single)) == ()
