import pytest
import torch

from dlstudio.data.core.batches import Batches
from dlstudio.data.core.dataset import Subset
from dlstudio.data.core.normaliser import fit_normaliser
from dlstudio.data.load import load_data
from dlstudio.design.model.data_settings import Augmentation, DataSettings


def image_subset(count=21):
    rng = torch.Generator().manual_seed(3)
    raw = torch.randint(0, 256, (count, 3, 8, 8), generator=rng, dtype=torch.uint8)
    return Subset({"samples": raw}, torch.arange(count))


def whole_epoch(batches, order=None):
    return [batches.batch(order, index) for index in range(batches.steps)]


def test_epoch_holds_every_sample_once():
    batches = Batches(image_subset(), 4, keep_single=True)
    targets = torch.cat([batch.target for batch in whole_epoch(batches, batches.order(0, 1))])
    assert sorted(targets.tolist()) == list(range(21))


def test_last_batch_of_one_is_dropped_in_training_only():
    subset = image_subset(21)
    assert [len(batch.target) for batch in whole_epoch(Batches(subset, 4))] == [4] * 5
    evaluation = Batches(subset, 4, keep_single=True)
    assert [len(batch.target) for batch in whole_epoch(evaluation)] == [4] * 5 + [1]
    assert [len(batch.target) for batch in whole_epoch(Batches(subset, 9))] == [9, 9, 3]


def test_single_sample_is_a_batch():
    assert Batches(image_subset(1), 4).steps == 1


def test_batch_size_above_the_subset_gives_one_batch():
    batches = Batches(image_subset(), 1000)
    assert batches.steps == 1
    assert len(batches.batch(None, 0).target) == 21


def test_order_depends_only_on_seed_and_epoch():
    batches = Batches(image_subset(), 4)
    torch.manual_seed(1)
    first = batches.order(5, 2)
    torch.manual_seed(2)
    assert torch.equal(first, batches.order(5, 2))
    assert not torch.equal(first, batches.order(5, 3))
    assert not torch.equal(first, batches.order(6, 2))


def test_prenormalised_samples_equal_those_normalised_per_batch():
    subset = image_subset()
    normaliser = fit_normaliser(subset.inputs, DataSettings())
    order = Batches(subset, 4).order(0, 0)
    cached = Batches(subset, 4, normaliser=normaliser)
    per_batch = Batches(subset, 4, normaliser=normaliser, cache_bytes=0)
    for batch, other in zip(whole_epoch(cached, order), whole_epoch(per_batch, order), strict=True):
        assert torch.equal(batch.inputs["samples"], other.inputs["samples"])
        assert torch.equal(batch.target, other.target)


def test_batch_holds_normalised_samples_with_their_targets():
    subset = image_subset()
    normaliser = fit_normaliser(subset.inputs, DataSettings())
    batch = Batches(subset, 4, normaliser=normaliser).batch(torch.tensor([7, 3, 9, 1, 0]), 0)
    assert batch.target.tolist() == [7, 3, 9, 1]
    expected = normaliser.apply("samples", subset.inputs["samples"][[7, 3, 9, 1]])
    assert torch.equal(batch.inputs["samples"], expected)


def test_streamed_batches_equal_device_batches():
    subset = image_subset()
    order = Batches(subset, 4).order(0, 0)
    resident, streamed = Batches(subset, 4), Batches(subset, 4, device_bytes=0, cache_bytes=0)
    pairs = zip(whole_epoch(resident, order), whole_epoch(streamed, order), strict=True)
    for batch, other in pairs:
        assert torch.equal(batch.inputs["samples"].float(), other.inputs["samples"].float())


@pytest.mark.parametrize(
    "augmentation",
    [
        Augmentation(flip=True),
        Augmentation(shift=0.25),
        Augmentation(rotate=30),
        Augmentation(crop=2),
        Augmentation(flip=True, shift=0.1, rotate=10, crop=1),
    ],
    ids=["flip", "shift", "rotate", "crop", "all"],
)
def test_augmentation_is_a_function_of_seed_and_step(augmentation):
    batches = Batches(image_subset(), 20, augmentation=augmentation)
    state = torch.get_rng_state()
    first = batches.batch(None, 0, seed=1, step=5).inputs["samples"]
    assert first.shape == (20, 3, 8, 8)
    assert torch.equal(first, batches.batch(None, 0, seed=1, step=5).inputs["samples"])
    assert not torch.equal(first, batches.batch(None, 0, seed=1, step=6).inputs["samples"])
    assert not torch.equal(first, batches.batch(None, 0, seed=2, step=5).inputs["samples"])
    assert torch.equal(state, torch.get_rng_state())


def augmented(subset, **settings):
    batches = Batches(subset, len(subset), augmentation=Augmentation(**settings))
    return batches.batch(None, 0, seed=0, step=0).inputs["samples"]


def test_flip_mirrors_about_half_of_the_images():
    subset = image_subset(200)
    raw = subset.inputs["samples"].float()
    result = augmented(subset, flip=True)
    unchanged = (result == raw).flatten(1).all(1)
    mirrored = (result == raw.flip(3)).flatten(1).all(1)
    assert bool((unchanged ^ mirrored).all())
    assert 60 < int(mirrored.sum()) < 140


def test_crop_shifts_each_image_by_whole_pixels():
    raw = torch.zeros(100, 1, 9, 9, dtype=torch.uint8)
    raw[:, :, 4, 4] = 255
    result = augmented(Subset({"samples": raw}), crop=2)
    positions = {tuple(index[1:].tolist()) for index in (result[:, 0] > 0).nonzero()}
    assert (result.sum((1, 2, 3)) == 255).all()
    assert len(positions) > 15
    assert all(2 <= row <= 6 and 2 <= column <= 6 for row, column in positions)


def test_shift_stays_within_its_limit():
    raw = torch.zeros(200, 1, 21, 21, dtype=torch.uint8)
    raw[:, :, 10, 10] = 255
    result = augmented(Subset({"samples": raw}), shift=0.2)[:, 0]
    positions = torch.arange(21.0)
    rows = (result.sum(2) * positions).sum(1) / result.sum((1, 2))
    assert float((rows - 10).abs().max()) <= 0.2 * 21 + 1e-3
    assert float((rows - 10).abs().max()) > 0.15 * 21


def test_rotation_keeps_the_distance_from_the_centre():
    raw = torch.zeros(100, 1, 21, 31, dtype=torch.uint8)
    raw[:, :, 10, 25] = 255
    result = augmented(Subset({"samples": raw}), rotate=40)[:, 0]
    mass = result.sum((1, 2))
    rows = (result.sum(2) * torch.arange(21.0)).sum(1) / mass - 10
    columns = (result.sum(1) * torch.arange(31.0)).sum(1) / mass - 15
    assert torch.allclose(torch.hypot(rows, columns), torch.full((100,), 10.0), atol=0.6)
    degrees = torch.rad2deg(torch.atan2(rows, columns))
    assert 30 < float(degrees.abs().max()) <= 41


def test_table_rows_are_never_augmented():
    data = load_data(DataSettings("iris"))
    plain = Batches(data.train, 8, normaliser=data.normaliser)
    flipped = Batches(
        data.train, 8, normaliser=data.normaliser, augmentation=Augmentation(flip=True)
    )
    assert torch.equal(
        plain.batch(None, 0).inputs["samples"], flipped.batch(None, 0).inputs["samples"]
    )
