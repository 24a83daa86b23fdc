import pytest
import torch

from dlstudio.data.embedded import read_embedded
from dlstudio.data.load import assemble
from dlstudio.data.normaliser import Normaliser, fit, mean_and_deviation
from dlstudio.data.parts import reading_of
from dlstudio.data.sources import read_options
from dlstudio.data.split import divide
from dlstudio.design.data_settings import DataSettings


def seen(raw, **settings):
    normaliser = fit({"samples": raw}, DataSettings(**settings))
    return normaliser.apply("samples", raw)


def pictures():
    rng = torch.Generator().manual_seed(1)
    return torch.randint(0, 256, (50, 3, 6, 5), generator=rng, dtype=torch.uint8)


def rows():
    return torch.randn(80, 4, generator=torch.Generator().manual_seed(2)) * 7 + 3


def test_standardised_pictures_have_mean_0_and_deviation_1_by_channel():
    result = seen(pictures(), normalise="standardise").double()
    assert torch.allclose(result.mean((0, 2, 3)), torch.zeros(3, dtype=torch.double), atol=1e-5)
    deviation = result.var((0, 2, 3), correction=0).sqrt()
    assert torch.allclose(deviation, torch.ones(3, dtype=torch.double), atol=1e-5)


def test_standardised_rows_have_mean_0_and_deviation_1_by_feature():
    result = seen(rows(), normalise="standardise")
    assert torch.allclose(result.mean(0), torch.zeros(4), atol=1e-5)
    assert torch.allclose(result.std(0, correction=0), torch.ones(4), atol=1e-5)


def test_unit_brings_everything_between_0_and_1():
    assert torch.equal(seen(pictures(), normalise="unit"), pictures() * (1 / 255))
    result = seen(rows(), normalise="unit")
    assert torch.allclose(result.amin(0), torch.zeros(4), atol=1e-5)
    assert torch.allclose(result.amax(0), torch.ones(4), atol=1e-5)


def test_fixed_figures_of_pictures_are_given_for_0_to_1():
    result = seen(pictures(), normalise="fixed", mean=(0.5,), deviation=(0.25, 0.5, 1.0))
    expected = (pictures() / 255 - 0.5) / torch.tensor([0.25, 0.5, 1.0]).reshape(3, 1, 1)
    assert torch.allclose(result, expected, atol=1e-5)


def test_none_only_makes_floats():
    assert torch.equal(seen(pictures(), normalise="none"), pictures().float())


def test_a_constant_feature_becomes_0():
    raw = torch.full((9, 2), 4.0)
    for mode in ("standardise", "unit"):
        assert torch.equal(seen(raw, normalise=mode), torch.zeros(9, 2))


def test_a_feature_that_hardly_changes_stays_finite():
    raw = torch.arange(9.0)[:, None] * 1e-44
    for mode in ("standardise", "unit"):
        assert torch.isfinite(seen(raw, normalise=mode)).all()


def test_undo_gives_the_raw_figures_back():
    normaliser = fit({"samples": rows()}, DataSettings())
    back = normaliser.undo("samples", normaliser.apply("samples", rows()))
    assert torch.allclose(back, rows(), atol=1e-4)


def test_tokens_pass_as_they_are():
    tokens = torch.arange(6).reshape(2, 3)
    normaliser = fit({"tokens": tokens}, DataSettings())
    assert normaliser == Normaliser()
    assert normaliser.apply("tokens", tokens) is tokens


def test_figures_of_bytes_are_exact_over_many_chunks():
    raw = torch.randint(0, 256, (10_000, 2, 2, 2), dtype=torch.uint8)
    mean, deviation = mean_and_deviation(raw)
    assert torch.allclose(mean, raw.double().mean((0, 2, 3)), rtol=1e-12)
    assert torch.allclose(deviation, raw.double().std((0, 2, 3), correction=0), rtol=1e-9)


@pytest.mark.parametrize("source", ["digits", "wine", "diabetes"])
def test_held_out_samples_leave_the_figures_alone(source):
    settings = DataSettings(source)
    samples = read_embedded(source, read_options(source, {}))
    raw = reading_of(samples)
    before = assemble(raw, settings)
    held_out = torch.ones(len(samples.part), dtype=torch.bool)
    held_out[divide(raw.count, settings.split, classes=raw.classes).train] = False
    samples.part.inputs["samples"][held_out] //= 3
    after = assemble(raw, settings)
    assert not torch.equal(after.test.inputs["samples"], before.test.inputs["samples"])
    for name in ("scale", "shift"):
        old = getattr(before.normaliser.roles["samples"], name)
        assert torch.equal(getattr(after.normaliser.roles["samples"], name), old)
