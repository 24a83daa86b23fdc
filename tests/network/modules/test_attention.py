"""Attention and transformer layers equal torch's."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from dlstudio.layers.framework.kind import Call
from dlstudio.network.build.cost import multiply_adds
from dlstudio.network.compile.initialise import build_initialised
from dlstudio.network.modules.attention import Attention, MultiheadAttention
from dlstudio.network.modules.transformer import TransformerDecoderLayer, TransformerEncoderLayer

GENERATOR = torch.Generator().manual_seed(7)
QUERY, KEY, VALUE = (
    torch.randn(3, *size, generator=GENERATOR) for size in ((5, 8), (7, 6), (7, 4))
)
MASK = torch.rand(3, 5, 7, generator=GENERATOR) < 0.4
SELF_MASK = torch.rand(3, 5, 5, generator=GENERATOR) < 0.3
MASK[..., 0] = False
PADDING = torch.tensor([[False] * 4 + [True] * 3, [False] * 7, [False] + [True] * 6])

both_modes = pytest.mark.parametrize("training", [True, False])
norm_first = pytest.mark.parametrize("norm_first", [False, True])


def causal_mask(size: int) -> Tensor:
    return torch.ones(size, size, dtype=torch.bool).triu(1)


@pytest.fixture
def cross_attention() -> tuple[MultiheadAttention, nn.MultiheadAttention]:
    ours = MultiheadAttention(8, 2, kdim=6, vdim=4)
    theirs = nn.MultiheadAttention(8, 2, kdim=6, vdim=4, batch_first=True)
    theirs.load_state_dict(ours.state_dict())
    return ours, theirs


@pytest.mark.parametrize("mask", [None, MASK, PADDING], ids=["none", "pairs", "padding"])
def test_outputs_and_weights_equal_torch(
    cross_attention: tuple[MultiheadAttention, nn.MultiheadAttention], mask: Tensor | None
) -> None:
    ours, theirs = cross_attention
    by_head = mask.repeat_interleave(2, 0) if mask is not None and mask.ndim == 3 else None
    padding = mask if mask is not None and mask.ndim == 2 else None
    expected, weights = theirs(
        QUERY, KEY, VALUE, padding, attn_mask=by_head, average_attn_weights=False
    )
    torch.testing.assert_close(ours(QUERY, KEY, VALUE, mask), expected)
    torch.testing.assert_close(ours.weights(QUERY, KEY, VALUE, mask), weights)


@both_modes
def test_query_alone_is_self_attention(training: bool) -> None:
    ours = MultiheadAttention(8, 2, causal=True).train(training)
    theirs = nn.MultiheadAttention(8, 2, batch_first=True).train(training)
    theirs.load_state_dict(ours.state_dict())
    with torch.no_grad():
        expected, weights = theirs(
            QUERY, QUERY, QUERY, attn_mask=causal_mask(5), average_attn_weights=False
        )
        torch.testing.assert_close(ours(QUERY), expected)
        torch.testing.assert_close(ours.weights(QUERY), weights)


def test_key_defaults_to_the_query() -> None:
    ours, value = MultiheadAttention(8, 2, vdim=3), torch.randn(3, 5, 3)
    torch.testing.assert_close(ours(QUERY, None, value), ours(QUERY, QUERY, value))


def test_weights_ignore_dropout_and_use_no_random_numbers() -> None:
    ours = MultiheadAttention(8, 2, dropout=0.9)
    state = torch.get_rng_state()
    weights = ours.weights(QUERY)
    torch.testing.assert_close(weights.sum(-1), torch.ones(3, 2, 5))
    assert torch.equal(torch.get_rng_state(), state)
    assert not weights.requires_grad


@pytest.mark.parametrize("heads", [1, 2])
@pytest.mark.parametrize("causal", [False, True])
def test_plain_attention_is_softmax_of_query_and_key(heads: int, causal: bool) -> None:
    module, mask = Attention(heads, causal), SELF_MASK.clone()
    mask |= causal_mask(5) & causal
    mask &= ~torch.eye(5, dtype=torch.bool)
    by_head = QUERY.unflatten(-1, (heads, -1)).transpose(1, 2)
    expected = functional.scaled_dot_product_attention(
        by_head, by_head, by_head, attn_mask=~mask[:, None]
    )
    result = module(QUERY, None, None, mask)
    torch.testing.assert_close(result, expected.transpose(1, 2).flatten(2))
    weighted = module.weights(QUERY, None, None, mask) @ by_head
    torch.testing.assert_close(result, weighted.transpose(1, 2).flatten(2))


@pytest.mark.parametrize(
    "module",
    [
        Attention(2, causal=True),
        MultiheadAttention(8, 2, causal=True),
        TransformerEncoderLayer(8, 2, dim_feedforward=16, dropout=0.0, causal=True),
        TransformerEncoderLayer(
            8, 2, dim_feedforward=16, dropout=0.0, causal=True, norm_first=True
        ),
        TransformerDecoderLayer(8, 2, dim_feedforward=16, dropout=0.0, causal=True),
    ],
    ids=lambda module: type(module).__name__,
)
@pytest.mark.parametrize("masked", [False, True])
@both_modes
def test_later_steps_do_not_affect_earlier_ones(
    module: nn.Module, masked: bool, training: bool
) -> None:
    changed = QUERY.clone()
    changed[:, 3:] += 1
    memory = (torch.randn(3, 4, 8),) if isinstance(module, TransformerDecoderLayer) else ()
    unwired = (None, None) if isinstance(module, (Attention, MultiheadAttention)) else ()
    mask = (SELF_MASK,) if masked else ()
    with torch.no_grad():
        before, after = (
            module.train(training)(x, *memory, *unwired, *mask) for x in (QUERY, changed)
        )
    torch.testing.assert_close(before[:, :3], after[:, :3])
    assert not torch.allclose(before[:, 3:], after[:, 3:])


@norm_first
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("mask", [None, PADDING[:, :5]], ids=["none", "padding"])
@both_modes
def test_encoder_layer_equals_torch(
    norm_first: bool, causal: bool, mask: Tensor | None, training: bool
) -> None:
    shared = {"dim_feedforward": 16, "dropout": 0.0, "norm_first": norm_first}
    ours = TransformerEncoderLayer(8, 2, activation="gelu", causal=causal, **shared)
    theirs = nn.TransformerEncoderLayer(8, 2, activation="gelu", batch_first=True, **shared)
    theirs.load_state_dict(ours.state_dict())
    expected = theirs.train(training)(QUERY, causal_mask(5) if causal else None, mask)
    torch.testing.assert_close(ours.train(training)(QUERY, mask), expected)
    if training and mask is None:
        assert torch.equal(ours(QUERY), expected)


@norm_first
def test_decoder_layer_equals_torch(norm_first: bool) -> None:
    shared = {"dim_feedforward": 16, "dropout": 0.0, "norm_first": norm_first}
    ours = TransformerDecoderLayer(8, 2, causal=True, **shared)
    theirs = nn.TransformerDecoderLayer(8, 2, batch_first=True, **shared)
    theirs.load_state_dict(ours.state_dict())
    memory = torch.randn(3, 7, 8)
    expected = theirs(QUERY, memory, causal_mask(5), MASK.repeat_interleave(2, 0), PADDING[:, :5])
    torch.testing.assert_close(ours(QUERY, memory, PADDING[:, :5], MASK), expected)


def test_dropout_draws_the_same_numbers_as_torch() -> None:
    ours = TransformerEncoderLayer(8, 2, dim_feedforward=16, dropout=0.4)
    theirs = nn.TransformerEncoderLayer(8, 2, 16, 0.4, batch_first=True)
    theirs.load_state_dict(ours.state_dict())
    results = []
    for module in (ours, theirs):
        torch.manual_seed(8)
        results.append(module(QUERY))
    assert torch.equal(*results)


def test_weights_of_an_encoder_layer_are_those_of_its_attention() -> None:
    layer = TransformerEncoderLayer(8, 2, dropout=0.0, norm_first=True, causal=True)
    x = layer.norm1(QUERY)
    _, expected = layer.self_attn(x, x, x, attn_mask=causal_mask(5), average_attn_weights=False)
    torch.testing.assert_close(layer.weights(QUERY), expected)


@both_modes
@pytest.mark.parametrize(
    "module",
    [
        Attention(2),
        MultiheadAttention(8, 2),
        MultiheadAttention(8, 2, bias=False),
        TransformerEncoderLayer(8, 2, dim_feedforward=16),
    ],
    ids=lambda module: type(module).__name__,
)
def test_fully_masked_step_attends_to_nothing(module: nn.Module, training: bool) -> None:
    module.train(training)
    x = QUERY.clone().requires_grad_()
    mask = torch.zeros(3, 5, 5, dtype=torch.bool)
    mask[0, 2] = True
    encoder = isinstance(module, TransformerEncoderLayer)
    arguments = (mask,) if encoder else (None, None, mask)
    result = module(x, *arguments)
    result.sum().backward()
    assert torch.isfinite(result).all()
    assert torch.isfinite(x.grad).all()
    assert not module.weights(x, *arguments)[0, :, 2].any()
    if not encoder:
        bias = getattr(getattr(module, "out_proj", None), "bias", None)
        expected = torch.zeros(8) if bias is None else bias
        assert torch.equal(result[0, 2], expected)
    with torch.no_grad():
        assert torch.isfinite(module.eval()(x, *arguments)).all()


def test_masks_of_wrong_dtype_or_shape_are_refused() -> None:
    with pytest.raises(TypeError, match="of type bool"):
        Attention()(QUERY, None, None, torch.zeros(3, 5, 5))
    with pytest.raises(ValueError, match="5×5 or 5"):
        Attention()(QUERY, None, None, torch.zeros(3, 4, dtype=torch.bool))


@pytest.mark.parametrize(
    ("module", "shapes"),
    [
        (MultiheadAttention(8, 2), [(5, 8)]),
        (MultiheadAttention(8, 2, kdim=6, vdim=4), [(5, 8), (7, 6), (7, 4)]),
        (MultiheadAttention(8, 2, kdim=6, vdim=6), [(5, 8), (7, 6)]),
        (Attention(2), [(5, 8)]),
        (Attention(2), [(5, 8), (7, 8), (7, 4)]),
        (TransformerEncoderLayer(8, 2, dim_feedforward=24), [(5, 8)]),
        (TransformerDecoderLayer(8, 2, dim_feedforward=24), [(5, 8), (7, 8)]),
    ],
)
def test_multiply_adds_are_half_of_torch_flops(
    module: nn.Module, shapes: list[tuple[int, ...]]
) -> None:
    inputs = [torch.empty(1, *shape, device="meta") for shape in shapes]
    with FlopCounterMode(display=False) as counter:
        y = module.to("meta")(*inputs)
    assert multiply_adds(module, inputs, [y]) * 2 == counter.get_total_flops()


def test_query_key_and_value_matrices_are_initialised_separately() -> None:
    call = Call(
        "dlstudio.network.modules.attention.MultiheadAttention",
        {"embed_dim": 300, "num_heads": 2},
    )
    module = build_initialised(call, "xavier_normal", seed=3)
    for matrix in module.in_proj_weight.chunk(3):
        assert matrix.std().item() == pytest.approx((2 / 600) ** 0.5, rel=0.02)
    assert not module.in_proj_bias.any()
    default = build_initialised(call, "default", seed=3)
    torch.manual_seed(3)
    assert torch.equal(default.in_proj_weight, nn.MultiheadAttention(300, 2).in_proj_weight)
