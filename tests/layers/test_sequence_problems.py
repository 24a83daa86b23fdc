"""Problems of common mistakes with sequences, and their fixes."""

from __future__ import annotations

from typing import Any

import pytest

from dlstudio.design.model.problems import Problem, Severity
from dlstudio.design.model.signals import Signal
from dlstudio.design.model.values import Ref
from dlstudio.layers.registry import KINDS

STEPS = Signal((20, 8), "float32", "sequence")
SEQUENCE_KINDS = [
    "rnn",
    "lstm",
    "gru",
    "transformer_encoder_layer",
    "sinusoidal_positions",
    "learned_positions",
    "rotary_positions",
    "class_token",
]


def single_problem(kind: str, signals: dict[str, Signal], **settings: Any) -> Problem:
    layer = KINDS[kind].parse(settings, {})
    (problem,) = layer.check({port: (signal,) for port, signal in signals.items()})
    return problem


@pytest.mark.parametrize("kind", SEQUENCE_KINDS)
def test_tokens_need_an_embedding_of_vocabulary_size(kind: str) -> None:
    problem = single_problem(kind, {"input": Signal((20,), "int64", "tokens")})
    assert problem.code == "wrong-dtype"
    assert problem.repairs[0].arguments["settings"] == {"num_embeddings": Ref("vocabulary")}


@pytest.mark.parametrize("kind", SEQUENCE_KINDS)
def test_image_can_be_read_row_by_row(kind: str) -> None:
    problem = single_problem(kind, {"input": Signal((1, 28, 28), "float32", "picture")})
    assert problem.code == "wrong-rank"
    assert problem.repairs[0].arguments["settings"] == {"shape": (28, 28)}


@pytest.mark.parametrize("kind", SEQUENCE_KINDS)
def test_conv1d_channels_are_not_steps(kind: str) -> None:
    problem = single_problem(kind, {"input": Signal((16, 100), "float32", "maps")})
    assert (problem.code, problem.severity) == ("channels-first", Severity.HINT)
    assert problem.repairs[0].arguments["kind"] == "permute"
    assert "100 steps of 16 features" in problem.text


def test_layer_is_resized_to_its_initial_states() -> None:
    problem = single_problem("lstm", {"input": STEPS, "hidden": Signal((2, 32))})
    assert problem.code == "hidden-shape"
    assert problem.repairs[0].arguments["changes"] == {"num_layers": 2, "hidden_size": 32}


def test_vector_is_reshaped_to_an_initial_state() -> None:
    problem = single_problem("gru", {"input": STEPS, "hidden": Signal((64,))})
    assert problem.repairs[0].arguments == {
        "port": "hidden",
        "kind": "reshape",
        "settings": {"shape": (1, 64)},
    }


def test_dropout_needs_several_layers() -> None:
    problem = single_problem("lstm", {"input": STEPS}, dropout=0.2)
    assert (problem.code, problem.severity) == ("dropout-between-layers", Severity.HINT)
    call = KINDS["lstm"](dropout=0.2).call({"input": (STEPS,)})
    assert call.arguments["dropout"] == 0


@pytest.mark.parametrize(
    ("kind", "port", "setting"),
    [
        ("multihead_attention", "query", "num_heads"),
        ("attention", "query", "heads"),
        ("transformer_encoder_layer", "input", "nhead"),
    ],
)
def test_heads_must_divide_the_features(kind: str, port: str, setting: str) -> None:
    problem = single_problem(kind, {port: STEPS}, **{setting: 3})
    assert problem.code == "heads-divide"
    assert problem.repairs[0].arguments["changes"] == {setting: 2}


def test_values_need_as_many_keys() -> None:
    problem = single_problem("multihead_attention", {"query": STEPS, "value": Signal((7, 8))})
    assert problem.code == "value-steps"
    assert "20 keys for 7 values" in problem.title


def test_mask_is_boolean_per_source() -> None:
    problem = single_problem("attention", {"query": STEPS, "mask": Signal((20,))})
    assert problem.code == "mask-dtype"
    problem = single_problem("attention", {"query": STEPS, "mask": Signal((1, 20), "bool")})
    assert problem.code == "mask-shape"
    assert problem.repairs[0].arguments["settings"] == {"shape": (20,)}


def test_memory_is_projected_to_the_target_width() -> None:
    signals = {"target": STEPS, "memory": Signal((9, 12), "float32", "sequence")}
    problem = single_problem("transformer_decoder_layer", signals)
    assert problem.code == "memory-size"
    assert problem.repairs[0].arguments["settings"] == {"out_features": 8}


def test_longer_sequence_needs_more_positions() -> None:
    problem = single_problem("learned_positions", {"input": STEPS}, max_length=16)
    assert problem.code == "too-long"
    assert problem.repairs[0].arguments["changes"] == {"max_length": 20}


def test_rotary_needs_pairs_for_each_head() -> None:
    problem = single_problem("rotary_positions", {"input": STEPS}, heads=8)
    assert problem.repairs[0].arguments["changes"] == {"heads": 4}
    problem = single_problem("rotary_positions", {"input": Signal((20, 7))})
    assert problem.repairs[0].arguments["settings"] == {"out_features": 8}


def test_patches_with_a_remainder_are_only_a_hint() -> None:
    problem = single_problem("patch_embedding", {"input": Signal((3, 28, 30))}, patch_size=8)
    assert (problem.code, problem.severity) == ("patches-left-over", Severity.HINT)
    assert problem.repairs[0].arguments["changes"] == {"patch_size": (7, 6)}


@pytest.mark.parametrize(
    ("kind", "signals", "settings"),
    [
        ("lstm", {"input": STEPS}, {"hidden_size": 10**6}),
        ("multihead_attention", {"query": Signal((2, 10**6))}, {}),
        ("transformer_encoder_layer", {"input": Signal((2, 10**6))}, {}),
        ("learned_positions", {"input": Signal((2, 10**6))}, {"max_length": 10**6}),
        ("patch_embedding", {"input": Signal((10**6, 9, 9))}, {"width": 10**6}),
    ],
)
def test_tensors_beyond_any_memory_are_rejected(
    kind: str, signals: dict[str, Signal], settings: dict[str, Any]
) -> None:
    assert single_problem(kind, signals, **settings).code == "too-large"
