"""Every one-click repair over random designs broken that way: mended at once, and undoable."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise

import pytest

from dlstudio.design.diff import difference
from dlstudio.design.edits import connect, disconnect, remove_nodes, set_settings
from dlstudio.design.model import Edge, Project
from dlstudio.design.problems import Severity
from dlstudio.design.repairs import apply_repair
from dlstudio.design.signals import DataFacts
from dlstudio.design.values import Ref
from dlstudio.network.inference import Checker
from dlstudio.training.readiness import check_project
from tests.network.drawing import PICTURES, ROWS, Layer, chain, wired

DESIGNS = 24
CHECKER = Checker()
PADDED = {"kernel_size": (3, 3), "padding": (1, 1)}
ACTIVATIONS = ("relu", "gelu", "tanh", "sigmoid", "leaky_relu", "elu", "silu")
Broken = tuple[Project, DataFacts]


def activations(draw: random.Random, name: str) -> list[Layer]:
    return [(f"{name}_{i}", draw.choice(ACTIVATIONS), {}) for i in range(draw.randint(0, 2))]


def convolutions(draw: random.Random, name: str) -> list[Layer]:
    layers: list[Layer] = []
    for i in range(draw.randint(1, 3)):
        layers += [
            (f"{name}_{i}", "conv2d", {"out_channels": draw.randint(1, 9), **PADDED}),
            *activations(draw, f"{name}_act_{i}"),
        ]
    return layers


def head(name: str = "last") -> list[Layer]:
    return [("flat", "flatten", {}), (name, "linear", {"out_features": Ref("classes")})]


def join(draw: random.Random, kind: str, left: list[Layer], right: list[Layer]) -> Project:
    """Return Input, two branches, a merging layer, head and Output."""
    first, second = ("left", "right") if draw.random() < 0.5 else ("right", "left")
    ends = {"left": left[-1][0], "right": right[-1][0]}
    slots = draw.sample(range(5), 2)
    wires = [("input_1", left[0][0]), ("input_1", right[0][0])]
    for branch in (left, right):
        wires += [(a[0], b[0]) for a, b in pairwise(branch)]
    wires += [(ends[first], "join", slots[0]), (ends[second], "join", slots[1])]
    wires += [("join", "flat"), ("flat", "last"), ("last", "output_1")]
    layers = [("input_1", "input", {}), *left, *right, ("join", kind, {})]
    return wired([*layers, *head(), ("output_1", "output", {})], wires)


def missing_flatten(draw: random.Random) -> Broken:
    last = ("last", "linear", {"out_features": Ref("classes")})
    layers = convolutions(draw, "conv") if draw.random() < 0.8 else []
    return chain(*layers, *activations(draw, "act"), last), PICTURES


def channel_mismatch(draw: random.Random) -> Broken:
    few, many = draw.randint(1, 6), draw.randint(7, 12)
    stride = draw.choice([(1, 1), (1, 1), (2, 2)])
    left = [*convolutions(draw, "a"), ("a_end", "conv2d", {"out_channels": few, **PADDED})]
    last = {"out_channels": many, **PADDED, "stride": stride}
    right = [*convolutions(draw, "b"), ("b_end", "conv2d", last)]
    return join(draw, "add", left, right), PICTURES


def spatial_mismatch(draw: random.Random) -> Broken:
    shrink: Layer = draw.choice(
        [
            ("b_end", "max_pool2d", {"kernel_size": (2, 2)}),
            ("b_end", "avg_pool2d", {"kernel_size": (3, 2)}),
            ("b_end", "conv2d", {"out_channels": 5, "kernel_size": (3, 3), "stride": (2, 1)}),
        ]
    )
    right = [*convolutions(draw, "b"), shrink]
    return join(draw, "concatenate", convolutions(draw, "a"), right), PICTURES


def kernel_too_large(draw: random.Random) -> Broken:
    size = (draw.randint(9, 20), draw.randint(1, 20))
    kind = draw.choice(["conv2d", "max_pool2d", "avg_pool2d"])
    layer: Layer = ("big", kind, {"kernel_size": size})
    return chain(*convolutions(draw, "conv"), layer, *head()), PICTURES


def output_classes(draw: random.Random) -> Broken:
    facts = draw.choice([PICTURES, ROWS])
    size = draw.choice([n for n in range(1, 30) if n != facts.numbers["classes"]])
    width = {"out_features": draw.randint(2, 40)}
    end: list[Layer] = [("last", "linear", {"out_features": size})]
    end += activations(draw, "act")
    if draw.random() < 0.3:
        end += [("drop", "dropout", {}), ("norm", "layer_norm", {})]
    return chain(("flat", "flatten", {}), ("first", "linear", width), *end), facts


def softmax(draw: random.Random) -> Broken:
    ends: list[Layer] = [("soft", "softmax", {})]
    if draw.random() < 0.3:
        ends.append(("same", "identity", {}))
    return chain(*convolutions(draw, "conv"), *head(), *ends), PICTURES


def unwired_output(draw: random.Random) -> Broken:
    project, _ = chain(*convolutions(draw, "conv"), *head()), PICTURES
    return disconnect(project, ("last.output>output_1.input#0",)), PICTURES


def deleted_card(draw: random.Random) -> Broken:
    """Return a chain whose middle lacks a card, drawn apart as deleting leaves it."""
    middle = [*convolutions(draw, "conv"), ("gone", draw.choice(ACTIVATIONS), {})]
    project = chain(*middle, *convolutions(draw, "more"), *head())
    return remove_nodes(project, ("gone",)), PICTURES


def missing_output(draw: random.Random) -> Broken:
    project = chain(*convolutions(draw, "conv"), *head())
    return remove_nodes(project, ("output_1",)), PICTURES


def cycle(draw: random.Random) -> Broken:
    same = {"out_channels": 4, **PADDED}
    layers: list[Layer] = [("begin", "conv2d", same), ("sum", "add", {})]
    for i in range(draw.randint(1, 4)):
        layers += [(f"conv_{i}", "conv2d", same), *activations(draw, f"act_{i}")]
    back = draw.choice(layers[1:])[0]
    project = chain(*layers, *head())
    return connect(
        project, Edge(back if back != "sum" else layers[-1][0], "sum", "output", "inputs", 1)
    ), PICTURES


CASES: list[tuple[str, Callable[[random.Random], Broken]]] = [
    ("missing-flatten", missing_flatten),
    ("channel-mismatch", channel_mismatch),
    ("spatial-mismatch", spatial_mismatch),
    ("kernel-too-large", kernel_too_large),
    ("output-classes", output_classes),
    ("softmax-before-cross-entropy", softmax),
    ("reaches-no-output", unwired_output),
    ("reaches-no-output", deleted_card),
    ("unconnected-port", deleted_card),
    ("no-output", missing_output),
    ("cycle", cycle),
]


@pytest.mark.parametrize(("code", "break_it"), CASES, ids=[code for code, _ in CASES])
@pytest.mark.parametrize("seed", range(DESIGNS))
def test_one_click_mends_it(
    code: str, break_it: Callable[[random.Random], Broken], seed: int
) -> None:
    before, facts = break_it(random.Random(seed))
    report = check_project(before, CHECKER, facts)
    problem = next(problem for problem in report.problems if problem.code == code)

    after = apply_repair(before, problem.repairs[0])

    repaired = check_project(after, CHECKER, facts)
    assert code not in {problem.code for problem in repaired.problems}
    assert repaired.ok, repaired.problems
    assert difference(before, after).backward(after) is before


@pytest.mark.parametrize(("code", "break_it"), CASES, ids=[code for code, _ in CASES])
def test_the_text_names_the_matter_and_the_remedy(
    code: str, break_it: Callable[[random.Random], Broken]
) -> None:
    project, facts = break_it(random.Random(1))
    report = check_project(project, CHECKER, facts)
    problem = next(problem for problem in report.problems if problem.code == code)
    assert problem.severity is not Severity.HINT
    assert problem.title
    assert problem.text.endswith(".")
    assert problem.repairs[0].title
    assert problem.path in report.nodes


@pytest.mark.parametrize(("code", "break_it"), CASES, ids=[code for code, _ in CASES])
def test_the_other_repairs_help_too(code: str, break_it: Callable[[random.Random], Broken]) -> None:
    for seed in range(DESIGNS):
        project, facts = break_it(random.Random(seed))
        report = check_project(project, CHECKER, facts)
        problem = next(problem for problem in report.problems if problem.code == code)
        for repair in problem.repairs[1:]:
            repaired = check_project(apply_repair(project, repair), CHECKER, facts)
            assert code not in {problem.code for problem in repaired.problems}, repair


def test_a_bad_setting_is_set_back() -> None:
    project = chain(("last", "linear", {"out_features": 10}))
    broken = set_settings(project, ("last",), {"out_features": "many"})
    problem = next(
        p for p in check_project(broken, CHECKER, ROWS).problems if p.code == "bad-setting"
    )
    repaired = apply_repair(broken, problem.repairs[0])
    assert "bad-setting" not in {p.code for p in check_project(repaired, CHECKER, ROWS).problems}
