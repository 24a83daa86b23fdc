"""The mistakes that students make, one by one: what is said and what one click does."""

from __future__ import annotations

from typing import Any

import pytest

from dlstudio.design.model import Edge, Graph, Node, Project
from dlstudio.design.problems import Problem, Severity
from dlstudio.design.repairs import apply_repair
from dlstudio.design.signals import Signal
from dlstudio.design.values import Ref
from dlstudio.layers.mistakes import Repair
from dlstudio.layers.registry import KINDS

PICTURE = Signal((16, 14, 14), "float32", "maps")


def problems(kind: str, *given: Signal, **settings: Any) -> list[Problem]:
    layer = KINDS[kind].parse(settings, {})
    return list(layer.check({layer.inputs[0].name: given}))


def the_problem(kind: str, *given: Signal, **settings: Any) -> Problem:
    (problem,) = problems(kind, *given, **settings)
    return problem


def inserts(repair: Repair) -> list[tuple[int, str, dict[str, Any]]]:
    return [
        (insert["wire"], insert["kind"], insert["settings"])
        for insert in repair.arguments["inserts"]
    ]


def test_linear_after_a_picture_misses_a_flatten() -> None:
    problem = the_problem("linear", Signal((3, 4, 5), "float32", "picture"))
    assert problem.code == "missing-flatten"
    assert problem.repairs[0].edit == "insert_before"
    assert problem.repairs[0].arguments["kind"] == "flatten"
    assert "3×4×5 becomes 60 features" in problem.text


def test_linear_works_along_a_sequence() -> None:
    assert problems("linear", Signal((20, 8), "float32", "sequence")) == []


def test_linear_on_tokens_misses_an_embedding_as_large_as_the_vocabulary() -> None:
    problem = the_problem("linear", Signal((20,), "int64", "tokens"))
    assert problem.code == "wrong-dtype"
    assert problem.repairs[0].arguments["settings"] == {"num_embeddings": Ref("vocabulary")}


def test_add_brings_the_smaller_channels_to_the_larger() -> None:
    problem = the_problem("add", PICTURE, Signal((32, 14, 14), "float32", "maps"))
    assert problem.code == "channel-mismatch"
    assert problem.title == "Add cannot join 16×14×14 and 32×14×14"
    (repair,) = problem.repairs
    assert repair.title == "Insert 1×1 Conv2d (16 → 32)"
    assert inserts(repair) == [(0, "conv2d", {"out_channels": 32, "kernel_size": (1, 1)})]


def test_add_follows_the_majority() -> None:
    problem = the_problem("add", PICTURE, Signal((32, 14, 14)), PICTURE)
    assert [wire for wire, _, _ in inserts(problem.repairs[0])] == [1]


def test_a_residual_that_halves_gets_a_convolution_with_stride() -> None:
    problem = the_problem("add", Signal((16, 28, 28)), Signal((32, 14, 14)))
    assert inserts(problem.repairs[0]) == [
        (0, "conv2d", {"out_channels": 32, "kernel_size": (1, 1), "stride": (2, 2)})
    ]


def test_add_of_lists_inserts_a_linear() -> None:
    problem = the_problem("add", Signal((64,)), Signal((128,)))
    assert problem.code == "channel-mismatch"
    assert inserts(problem.repairs[0]) == [(0, "linear", {"out_features": 128})]


def test_add_of_other_sizes_pools_to_the_smallest() -> None:
    problem = the_problem("add", Signal((8, 5, 9)), Signal((8, 4, 3)))
    assert problem.code == "shape-mismatch"
    assert inserts(problem.repairs[0]) == [(0, "adaptive_avg_pool2d", {"output_size": (4, 3)})]


def test_add_takes_one_value_per_channel_as_a_times_embedding_is() -> None:
    assert problems("add", PICTURE, Signal((16, 1, 1))) == []
    assert problems("add", PICTURE, PICTURE, Signal((16, 1, 1), meaning="maps")) == []


@pytest.mark.parametrize(
    "signals",
    [
        (PICTURE, Signal((16, 1, 14))),
        (Signal((16, 14, 1)), Signal((16, 1, 14))),
        (Signal((20, 8), meaning="sequence"), Signal((20, 1), meaning="sequence")),
    ],
    ids=lambda signals: " + ".join(signal.text() for signal in signals),
)
def test_add_hints_at_what_may_be_stretched_unmeant(signals: tuple[Signal, ...]) -> None:
    problem = the_problem("add", *signals)
    assert (problem.code, problem.severity) == ("stretched", Severity.HINT)


def test_multiply_takes_a_gate_for_each_channel_and_each_place() -> None:
    assert problems("multiply", PICTURE, Signal((16, 1, 1)), Signal((1, 14, 14))) == []


