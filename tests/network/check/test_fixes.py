"""One-click fixes of randomly generated design mistakes, and undoing them."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise

import pytest

from dlstudio.design.changes.diff import difference
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.edits import connect, disconnect, remove_nodes, set_settings
from dlstudio.design.model.model import Edge, Project
from dlstudio.design.model.problems import Severity
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.values import Ref
from dlstudio.network.check.inference import Checker
from dlstudio.training.readiness.check import check_project
from tests.network.design_builders import IMAGES, ROWS, Layer, build_design, chain

DESIGNS = 24
CHECKER = Checker()
PADDED = {"kernel_size": (3, 3), "padding": (1, 1)}
ACTIVATIONS = ("relu", "gelu", "tanh", "sigmoid", "leaky_relu", "elu", "silu")
Broken = tuple[Project, DatasetInfo]


def activations(rng: random.Random, name: str) -> list[Layer]:
    return [(f"{name}_{i}", rng.choice(ACTIVATIONS), {}) for i in range(rng.randint(0, 2))]


def convolutions(rng: random.Random, name: str) -> list[Layer]:
    layers: list[Layer] = []
    for i in range(rng.randint(1, 3)):
        layers += [
            (f"{name}_{i}", "conv2d", {"out_channels": rng.randint(1, 9), **PADDED}),
            *activations(rng, f"{name}_act_{i}"),
        ]
    return layers


def head(name: str = "last") -> list[Layer]:
    return [("flat", "flatten", {}), (name, "linear", {"out_features": Ref("classes")})]


def join(rng: random.Random, kind: str, left: list[Layer], right: list[Layer]) -> Project:
    """Return a design of two branches that a merging layer joins before the head."""
    first, second = ("left", "right") if rng.random() < 0.5 else ("right", "left")
    ends = {"left": left[-1][0], "right": right[-1][0]}
    slots = rng.sample(range(5), 2)
    wires = [("input_1", left[0][0]), ("input_1", right[0][0])]
    for branch in (left, right):
        wires += [(a[0], b[0]) for a, b in pairwise(branch)]
    wires += [(ends[first], "join", slots[0]), (ends[second], "join", slots[1])]
    wires += [("join", "flat"), ("flat", "last"), ("last", "output_1")]
    layers = [("input_1", "input", {}), *left, *right, ("join", kind, {})]
    return build_design([*layers, *head(), ("output_1", "output", {})], wires)


def missing_flatten(rng: random.Random) -> Broken:
    last = ("last", "linear", {"out_features": Ref("classes")})
    layers = convolutions(rng, "conv") if rng.random() < 0.8 else []
    return chain(*layers, *activations(rng, "act"), last), IMAGES


def channel_mismatch(rng: random.Random) -> Broken:
    channels, more_channels = rng.randint(1, 6), rng.randint(7, 12)
    stride = rng.choice([(1, 1), (1, 1), (2, 2)])
    left = [*convolutions(rng, "a"), ("a_end", "conv2d", {"out_channels": channels, **PADDED})]
    settings = {"out_channels": more_channels, **PADDED, "stride": stride}
    right = [*convolutions(rng, "b"), ("b_end", "conv2d", settings)]
    return join(rng, "add", left, right), IMAGES


def spatial_mismatch(rng: random.Random) -> Broken:
    downsampling: Layer = rng.choice(
        [
            ("b_end", "max_pool2d", {"kernel_size": (2, 2)}),
            ("b_end", "avg_pool2d", {"kernel_size": (3, 2)}),
            ("b_end", "conv2d", {"out_channels": 5, "kernel_size": (3, 3), "stride": (2, 1)}),
        ]
    )
    right = [*convolutions(rng, "b"), downsampling]
    return join(rng, "concatenate", convolutions(rng, "a"), right), IMAGES


def kernel_too_large(rng: random.Random) -> Broken:
    size = (rng.randint(9, 20), rng.randint(1, 20))
    kind = rng.choice(["conv2d", "max_pool2d", "avg_pool2d"])
    layer: Layer = ("big", kind, {"kernel_size": size})
    return chain(*convolutions(rng, "conv"), layer, *head()), IMAGES


def output_classes(rng: random.Random) -> Broken:
    facts = rng.choice([IMAGES, ROWS])
    size = rng.choice([n for n in range(1, 30) if n != facts.numbers["classes"]])
    width = {"out_features": rng.randint(2, 40)}
    end: list[Layer] = [("last", "linear", {"out_features": size})]
    end += activations(rng, "act")
    if rng.random() < 0.3:
        end += [("drop", "dropout", {}), ("norm", "layer_norm", {})]
    return chain(("flat", "flatten", {}), ("first", "linear", width), *end), facts


def softmax(rng: random.Random) -> Broken:
    ends: list[Layer] = [("soft", "softmax", {})]
    if rng.random() < 0.3:
        ends.append(("same", "identity", {}))
    return chain(*convolutions(rng, "conv"), *head(), *ends), IMAGES


def unwired_output(rng: random.Random) -> Broken:
    project = chain(*convolutions(rng, "conv"), *head())
    return disconnect(project, ("last.output>output_1.input#0",)), IMAGES


def deleted_card(rng: random.Random) -> Broken:
    """Return a chain with a gap where a card was deleted."""
    middle = [*convolutions(rng, "conv"), ("gone", rng.choice(ACTIVATIONS), {})]
    project = chain(*middle, *convolutions(rng, "more"), *head())
    return remove_nodes(project, ("gone",)), IMAGES


def missing_output(rng: random.Random) -> Broken:
    project = chain(*convolutions(rng, "conv"), *head())
    return remove_nodes(project, ("output_1",)), IMAGES


def cycle(rng: random.Random) -> Broken:
    same_size = {"out_channels": 4, **PADDED}
    layers: list[Layer] = [("begin", "conv2d", same_size), ("sum", "add", {})]
    for i in range(rng.randint(1, 4)):
        layers += [(f"conv_{i}", "conv2d", same_size), *activations(rng, f"act_{i}")]
    source = rng.choice(layers[1:])[0]
    project = chain(*layers, *head())
    return connect(
        project, Edge(source if source != "sum" else layers[-1][0], "sum", "output", "inputs", 1)
    ), IMAGES


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


@pytest.mark.parametrize(("code", "make_broken"), CASES, ids=[code for code, _ in CASES])
@pytest.mark.parametrize("seed", range(DESIGNS))
def test_first_fix_resolves_the_problem(
    code: str, make_broken: Callable[[random.Random], Broken], seed: int
) -> None:
    before, facts = make_broken(random.Random(seed))
    report = check_project(before, CHECKER, facts)
    problem = next(problem for problem in report.problems if problem.code == code)

    after = apply_repair(before, problem.repairs[0])

    repaired = check_project(after, CHECKER, facts)
    assert code not in {problem.code for problem in repaired.problems}
    assert repaired.ok, repaired.problems
    assert difference(before, after).backward(after) is before


@pytest.mark.parametrize(("code", "make_broken"), CASES, ids=[code for code, _ in CASES])
def test_problem_has_a_title_text_and_fix(
    code: str, make_broken: Callable[[random.Random], Broken]
) -> None:
    project, facts = make_broken(random.Random(1))
    report = check_project(project, CHECKER, facts)
    problem = next(problem for problem in report.problems if problem.code == code)
    assert problem.severity is not Severity.HINT
    assert problem.title
    assert problem.text.endswith(".")
    assert problem.repairs[0].title
    assert problem.path in report.nodes


@pytest.mark.parametrize(("code", "make_broken"), CASES, ids=[code for code, _ in CASES])
def test_further_fixes_resolve_the_problem(
    code: str, make_broken: Callable[[random.Random], Broken]
) -> None:
    for seed in range(DESIGNS):
        project, facts = make_broken(random.Random(seed))
        report = check_project(project, CHECKER, facts)
        problem = next(problem for problem in report.problems if problem.code == code)
        for repair in problem.repairs[1:]:
            repaired = check_project(apply_repair(project, repair), CHECKER, facts)
            assert code not in {problem.code for problem in repaired.problems}, repair


def test_invalid_setting_is_reset() -> None:
    project = chain(("last", "linear", {"out_features": 10}))
    broken = set_settings(project, ("last",), {"out_features": "many"})
    problem = next(
        p for p in check_project(broken, CHECKER, ROWS).problems if p.code == "bad-setting"
    )
    repaired = apply_repair(broken, problem.repairs[0])
    assert "bad-setting" not in {p.code for p in check_project(repaired, CHECKER, ROWS).problems}
