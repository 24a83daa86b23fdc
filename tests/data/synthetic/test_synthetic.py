"""Synthetic sequences follow their rules and match their declared info."""

import math
from datetime import date

import numpy as np
import pytest
import torch

from dlstudio.data.core.batches import Batches
from dlstudio.data.core.errors import DataError
from dlstudio.data.load import load_data
from dlstudio.data.preview import preview
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.data.sources.sources import SOURCES
from dlstudio.data.text.synthetic_words import _NEGATIONS, _NEGATIVE_WORDS, _POSITIVE_WORDS
from dlstudio.design.model.data_settings import DataSettings, Split

SETTINGS = [
    DataSettings("adding"),
    DataSettings("adding", {"samples": 50, "length": 7}),
    DataSettings("copy-memory", {"samples": 90, "symbols": 3, "delay": 6}),
    DataSettings("word-reversal", {"samples": 500}),
    DataSettings("word-reversal", {"samples": 300, "longest": 4}),
    DataSettings("dates", {"samples": 900}),
    DataSettings("reviews", {"samples": 300, "negated": 1.0}, split=Split(0.2, 0.3, most=40)),
    DataSettings("series"),
    DataSettings("series", {"samples": 300, "window": 5, "horizon": 1}, split=Split(0, 0)),
    DataSettings("series", {"samples": 300, "window": 5, "horizon": 2}, split=Split(most=9)),
]


def settings_id(settings):
    return f"{settings.source}-{len(settings.options)}"


def test_every_synthetic_sequence_source_is_covered():
    generated = {source.name for source in SOURCES.values() if source.group == "Generated"}
    assert generated == {settings.source for settings in SETTINGS}


@pytest.mark.parametrize("settings", SETTINGS, ids=settings_id)
def test_declared_info_matches_the_generated_dataset(settings):
    data = load_data(settings)
    assert data.facts == info_of(settings)
    subsets = {"train": data.train, "validation": data.validation, "test": data.test}
    sizes = {name: 0 if subset is None else len(subset) for name, subset in subsets.items()}
    assert sizes == data.facts.samples
    for role, signal in data.facts.inputs.items():
        inputs = data.normaliser.apply(role, data.train.inputs[role])
        assert tuple(inputs.shape[1:]) == signal.shape
        assert str(inputs.dtype) == f"torch.{signal.dtype}"
    assert tuple(data.train.target.shape[1:]) == data.facts.target.shape
    assert str(data.train.target.dtype) == f"torch.{data.facts.target.dtype}"
    if data.vocabulary is not None:
        assert len(data.vocabulary) == data.facts.numbers["vocabulary"]


@pytest.mark.parametrize("settings", SETTINGS, ids=settings_id)
def test_samples_depend_on_options_and_seed_only(settings):
    before = torch.get_rng_state(), np.random.get_state()[1].copy()
    role = next(iter(info_of(settings).inputs))
    first, again, other = (
        load_data(DataSettings(settings.source, {**settings.options, "seed": seed}))
        for seed in (0, 0, 1)
    )
    assert torch.equal(first.train.inputs[role], again.train.inputs[role])
    assert not torch.equal(first.train.inputs[role], other.train.inputs[role])
    assert torch.equal(before[0], torch.get_rng_state())
    assert np.array_equal(before[1], np.random.get_state()[1])


@pytest.mark.parametrize("settings", SETTINGS, ids=settings_id)
def test_preview_has_texts_and_targets(settings):
    result = preview(load_data(settings))
    assert len(result.targets) > 0
    assert len(result.texts) == len(result.targets)
    assert all(result.texts)


def test_adding_target_is_the_sum_of_the_two_marked_numbers():
    data = load_data(DataSettings("adding", {"samples": 200, "length": 11}))
    values, marks = data.train.inputs["samples"].unbind(2)
    assert (marks[:, :5].sum(1) == 1).all()
    assert (marks[:, 5:].sum(1) == 1).all()
    assert torch.allclose((values * marks).sum(1), data.train.target)


def test_steps_are_normalised_by_feature_and_indicators_are_kept():
    data = load_data(DataSettings("adding"))
    normalised = data.normaliser.apply("samples", data.train.inputs["samples"])
    assert set(normalised[..., 1].unique().tolist()) == {0.0, 1.0}
    assert abs(normalised[..., 0].mean()) < 1e-4
    assert normalised[..., 0].std().item() == pytest.approx(1, abs=1e-3)


