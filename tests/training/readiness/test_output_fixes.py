"""The fix that adds an Output leads to a network that can be trained."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.model.model import Project
from tests.training.readiness.checked_chains import LAST, Layer, chain, problems


def without_output(*layers: Layer, source: str = "iris", **training: str) -> Project:
    project = chain(*layers, source=source, **training)
    graph = project.graph
    nodes = {name: node for name, node in graph.nodes.items() if node.kind != "output"}
    edges = {key: edge for key, edge in graph.edges.items() if edge.target in nodes}
    return replace(project, graph=replace(graph, nodes=nodes, edges=edges))


@pytest.mark.parametrize(
    ("layers", "titles"),
    [
        ([LAST], ["Add an Output after linear_1"]),
        (
            [("linear", {"out_features": 64})],
            [
                "Add an Output after linear_1, and insert ReLU and a Linear layer with 3 outputs",
                "Add an Output after linear_1, and give linear_1 3 outputs",
            ],
        ),
        (
            [("linear", {"out_features": 64}), ("relu", {})],
            ["Add an Output after relu_1, and insert a Linear layer with 3 outputs"],
        ),
    ],
)
def test_added_output_leads_to_no_contradiction(layers: list[Layer], titles: list[str]) -> None:
    project = without_output(*layers)
    repairs = problems(project)["no-output"].repairs
    assert [repair.title for repair in repairs] == titles
    for repair in repairs:
        assert problems(apply_repair(project, repair)) == {}


def test_output_of_values_fits_the_target() -> None:
    project = without_output(
        ("linear", {"out_features": 64}), source="diabetes", task="regression", loss="mse"
    )
    repairs = problems(project)["no-output"].repairs
    assert len(repairs) == 2
    for repair in repairs:
        assert not any(p.is_contradiction for p in problems(apply_repair(project, repair)).values())