def test_concatenate_offers_pools_and_flatten() -> None:
    problem = the_problem("concatenate", Signal((8, 28, 28)), Signal((4, 14, 14)))
    assert problem.code == "spatial-mismatch"
    assert [repair.title for repair in problem.repairs] == [
        "Insert AdaptiveAvgPool2d to 14×14",
        "Insert MaxPool2d 2×2",
        "Insert Flatten on each wire",
    ]


def test_concatenate_of_a_picture_and_a_list_flattens() -> None:
    problem = the_problem("concatenate", Signal((8, 2, 2)), Signal((10,)))
    assert problem.code == "shape-mismatch"
    assert problem.repairs


def test_a_kernel_larger_than_its_input_is_made_to_fit_or_padded() -> None:
    problem = the_problem("conv2d", Signal((8, 3, 3)), kernel_size=5, stride=2)
    assert problem.code == "kernel-too-large"
    changes = [repair.arguments["changes"] for repair in problem.repairs]
    assert changes[0] == {"kernel_size": (3, 3)}
    assert changes[1] == {"padding_mode": "zeros", "padding": "same", "stride": (1, 1)}


def test_a_pool_on_too_small_a_picture_is_made_to_fit_or_removed() -> None:
    problem = the_problem("max_pool2d", Signal((8, 1, 1)))
    assert problem.code == "kernel-too-large"
    assert [repair.edit for repair in problem.repairs] == ["set_settings", "remove"]


def test_groups_must_divide_channels_and_filters() -> None:
    problem = the_problem("conv2d", Signal((6, 9, 9)), groups=4, out_channels=8)
    assert problem.code == "groups-divide"
    assert problem.repairs[0].arguments["changes"] == {"groups": 2}


@pytest.mark.parametrize(
    ("features", "wanted"),
    [(784, (1, 28, 28)), (3072, (3, 32, 32)), (10, (1, 1, 10))],
)
def test_a_list_becomes_the_picture_it_probably_was(features: int, wanted: tuple[int, ...]) -> None:
    problem = the_problem("conv2d", Signal((features,), "float32", "features"))
    assert problem.code == "wrong-rank"
    assert problem.repairs[0].arguments["settings"] == {"shape": wanted}


def test_same_padding_does_not_go_with_a_stride() -> None:
    problem = the_problem("conv2d", PICTURE, padding="same", stride=2)
    assert problem.code == "bad-setting"
    assert problem.repairs[0].arguments["changes"] == {"padding": (1, 1)}


def test_an_even_kernel_with_same_padding_is_only_a_hint() -> None:
    problem = the_problem("conv2d", PICTURE, padding="same", kernel_size=4)
    assert (problem.code, problem.severity) == ("uneven-same", Severity.HINT)


def test_groups_that_leave_a_remainder_are_made_fewer() -> None:
    problem = the_problem("group_norm", Signal((6, 8, 8)), num_groups=4)
    assert problem.code == "groups-divide"
    assert problem.repairs[0].arguments["changes"] == {"num_groups": 3}


def test_groups_of_a_single_number_have_no_spread() -> None:
    problem = the_problem("group_norm", Signal((8,)), num_groups=8)
    assert problem.code == "single-number"
    assert problem.repairs[0].arguments["changes"] == {"num_groups": 4}


def test_an_odd_list_gets_a_linear_that_can_be_halved() -> None:
    problem = the_problem("swiglu", Signal((9,)))
    assert problem.code == "odd-size"
    assert problem.repairs[0].arguments["settings"] == {"out_features": 10}


def test_an_even_axis_is_offered_for_halving() -> None:
    problem = the_problem("glu", Signal((4, 5, 5)))
    assert problem.repairs[0].arguments["changes"] == {"axis": 0}


def test_a_step_says_that_nothing_before_it_learns() -> None:
    problem = the_problem("step", Signal((4,)))
    assert (problem.code, problem.severity) == ("no-gradient", Severity.HINT)
    assert problems("step", Signal((4,)), gradient="straight-through") == []


@pytest.mark.parametrize(
    ("signal", "mode"), [(Signal((8, 20)), "linear"), (Signal((8, 4, 4, 4)), "trilinear")]
)
def test_the_mode_of_an_upsample_follows_the_axes(signal: Signal, mode: str) -> None:
    problem = the_problem("upsample", signal, mode="bilinear")
    assert problem.code == "wrong-mode"
    assert problem.repairs[0].arguments["changes"] == {"mode": mode}


