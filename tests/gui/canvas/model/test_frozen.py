"""The snowflake of a card: whether training leaves its weights unchanged."""

from __future__ import annotations

import pytest

from dlstudio.design.edits import append_after, set_settings, set_weights_from
from dlstudio.design.model.model import Project
from dlstudio.gui.canvas.model.frozen import is_frozen


@pytest.mark.parametrize("owner", [True, False])
@pytest.mark.parametrize("user", [True, False])
def test_card_that_shares_weights_is_frozen_with_their_owner(owner: bool, user: bool) -> None:
    project, first = append_after(Project(), None, "linear")
    project, second = append_after(project, first, "linear")
    project = set_settings(project, [first], {"frozen": owner})
    project = set_settings(project, [second], {"frozen": user})
    project = set_weights_from(project, second, first)
    for node_id in (first, second):
        assert is_frozen(project, project.graph.nodes[node_id], node_id) is owner


def test_layers_that_refer_to_each_other_are_still_drawn() -> None:
    project, first = append_after(Project(), None, "linear")
    project, second = append_after(project, first, "linear")
    project = set_weights_from(project, second, first)
    project = set_weights_from(project, first, second)
    assert not is_frozen(project, project.graph.nodes[first], first)
