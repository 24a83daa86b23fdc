"""Problems that stand on a card: those of every layer kind, and those of every task."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.library.examples import example_names, example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.problems import Problem
from dlstudio.layers.registry import KINDS
from dlstudio.network.check.inference import Checker
from dlstudio.training.readiness.check import check_project
from dlstudio.training.specs.registry import TASKS
from tests.layers.random_layers import DTYPES, random_layer

CASES = 60
MAX_CARDS = 9


def layer_problems() -> Iterator[Problem]:
    """Yield the problems of every kind with random settings and inputs."""
    random = Random(4)
    for kind in KINDS.values():
        for _ in range(CASES if kind.inputs else 0):
            dtype = random.choice((*["float32"] * 4, *DTYPES))
            layer, signals = random_layer(random, kind, random.randint(0, 4), dtype)
            yield from layer.check(signals)


def task_problems() -> Iterator[Problem]:
    """Yield the problems on cards of small examples that are given another task."""
    checker = Checker()
    for name in example_names():
        project = replace(load(example_path(name)), weights=None)
        if len(project.graph.nodes) > MAX_CARDS:
            continue
        facts = info_of(project.data)
        for task in TASKS.values():
            training = replace(project.training, task=task.name, loss=task.losses[0].name)
            report = check_project(replace(project, training=training), checker, facts)
            yield from (problem for problem in report.problems if problem.path)
