"""The number of a layer is left out once the layer or a block around it was edited."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.design.model.model import Block, Graph, Node, Project
from dlstudio.gui.plots.views.edited_layers import without_edited_layers
from dlstudio.insight.views.values import CardOverlay

OVERLAY = CardOverlay({"linear_1": 1.0, "stage_1.0.relu_1": 2.0, "stage_1.1.relu_1": 3.0}, low=0.0)


def design(features: int = 8, repeats: int = 2, inner: str = "relu", title: str = "") -> Project:
    nodes = (
        Node("linear_1", "linear", {"out_features": features}, title=title),
        Node("stage_1", "block", {"block": "stage", "repeat": repeats}),
    )
    block = Block("stage", "Stage", graph=Graph({"relu_1": Node("relu_1", inner)}))
    graph = Graph({node.id: node for node in nodes})
    return replace(Project(), graph=graph, blocks={"stage": block})


def paths_kept(now: Project) -> list[str]:
    return list(without_edited_layers(OVERLAY, design(), now).values)


def test_only_numbers_of_edited_layers_are_left_out() -> None:
    assert paths_kept(design(title="First")) == list(OVERLAY.values)
    assert paths_kept(design(features=9)) == ["stage_1.0.relu_1", "stage_1.1.relu_1"]
    assert paths_kept(design(repeats=3)) == ["linear_1"]
    assert paths_kept(design(inner="tanh")) == ["linear_1"]
    assert paths_kept(Project()) == []