def test_a_pixel_shuffle_gets_the_channels_that_it_needs() -> None:
    problem = the_problem("pixel_shuffle", Signal((10, 7, 7)))
    assert problem.code == "channels-divide"
    assert problem.repairs[0].title == "Insert 1×1 Conv2d (10 → 12)"
    assert problem.repairs[1].arguments["changes"] == {"upscale_factor": 1}


def test_a_mirror_is_at_most_as_deep_as_what_stands_before_it() -> None:
    problem = the_problem("reflection_pad2d", Signal((3, 2, 9)), padding=4)
    assert problem.code == "padding-too-large"
    assert problem.repairs[0].arguments["changes"] == {"padding": (4, 4, 1, 1)}


@pytest.mark.parametrize("kind", ["relu", "flatten", "batch_norm2d", "dropout2d", "max_pool2d"])
def test_ordinary_layers_on_a_picture_have_nothing_to_say(kind: str) -> None:
    assert problems(kind, PICTURE) == []


@pytest.mark.parametrize(
    ("kind", "signal", "settings"),
    [
        ("linear", Signal((1_000_000,)), {"out_features": 1_000_000}),
        ("embedding", Signal((3,), "int64"), {"num_embeddings": 10**6, "embedding_dim": 10**6}),
        ("conv2d", Signal((1000, 9, 9)), {"out_channels": 10**6, "padding": 10**6}),
        ("conv_transpose2d", Signal((10, 9, 9)), {"stride": 10**6}),
        ("conv3d", Signal((1000, 9, 9, 9)), {"out_channels": 10**6, "padding": 10**3}),
        ("depthwise_conv2d", Signal((10, 9, 9)), {"channel_multiplier": 10**6, "padding": 10**3}),
        ("separable_conv2d", Signal((10**3, 9, 9)), {"out_channels": 10**6, "padding": 10**3}),
        ("conv_transpose3d", Signal((10, 9, 9, 9)), {"stride": 10**6}),
        ("adaptive_avg_pool2d", Signal((10, 9, 9)), {"output_size": 10**6}),
        ("upsample", Signal((10, 9, 9, 9)), {"scale_factor": 1000}),
        ("zero_pad2d", Signal((10, 9, 9)), {"padding": 10**6}),
    ],
)
def test_what_no_computer_can_hold_is_refused(
    kind: str, signal: Signal, settings: dict[str, Any]
) -> None:
    problem = the_problem(kind, signal, **settings)
    assert problem.code == "too-large"
    assert "more than any computer" in problem.text


@pytest.mark.parametrize("first_slot", [0, 2])
def test_one_click_mends_every_odd_wire_whatever_its_slot(first_slot: int) -> None:
    nodes = {name: Node(name, "identity") for name in ("identity_1", "identity_2", "identity_3")}
    nodes["add_1"] = Node("add_1", "add")
    wires = [
        Edge(source, "add_1", "output", "inputs", first_slot + 3 * place)
        for place, source in enumerate(list(nodes)[:3])
    ]
    project = Project(graph=Graph(nodes, {wire.key: wire for wire in wires}))
    problem = the_problem("add", PICTURE, Signal((4, 14, 14)), Signal((5, 28, 28)))
    (repair,) = problem.repairs
    known = {**repair.arguments, "node": "add_1", "scope": ""}
    graph = apply_repair(project, Repair(repair.title, repair.edit, known)).graph
    sources = sorted(
        (edge.slot, graph.nodes[edge.source].kind)
        for edge in graph.edges.values()
        if edge.target == "add_1"
    )
    slots = [wire.slot for wire in wires]
    assert sources == list(zip(slots, ("identity", "conv2d", "conv2d"), strict=True))


def pair_problem(kind: str, left: Signal, right: Signal, **settings: Any) -> Problem:
    (problem,) = KINDS[kind].parse(settings, {}).check({"left": (left,), "right": (right,)})
    return problem


def test_subtract_mends_the_one_wire_that_is_odd() -> None:
    problem = pair_problem("subtract", PICTURE, Signal((4, 14, 14)))
    assert problem.code == "shape-mismatch"
    (repair,) = problem.repairs
    assert repair.arguments["port"] == "right"
    assert inserts(repair) == [(0, "conv2d", {"out_channels": 16, "kernel_size": (1, 1)})]


def test_a_matrix_that_lies_the_wrong_way_is_turned() -> None:
    problem = pair_problem("matmul", Signal((9, 8)), Signal((7, 8)))
    assert problem.code == "size-mismatch"
    assert "8 columns on the left meet 7 rows on the right" in problem.text
    assert problem.repairs[0].arguments["changes"] == {"transpose_right": True}


def test_an_odd_size_has_no_halves() -> None:
    problem = the_problem("split", Signal((7,)))
    assert problem.title == "7 has no equal halves"
    assert problem.repairs[0].arguments["changes"] == {"size": 3}
