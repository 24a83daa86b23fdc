import pytest

from dlstudio.data.load import load_data
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.model.data_settings import DataSettings, Split


def load_characters(**options):
    return load_data(DataSettings("printed", {"samples": 200, **options}, Split(0.0, 0.0))).train


@pytest.mark.parametrize(
    ("characters", "classes"), [("digits", 10), ("capitals", 26), ("both", 36)]
)
def test_characters_are_equally_frequent(characters, classes):
    settings = DataSettings("printed", {"characters": characters})
    assert len(info_of(settings).class_names) == classes
    counts = load_characters(characters=characters).target.bincount()
    assert len(counts) == classes
    assert int(counts.max() - counts.min()) <= 1


def test_characters_are_complete_bright_and_centred():
    images = load_characters().inputs["samples"][:, 0].float()
    assert int(images.amax((1, 2)).min()) > 200
    edge = images.clone()
    edge[:, 1:-1, 1:-1] = 0
    assert float((edge.amax((1, 2)) > 100).float().mean()) < 0.05
    rows = images.sum(2)
    centre = (rows * images.new_tensor(range(28))).sum(1) / rows.sum(1)
    assert float((centre - 13.5).abs().max()) < 6


def test_tilt_increases_the_spread_within_a_class():
    def spread(**options):
        subset = load_characters(samples=1000, **options)
        images = subset.inputs["samples"].float()
        return sum(float(images[subset.target == label].std(0).mean()) for label in range(10))

    assert spread(tilt=0.0) < spread(tilt=90.0)


def test_noise_covers_the_background():
    plain, noisy = (load_characters(noise=noise).inputs["samples"].float() for noise in (0.0, 0.3))
    assert float(plain.mean()) < float(noisy.mean())
    assert float((plain == 0).float().mean()) > 0.6 > float((noisy == 0).float().mean())


def test_size_option_sets_the_image_size():
    assert tuple(load_characters(size=40).inputs["samples"].shape) == (200, 1, 40, 40)
