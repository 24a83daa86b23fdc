"""Problems of common design mistakes, and their fixes."""

from __future__ import annotations

from typing import Any

import pytest

from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.model.model import Edge, Graph, Node, Project
from dlstudio.design.model.problems import Problem, Severity
from dlstudio.design.model.signals import Signal
from dlstudio.design.model.values import Ref
from dlstudio.layers.framework.layer_problems import Repair
from dlstudio.layers.registry import KINDS

MAPS = Signal((16, 14, 14), "float32", "maps")


def layer_problems(kind: str, *signals: Signal, **settings: Any) -> list[Problem]:
    layer = KINDS[kind].parse(settings, {})
    return list(layer.check({layer.inputs[0].name: signals}))


def single_problem(kind: str, *signals: Signal, **settings: Any) -> Problem:
    (problem,) = layer_problems(kind, *signals, **settings)
    return problem


def inserted_layers(repair: Repair) -> list[tuple[int, str, dict[str, Any]]]:
    return [
        (insert["wire"], insert["kind"], insert["settings"])
        for insert in repair.arguments["inserts"]
    ]


def test_linear_after_an_image_needs_a_flatten() -> None:
    problem = single_problem("linear", Signal((3, 4, 5), "float32", "picture"))
    assert problem.code == "missing-flatten"
    assert problem.repairs[0].edit == "insert_before"
    assert problem.repairs[0].arguments["kind"] == "flatten"
    assert "3×4×5 becomes 60 features" in problem.text


def test_linear_works_along_a_sequence() -> None:
    assert layer_problems("linear", Signal((20, 8), "float32", "sequence")) == []


def test_linear_on_tokens_needs_an_embedding_of_vocabulary_size() -> None:
    problem = single_problem("linear", Signal((20,), "int64", "tokens"))
    assert problem.code == "wrong-dtype"
    assert problem.repairs[0].arguments["settings"] == {"num_embeddings": Ref("vocabulary")}


def test_add_projects_fewer_channels_to_more() -> None:
    problem = single_problem("add", MAPS, Signal((32, 14, 14), "float32", "maps"))
    assert problem.code == "channel-mismatch"
    assert problem.title == "Add cannot join 16×14×14 and 32×14×14"
    (repair,) = problem.repairs
    assert repair.title == "Insert 1×1 Conv2d (16 → 32)"
    assert inserted_layers(repair) == [(0, "conv2d", {"out_channels": 32, "kernel_size": (1, 1)})]


def test_add_follows_the_majority() -> None:
    problem = single_problem("add", MAPS, Signal((32, 14, 14)), MAPS)
    assert [wire for wire, _, _ in inserted_layers(problem.repairs[0])] == [1]


def test_downsampling_residual_gets_a_strided_convolution() -> None:
    problem = single_problem("add", Signal((16, 28, 28)), Signal((32, 14, 14)))
    assert inserted_layers(problem.repairs[0]) == [
        (0, "conv2d", {"out_channels": 32, "kernel_size": (1, 1), "stride": (2, 2)})
    ]


def test_add_of_vectors_inserts_a_linear() -> None:
    problem = single_problem("add", Signal((64,)), Signal((128,)))
    assert problem.code == "channel-mismatch"
    assert inserted_layers(problem.repairs[0]) == [(0, "linear", {"out_features": 128})]


def test_add_of_different_sizes_pools_to_the_smallest() -> None:
    problem = single_problem("add", Signal((8, 5, 9)), Signal((8, 4, 3)))
    assert problem.code == "shape-mismatch"
    assert inserted_layers(problem.repairs[0]) == [
        (0, "adaptive_avg_pool2d", {"output_size": (4, 3)})
    ]


def test_add_accepts_one_value_per_channel() -> None:
    assert layer_problems("add", MAPS, Signal((16, 1, 1))) == []
    assert layer_problems("add", MAPS, MAPS, Signal((16, 1, 1), meaning="maps")) == []


@pytest.mark.parametrize(
    "signals",
    [
        (MAPS, Signal((16, 1, 14))),
        (Signal((16, 14, 1)), Signal((16, 1, 14))),
        (Signal((20, 8), meaning="sequence"), Signal((20, 1), meaning="sequence")),
    ],
    ids=lambda signals: " + ".join(signal.text() for signal in signals),
)
def test_add_hints_at_unintended_broadcasting(signals: tuple[Signal, ...]) -> None:
    problem = single_problem("add", *signals)
    assert (problem.code, problem.severity) == ("stretched", Severity.HINT)


