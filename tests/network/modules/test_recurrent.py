"""Recurrent layers equal torch's in outputs, initial weights and names."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from dlstudio.layers.framework.kind import Call
from dlstudio.network.build.cost import multiply_adds, saved_tensors, storage_id
from dlstudio.network.compile.initialise import build_initialised
from dlstudio.network.modules.recurrent import GRU, LSTM, RNN, LastStep, Recurrent

CLASSES = [(RNN, nn.RNN), (LSTM, nn.LSTM), (GRU, nn.GRU)]
TWO_BIDIRECTIONAL = {"num_layers": 2, "bidirectional": True}

every_class = pytest.mark.parametrize(("ours", "theirs"), CLASSES, ids=["rnn", "lstm", "gru"])


def first_states(module: Recurrent, x: Tensor) -> list[Tensor]:
    directions = 2 if module.bidirectional else 1
    count = 2 if isinstance(module, LSTM) else 1
    shape = (len(x), module.num_layers * directions, module.hidden_size)
    return [torch.randn(shape) for _ in range(count)]


@every_class
@pytest.mark.parametrize("settings", [{}, TWO_BIDIRECTIONAL], ids=["plain", "stacked"])
@pytest.mark.parametrize("with_states", [False, True])
def test_outputs_equal_torch(
    ours: type[Recurrent], theirs: type[nn.RNNBase], settings: dict[str, int], with_states: bool
) -> None:
    module = ours(4, 5, **settings)
    reference = theirs(4, 5, batch_first=True, **settings)
    reference.load_state_dict(module.state_dict())
    x = torch.randn(3, 7, 4)
    states = first_states(module, x) if with_states else []
    sequence, *ends = module(x, *states)
    first = [state.transpose(0, 1).contiguous() for state in states]
    initial = (first[0] if len(first) == 1 else tuple(first)) if first else None
    expected, last = reference(x, initial)
    assert torch.equal(sequence, expected)
    for end, torch_end in zip(ends, last if isinstance(last, tuple) else (last,), strict=True):
        assert torch.equal(end, torch_end.transpose(0, 1))


@every_class
def test_initial_weights_equal_torch(ours: type[Recurrent], theirs: type[nn.RNNBase]) -> None:
    torch.manual_seed(4)
    own_state = ours(4, 5, **TWO_BIDIRECTIONAL).state_dict()
    torch.manual_seed(4)
    torch_state = theirs(4, 5, **TWO_BIDIRECTIONAL).state_dict()
    assert own_state.keys() == torch_state.keys()
    assert all(torch.equal(own_state[name], torch_state[name]) for name in torch_state)


def test_missing_first_state_of_an_lstm_is_zero() -> None:
    module, x = LSTM(4, 5), torch.randn(2, 3, 4)
    state, zeros = torch.randn(2, 1, 5), torch.zeros(2, 1, 5)
    assert torch.equal(module(x, state)[0], module(x, state, zeros)[0])
    assert torch.equal(module(x, None, state)[0], module(x, zeros, state)[0])


@every_class
def test_later_steps_do_not_affect_earlier_ones(
    ours: type[Recurrent], theirs: type[nn.RNNBase]
) -> None:
    module, x = ours(4, 5), torch.randn(2, 6, 4)
    changed = x.clone()
    changed[:, 4:] += 1
    before, after = module(x)[0], module(changed)[0]
    assert torch.equal(before[:, :4], after[:, :4])
    assert not torch.equal(before[:, 4:], after[:, 4:])


@every_class
def test_gradients_pass_in_evaluation_mode_without_dropout(
    ours: type[Recurrent], theirs: type[nn.RNNBase]
) -> None:
    module = ours(4, 5, num_layers=2, dropout=0.9).eval()
    x = torch.randn(2, 3, 4, requires_grad=True)
    with torch.no_grad():
        expected = module(x)[0]
    result = module(x)[0]
    result.sum().backward()
    torch.testing.assert_close(result, expected)
    assert x.grad is not None
    assert (module.training, module.dropout) == (False, 0.9)


@every_class
def test_meta_device_does_not_run_each_step(
    ours: type[Recurrent], theirs: type[nn.RNNBase]
) -> None:
    module, x = ours(3, 5, **TWO_BIDIRECTIONAL), torch.randn(2, 40, 3)
    executed = module(x)
    inferred = module.to("meta")(x.to("meta"))
    assert [tensor.shape for tensor in inferred] == [tensor.shape for tensor in executed]
    assert all(tensor.requires_grad for tensor in inferred)
    with FlopCounterMode(display=False) as counter:
        module(torch.empty(2, 1000, 3, device="meta"))
    assert counter.get_total_flops() == 0


@pytest.mark.parametrize(("ours", "settings"), [(RNN, {}), (GRU, {}), (GRU, TWO_BIDIRECTIONAL)])
def test_meta_device_saves_about_as_many_bytes_as_training(
    ours: type[Recurrent], settings: dict[str, int]
) -> None:
    def saved_bytes(device: str) -> int:
        module = ours(6, 32, **settings).to(device)
        weights = {storage_id(parameter) for parameter in module.parameters()}
        with saved_tensors() as saved:
            module(torch.randn(4, 50, 6, device=device))
        return sum(
            storage.nbytes() for key, storage in saved.storages.items() if key not in weights
        )

    assert saved_bytes("meta") == pytest.approx(saved_bytes("cpu"), rel=0.1)


@pytest.mark.parametrize("settings", [{}, TWO_BIDIRECTIONAL, {"bias": False}], ids=str)
@every_class
def test_multiply_adds_are_half_of_torch_flops(
    ours: type[Recurrent], theirs: type[nn.RNNBase], settings: dict[str, int]
) -> None:
    x = torch.empty(1, 7, 4, device="meta")
    with FlopCounterMode(display=False) as counter:
        theirs(4, 5, batch_first=True, **settings).to("meta")(x)
    module = ours(4, 5, **settings)
    assert multiply_adds(module, [x], module(torch.zeros(1, 7, 4))) * 2 == counter.get_total_flops()


def test_gate_matrices_are_initialised_separately() -> None:
    call = Call("dlstudio.network.modules.recurrent.LSTM", {"input_size": 300, "hidden_size": 200})
    module = build_initialised(call, "xavier_normal", seed=3)
    for gate in module.weight_ih_l0.chunk(4):
        assert gate.std().item() == pytest.approx((2 / 500) ** 0.5, rel=0.02)
    for gate in module.weight_hh_l0.chunk(4):
        assert gate.std().item() == pytest.approx((2 / 400) ** 0.5, rel=0.02)
    assert not module.bias_hh_l0.any()


def test_last_step_is_the_last_within_the_length() -> None:
    x = torch.arange(12.0).reshape(2, 3, 2)
    assert LastStep()(x).tolist() == [[4.0, 5.0], [10.0, 11.0]]
    assert LastStep()(x, torch.tensor([1, 2])).tolist() == [[0.0, 1.0], [8.0, 9.0]]
    assert LastStep()(x, torch.tensor([0, 9])).tolist() == [[0.0, 1.0], [10.0, 11.0]]


def test_lengths_must_be_one_integer_per_sample() -> None:
    with pytest.raises(TypeError, match="integers"):
        LastStep()(torch.zeros(2, 3, 1), torch.tensor([1.0, 2.0]))
    with pytest.raises(ValueError, match="one length"):
        LastStep()(torch.zeros(2, 3, 1), torch.ones(2, 1, dtype=torch.int64))