def test_copy_memory_targets_repeat_the_symbols_after_the_signal():
    data = load_data(DataSettings("copy-memory", {"samples": 90, "symbols": 3, "delay": 6}))
    inputs, expected = data.train.inputs["tokens"], data.train.target
    assert inputs.shape[1] == 12
    assert torch.equal(inputs[:, :3], expected[:, -3:])
    assert (inputs[:, 8] == 9).all()
    assert not expected[:, :-3].any()
    assert ((inputs[:, :3] > 0) & (inputs[:, :3] < 9)).all()


def test_words_are_unique_and_targets_are_reversed_and_padded():
    data = load_data(DataSettings("word-reversal", {"samples": 2000, "longest": 6}))
    subset, decode = data.train, data.vocabulary.decode
    words = [decode(tokens.tolist()) for tokens in subset.inputs["tokens"]]
    assert [decode(tokens.tolist())[::-1] for tokens in subset.target] == words
    assert len(set(words)) == len(words)
    assert {len(word) for word in words} == {3, 4, 5, 6}
    assert (subset.target[:, -1] == 0).all()
    forced = subset.inputs["target tokens"]
    assert (forced[:, 0] == 0).all()
    assert torch.equal(forced[:, 1:], subset.target[:, :-1])


def test_dates_denote_the_same_day_in_both_formats():
    data = load_data(DataSettings("dates", {"samples": 900}))
    decode = data.vocabulary.decode
    for inputs, target in zip(data.train.inputs["tokens"], data.train.target, strict=True):
        formatted, iso = decode(inputs.tolist()), decode(target.tolist())
        day = date.fromisoformat(iso)
        assert str(day.year) in formatted
        assert str(day.day) in formatted.replace(str(day.year), "")
        month = day.strftime("%B").lower()[:3]
        assert month in formatted or str(day.month) in formatted.replace(str(day.year), "")
    assert any(len(decode(tokens.tolist())) == 18 for tokens in data.train.inputs["tokens"])


def test_negation_flips_a_review_label():
    data = load_data(DataSettings("reviews", {"samples": 2000}))
    subset = data.train
    negated_count = 0
    for tokens, label, mark in zip(
        subset.inputs["tokens"], subset.target, subset.subgroups["negated"], strict=True
    ):
        words = data.vocabulary.decode(tokens.tolist()).split()
        assert len(words) <= 15
        assert any(word in _NEGATIONS for word in words) == bool(mark)
        signs, sign = [], 1
        for word in words:
            sign = -1 if word in _NEGATIONS else sign
            if word in _POSITIVE_WORDS or word in _NEGATIVE_WORDS:
                signs.append(sign * (1 if word in _POSITIVE_WORDS else -1))
                sign = 1
        assert signs == [2 * int(label) - 1] * len(signs)
        negated_count += int(mark)
    assert 0.4 < negated_count / len(subset) < 0.7
    assert set(data.test.subgroups) == {"negated"}
    assert len(data.test.subgroups["negated"]) == len(data.test)


def test_series_windows_have_no_lookahead():
    settings = DataSettings("series", {"samples": 400, "window": 9, "horizon": 3})
    data = load_data(settings)
    for subset in (data.train, data.validation, data.test):
        steps = subset.inputs["samples"][:, :, 0]
        assert torch.equal(steps[3:, -3:], subset.target[:-3])
    last = data.train.target[-1, -1]
    assert not (data.test.inputs["samples"][0] == last).any()
    batches = Batches(data.train, 16, normaliser=data.normaliser, cache_bytes=0)
    assert batches.batch(batches.order(0, 0), 0).inputs["samples"].shape == (16, 9, 1)


def test_series_without_noise_is_two_sine_waves():
    options = {"samples": 200, "window": 1, "horizon": 1, "noise": 0.0, "period": 20.0,
               "slow_period": 90.0}  # fmt: skip
    data = load_data(DataSettings("series", options, split=Split(0, 0)))
    expected = [
        math.sin(2 * math.pi * t / 20) + 2 * math.sin(2 * math.pi * t / 90) for t in range(199)
    ]
    assert np.allclose(data.train.inputs["samples"][:, 0, 0].numpy(), expected, atol=1e-5)


def test_series_too_short_for_its_windows_is_rejected():
    with pytest.raises(DataError, match="validation span of the series has 26 steps"):
        load_data(DataSettings("series", {"samples": 200}))