def test_multiply_broadcasts_gates_over_channels_and_positions() -> None:
    assert layer_problems("multiply", MAPS, Signal((16, 1, 1)), Signal((1, 14, 14))) == []


def test_concatenate_offers_pools_and_flatten() -> None:
    problem = single_problem("concatenate", Signal((8, 28, 28)), Signal((4, 14, 14)))
    assert problem.code == "spatial-mismatch"
    assert [repair.title for repair in problem.repairs] == [
        "Insert AdaptiveAvgPool2d to 14×14",
        "Insert MaxPool2d 2×2",
        "Insert Flatten on each wire",
    ]


def test_concatenate_of_an_image_and_a_vector_flattens() -> None:
    problem = single_problem("concatenate", Signal((8, 2, 2)), Signal((10,)))
    assert problem.code == "shape-mismatch"
    assert problem.repairs


def test_kernel_larger_than_its_input_is_shrunk_or_padded() -> None:
    problem = single_problem("conv2d", Signal((8, 3, 3)), kernel_size=5, stride=2)
    assert problem.code == "kernel-too-large"
    changes = [repair.arguments["changes"] for repair in problem.repairs]
    assert changes[0] == {"kernel_size": (3, 3)}
    assert changes[1] == {"padding_mode": "zeros", "padding": "same", "stride": (1, 1)}


def test_pool_on_too_small_an_image_is_shrunk_or_removed() -> None:
    problem = single_problem("max_pool2d", Signal((8, 1, 1)))
    assert problem.code == "kernel-too-large"
    assert [repair.edit for repair in problem.repairs] == ["set_settings", "remove"]


def test_groups_must_divide_channels_and_filters() -> None:
    problem = single_problem("conv2d", Signal((6, 9, 9)), groups=4, out_channels=8)
    assert problem.code == "groups-divide"
    assert problem.repairs[0].arguments["changes"] == {"groups": 2}


@pytest.mark.parametrize(
    ("features", "expected"),
    [(784, (1, 28, 28)), (3072, (3, 32, 32)), (10, (1, 1, 10))],
)
def test_vector_is_reshaped_to_the_likely_image(features: int, expected: tuple[int, ...]) -> None:
    problem = single_problem("conv2d", Signal((features,), "float32", "features"))
    assert problem.code == "wrong-rank"
    assert problem.repairs[0].arguments["settings"] == {"shape": expected}


def test_same_padding_excludes_a_stride() -> None:
    problem = single_problem("conv2d", MAPS, padding="same", stride=2)
    assert problem.code == "bad-setting"
    assert problem.repairs[0].arguments["changes"] == {"padding": (1, 1)}


def test_even_kernel_with_same_padding_is_only_a_hint() -> None:
    problem = single_problem("conv2d", MAPS, padding="same", kernel_size=4)
    assert (problem.code, problem.severity) == ("uneven-same", Severity.HINT)


def test_groups_with_a_remainder_are_reduced() -> None:
    problem = single_problem("group_norm", Signal((6, 8, 8)), num_groups=4)
    assert problem.code == "groups-divide"
    assert problem.repairs[0].arguments["changes"] == {"num_groups": 3}


def test_groups_of_a_single_number_have_no_variance() -> None:
    problem = single_problem("group_norm", Signal((8,)), num_groups=8)
    assert problem.code == "single-number"
    assert problem.repairs[0].arguments["changes"] == {"num_groups": 4}


def test_odd_vector_gets_a_linear_of_even_size() -> None:
    problem = single_problem("swiglu", Signal((9,)))
    assert problem.code == "odd-size"
    assert problem.repairs[0].arguments["settings"] == {"out_features": 10}


def test_even_axis_is_suggested_for_halving() -> None:
    problem = single_problem("glu", Signal((4, 5, 5)))
    assert problem.repairs[0].arguments["changes"] == {"axis": 0}


