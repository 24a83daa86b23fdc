import pytest
import torch

from dlstudio.data.core.dataset import source_from_samples
from dlstudio.data.core.normaliser import Normaliser, fit_normaliser, mean_and_deviation
from dlstudio.data.core.split import split_indices
from dlstudio.data.load import assemble
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.entry_points import resolve_target
from tests.data.read_requests import read_request


def normalised(raw, **settings):
    normaliser = fit_normaliser({"samples": raw}, DataSettings(**settings))
    return normaliser.apply("samples", raw)


def random_images():
    rng = torch.Generator().manual_seed(1)
    return torch.randint(0, 256, (50, 3, 6, 5), generator=rng, dtype=torch.uint8)


def random_rows():
    return torch.randn(80, 4, generator=torch.Generator().manual_seed(2)) * 7 + 3


def test_standardised_images_have_mean_0_and_deviation_1_by_channel():
    result = normalised(random_images(), normalise="standardise").double()
    assert torch.allclose(result.mean((0, 2, 3)), torch.zeros(3, dtype=torch.double), atol=1e-5)
    deviation = result.var((0, 2, 3), correction=0).sqrt()
    assert torch.allclose(deviation, torch.ones(3, dtype=torch.double), atol=1e-5)


def test_standardised_rows_have_mean_0_and_deviation_1_by_feature():
    result = normalised(random_rows(), normalise="standardise")
    assert torch.allclose(result.mean(0), torch.zeros(4), atol=1e-5)
    assert torch.allclose(result.std(0, correction=0), torch.ones(4), atol=1e-5)


def test_unit_scales_to_0_1():
    assert torch.equal(normalised(random_images(), normalise="unit"), random_images() * (1 / 255))
    result = normalised(random_rows(), normalise="unit")
    assert torch.allclose(result.amin(0), torch.zeros(4), atol=1e-5)
    assert torch.allclose(result.amax(0), torch.ones(4), atol=1e-5)


def test_fixed_statistics_of_images_refer_to_values_0_to_1():
    result = normalised(random_images(), normalise="fixed", mean=(0.5,), deviation=(0.25, 0.5, 1.0))
    expected = (random_images() / 255 - 0.5) / torch.tensor([0.25, 0.5, 1.0]).reshape(3, 1, 1)
    assert torch.allclose(result, expected, atol=1e-5)


def test_none_only_converts_to_float():
    assert torch.equal(normalised(random_images(), normalise="none"), random_images().float())


def test_constant_feature_becomes_0():
    raw = torch.full((9, 2), 4.0)
    for mode in ("standardise", "unit"):
        assert torch.equal(normalised(raw, normalise=mode), torch.zeros(9, 2))


def test_nearly_constant_feature_stays_finite():
    raw = torch.arange(9.0)[:, None] * 1e-44
    for mode in ("standardise", "unit"):
        assert torch.isfinite(normalised(raw, normalise=mode)).all()


def test_undo_restores_the_raw_values():
    normaliser = fit_normaliser({"samples": random_rows()}, DataSettings())
    restored = normaliser.undo("samples", normaliser.apply("samples", random_rows()))
    assert torch.allclose(restored, random_rows(), atol=1e-4)


def test_tokens_are_not_normalised():
    tokens = torch.arange(6).reshape(2, 3)
    normaliser = fit_normaliser({"tokens": tokens}, DataSettings())
    assert normaliser == Normaliser()
    assert normaliser.apply("tokens", tokens) is tokens


def test_byte_statistics_are_exact_over_many_chunks():
    raw = torch.randint(0, 256, (10_000, 2, 2, 2), dtype=torch.uint8)
    mean, deviation = mean_and_deviation(raw)
    assert torch.allclose(mean, raw.double().mean((0, 2, 3)), rtol=1e-12)
    assert torch.allclose(deviation, raw.double().std((0, 2, 3), correction=0), rtol=1e-9)


@pytest.mark.parametrize("source", ["digits", "wine", "diabetes"])
def test_held_out_samples_do_not_affect_statistics(source):
    settings = DataSettings(source)
    request = read_request(settings)
    samples = resolve_target(request.source.reader)(request)
    raw = source_from_samples(samples)
    before = assemble(raw, settings)
    held_out = torch.ones(len(samples.data), dtype=torch.bool)
    held_out[split_indices(raw.count, settings.split, classes=raw.classes).train] = False
    samples.data.inputs["samples"][held_out] //= 3
    after = assemble(raw, settings)
    assert not torch.equal(after.test.inputs["samples"], before.test.inputs["samples"])
    for name in ("scale", "shift"):
        expected = getattr(before.normaliser.roles["samples"], name)
        assert torch.equal(getattr(after.normaliser.roles["samples"], name), expected)
