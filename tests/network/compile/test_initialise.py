from __future__ import annotations

import pytest
import torch
from torch import nn

from dlstudio.design.edits import insert_before
from dlstudio.layers.framework.kind import Call
from dlstudio.network.compile.compile import compile_design
from dlstudio.network.compile.initialise import INITIALISATIONS, build_initialised, path_seed
from tests.network.design_builders import IMAGES, ROWS, chain

LINEAR = Call("torch.nn.Linear", {"in_features": 400, "out_features": 300})
CONV = Call("torch.nn.Conv2d", {"in_channels": 8, "out_channels": 64, "kernel_size": (3, 3)})


@pytest.mark.parametrize(
    "call",
    [
        LINEAR,
        CONV,
        Call("torch.nn.Embedding", {"num_embeddings": 50, "embedding_dim": 8}),
        Call("torch.nn.BatchNorm2d", {"num_features": 8}),
        Call("torch.nn.LSTM", {"input_size": 4, "hidden_size": 5}),
        Call("torch.nn.MultiheadAttention", {"embed_dim": 8, "num_heads": 2}),
    ],
    ids=lambda call: call.target,
)
def test_default_initialisation_equals_torch(call: Call) -> None:
    ours = build_initialised(call, "default", seed=17)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(17)
        theirs = getattr(nn, call.target.removeprefix("torch.nn."))(**call.arguments)
    for name, value in theirs.state_dict().items():
        assert torch.equal(ours.state_dict()[name], value), name


def test_global_generator_is_not_used() -> None:
    before = torch.get_rng_state()
    for name in ("default", *INITIALISATIONS):
        build_initialised(CONV, name, seed=5)
    compile_design(chain(("linear_1", "linear", {"out_features": 3})), ROWS)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(
    ("name", "deviation"),
    [
        ("he_normal", (2 / 400) ** 0.5),
        ("he_uniform", (2 / 400) ** 0.5),
        ("xavier_normal", (2 / 700) ** 0.5),
        ("xavier_uniform", (2 / 700) ** 0.5),
        ("normal", 0.02),
        ("zero", 0.0),
    ],
)
def test_initialisations_have_their_standard_deviation(name: str, deviation: float) -> None:
    module = build_initialised(LINEAR, name, seed=2)
    assert module.weight.std().item() == pytest.approx(deviation, rel=0.02)
    assert not module.bias.any()


@pytest.mark.parametrize(
    "call",
    [
        Call("torch.nn.BatchNorm1d", {"num_features": 5000}),
        Call("torch.nn.LayerNorm", {"normalized_shape": (50, 100)}),
    ],
    ids=lambda call: call.target,
)
def test_scale_of_a_norm_is_initialised_and_its_shift_is_zero(call: Call) -> None:
    module = build_initialised(call, "normal", seed=2)
    assert module.weight.std().item() == pytest.approx(0.02, rel=0.05)
    assert not module.bias.any()


def test_norm_inside_a_compound_layer_keeps_its_ones() -> None:
    call = Call("torch.nn.TransformerEncoderLayer", {"d_model": 8, "nhead": 2})
    module = build_initialised(call, "normal", seed=2)
    assert (module.norm1.weight == 1).all()


def test_inserting_a_layer_does_not_change_other_initial_weights() -> None:
    project = chain(
        ("conv2d_1", "conv2d", {"out_channels": 8, "padding": (1, 1)}),
        ("flatten_1", "flatten", {}),
        ("linear_1", "linear", {"out_features": 10}),
    )
    same_size = {"out_channels": 8, "kernel_size": (3, 3), "padding": (1, 1)}
    longer, added = insert_before(project, "flatten_1", "input", "conv2d", same_size)
    before = compile_design(project, IMAGES).single.module.state_dict()
    after = compile_design(longer, IMAGES).single.module.state_dict()
    assert {name.partition(".")[0] for name in after.keys() - before.keys()} == {added}
    assert all(torch.equal(after[name], value) for name, value in before.items())


def test_layer_seed_depends_on_run_seed_and_path() -> None:
    seeds = {path_seed(seed, path) for seed in range(10) for path in ("a", "b", "a.b")}
    assert len(seeds) == 30
    assert path_seed(1, "conv2d_1") == path_seed(1, "conv2d_1")