def test_step_hints_that_it_blocks_the_gradient() -> None:
    problem = single_problem("step", Signal((4,)))
    assert (problem.code, problem.severity) == ("no-gradient", Severity.HINT)
    assert layer_problems("step", Signal((4,)), gradient="straight-through") == []


@pytest.mark.parametrize(
    ("signal", "mode"), [(Signal((8, 20)), "linear"), (Signal((8, 4, 4, 4)), "trilinear")]
)
def test_suggested_upsample_mode_matches_the_axes(signal: Signal, mode: str) -> None:
    problem = single_problem("upsample", signal, mode="bilinear")
    assert problem.code == "wrong-mode"
    assert problem.repairs[0].arguments["changes"] == {"mode": mode}


def test_pixel_shuffle_gets_the_channels_it_needs() -> None:
    problem = single_problem("pixel_shuffle", Signal((10, 7, 7)))
    assert problem.code == "channels-divide"
    assert problem.repairs[0].title == "Insert 1×1 Conv2d (10 → 12)"
    assert problem.repairs[1].arguments["changes"] == {"upscale_factor": 1}


def test_reflection_padding_is_smaller_than_the_input() -> None:
    problem = single_problem("reflection_pad2d", Signal((3, 2, 9)), padding=4)
    assert problem.code == "padding-too-large"
    assert problem.repairs[0].arguments["changes"] == {"padding": (4, 4, 1, 1)}


@pytest.mark.parametrize("kind", ["relu", "flatten", "batch_norm2d", "dropout2d", "max_pool2d"])
def test_ordinary_layers_on_an_image_have_no_problems(kind: str) -> None:
    assert layer_problems(kind, MAPS) == []


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
def test_tensors_beyond_any_memory_are_rejected(
    kind: str, signal: Signal, settings: dict[str, Any]
) -> None:
    problem = single_problem(kind, signal, **settings)
    assert problem.code == "too-large"
    assert "more than any computer" in problem.text


@pytest.mark.parametrize("first_slot", [0, 2])
def test_one_repair_fixes_every_mismatched_wire(first_slot: int) -> None:
    nodes = {name: Node(name, "identity") for name in ("identity_1", "identity_2", "identity_3")}
    nodes["add_1"] = Node("add_1", "add")
    wires = [
        Edge(source, "add_1", "output", "inputs", first_slot + 3 * number)
        for number, source in enumerate(list(nodes)[:3])
    ]
    project = Project(graph=Graph(nodes, {wire.key: wire for wire in wires}))
    problem = single_problem("add", MAPS, Signal((4, 14, 14)), Signal((5, 28, 28)))
    (repair,) = problem.repairs
    arguments = {**repair.arguments, "node": "add_1", "scope": ""}
    graph = apply_repair(project, Repair(repair.title, repair.edit, arguments)).graph
    sources = sorted(
        (edge.slot, graph.nodes[edge.source].kind)
        for edge in graph.edges.values()
        if edge.target == "add_1"
    )
    slots = [wire.slot for wire in wires]
    assert sources == list(zip(slots, ("identity", "conv2d", "conv2d"), strict=True))


def binary_problem(kind: str, left: Signal, right: Signal, **settings: Any) -> Problem:
    (problem,) = KINDS[kind].parse(settings, {}).check({"left": (left,), "right": (right,)})
    return problem


def test_subtract_repair_fixes_the_mismatched_wire() -> None:
    problem = binary_problem("subtract", MAPS, Signal((4, 14, 14)))
    assert problem.code == "shape-mismatch"
    (repair,) = problem.repairs
    assert repair.arguments["port"] == "right"
    assert inserted_layers(repair) == [(0, "conv2d", {"out_channels": 16, "kernel_size": (1, 1)})]


def test_wrongly_oriented_matrix_is_transposed() -> None:
    problem = binary_problem("matmul", Signal((9, 8)), Signal((7, 8)))
    assert problem.code == "size-mismatch"
    assert "8 columns on the left meet 7 rows on the right" in problem.text
    assert problem.repairs[0].arguments["changes"] == {"transpose_right": True}


def test_odd_size_has_no_halves() -> None:
    problem = single_problem("split", Signal((7,)))
    assert problem.title == "7 has no equal halves"
    assert problem.repairs[0].arguments["changes"] == {"size": 3}
