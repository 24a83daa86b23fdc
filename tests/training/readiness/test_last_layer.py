"""Activations before the scores, and the size of the last layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.model.problems import Severity
from dlstudio.layers.activation.rectifiers import KINDS as RECTIFIERS
from dlstudio.layers.activation.saturating import BOUNDED
from tests.training.readiness.checked_chains import LAST, assert_every_fix_resolves, chain, problems


@pytest.mark.parametrize("loss", ["mse", "binary"])
def test_softmax_is_allowed_before_other_losses(loss: str) -> None:
    assert "softmax-before-cross-entropy" not in problems(chain(LAST, ("softmax", {}), loss=loss))


@pytest.mark.parametrize("kind", ["dropout", "alpha_dropout", "gaussian_noise"])
def test_softmax_is_found_before_layers_without_effect_in_evaluation(kind: str) -> None:
    project = chain(LAST, ("softmax", {}), (kind, {}))
    assert "softmax-before-cross-entropy" in problems(project)


@pytest.mark.parametrize("kind", ["rms_norm", "alpha_dropout", "softmax"])
def test_last_linear_is_resized_before_layers_of_any_size(kind: str) -> None:
    project = chain(("linear", {"out_features": 7}), (kind, {}))
    assert problems(project)["output-classes"].repairs[0].edit == "set_settings"


def test_wide_linear_is_kept_as_a_hidden_layer_by_the_first_fix() -> None:
    project = chain(("linear", {"out_features": 7}))
    keep, _ = problems(project)["output-classes"].repairs
    fixed = apply_repair(project, keep)
    assert not problems(fixed)
    kinds = [node.kind for node in fixed.graph.nodes.values()]
    assert sorted(kinds) == ["input", "linear", "linear", "output", "relu"]
    assert fixed.graph.nodes["linear_1"].settings["out_features"] == 7


def test_narrow_linear_is_not_kept_as_a_hidden_layer() -> None:
    project = chain(("linear", {"out_features": 2}))
    assert len(problems(project)["output-classes"].repairs) == 1


@pytest.mark.parametrize("kind", ["glu", "group_norm", "relu", "prelu", "mish", "tanh"])
def test_linear_is_added_after_layers_that_need_their_size(kind: str) -> None:
    project = chain(("linear", {"out_features": 8}), (kind, {}))
    assert problems(project)["output-classes"].repairs[0].edit == "insert_before"


HIDDEN_ACTIVATIONS = [kind.name for kind in (*RECTIFIERS, *BOUNDED) if kind.name != "step"]


@pytest.mark.parametrize("kind", HIDDEN_ACTIVATIONS)
@pytest.mark.parametrize("end", [(), (("dropout", {}),)], ids=["", "dropout"])
def test_activation_before_scores_is_reported_with_a_linear_layer_first(
    kind: str, end: tuple[tuple[str, Mapping[str, Any]], ...]
) -> None:
    project = chain(LAST, (kind, {}), *end)
    problem = problems(project)["activation-before-scores"]
    assert problem.severity is Severity.WARNING
    assert problem.repairs[0].title == "Insert a Linear layer with 3 outputs"
    assert_every_fix_resolves(project, "activation-before-scores")


@pytest.mark.parametrize("kind", HIDDEN_ACTIVATIONS)
def test_first_fix_after_an_activation_leaves_no_problem(kind: str) -> None:
    project = chain(("linear", {"out_features": 7}), (kind, {}))
    fixed = apply_repair(project, problems(project)["output-classes"].repairs[0])
    assert not problems(fixed)


@pytest.mark.parametrize(("kind", "loss"), [("sigmoid", "binary"), ("tanh", "mse")])
def test_bounded_activation_suits_losses_of_values(kind: str, loss: str) -> None:
    project = chain(("linear", {"out_features": 1}), (kind, {}), source="movie", loss=loss)
    assert "activation-before-scores" not in problems(project)


def test_softmax_is_allowed_inside_the_network() -> None:
    project = chain(("linear", {"out_features": 6}), ("softmax", {}), LAST)
    assert "softmax-before-cross-entropy" not in problems(project)
