import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.data.split import divide, part_sizes
from dlstudio.design.data_settings import Split

shares = st.floats(0, 0.9)


@given(
    count=st.integers(1, 300),
    split=st.builds(Split, shares, shares, st.integers(0, 2**70)),
    classes=st.integers(1, 12),
    own_test=st.booleans(),
)
def test_parts_are_disjoint_whole_and_of_the_promised_sizes(count, split, classes, own_test):
    labels = np.random.default_rng(count).integers(0, classes, count)
    indices = divide(count, split, own_test=own_test, classes=labels)
    subsets = (indices.train, indices.validation, indices.test)
    assert tuple(map(len, subsets)) == part_sizes(count, split, own_test=own_test)
    assert np.array_equal(np.sort(np.concatenate(subsets)), np.arange(count))
    assert len(indices.train) >= 1


def test_stratified_parts_keep_the_classes_shares():
    labels = np.repeat([0, 1, 2], [600, 300, 100])
    indices = divide(1000, Split(0.2, 0.1), classes=labels)
    assert np.bincount(labels[indices.test]).tolist() == [60, 30, 10]
    assert np.bincount(labels[indices.validation]).tolist() == [108, 54, 18]


def test_a_rare_class_stays_in_training():
    labels = np.array([0] * 50 + [1])
    for seed in range(20):
        assert 50 in divide(51, Split(0.3, 0.3, seed), classes=labels).train


def test_unstratified_division_ignores_classes():
    labels = np.repeat([0, 1], 500)
    plain = divide(1000, Split(0.2, 0.2, stratified=False), classes=labels)
    assert np.array_equal(plain.test, divide(1000, Split(0.2, 0.2), classes=None).test)


@pytest.mark.parametrize("seed", [0, 1, 2**63])
def test_seed_decides_the_division(seed):
    first = divide(200, Split(seed=seed))
    assert np.array_equal(first.test, divide(200, Split(seed=seed)).test)
    assert not np.array_equal(first.test, divide(200, Split(seed=seed + 1)).test)


def test_no_share_holds_nothing_out():
    indices = divide(60, Split(0.0, 0.0))
    assert len(indices.train) == 60
    assert len(indices.validation) == len(indices.test) == 0


def test_few_training_samples_are_drawn_by_class_and_leave_the_other_parts_as_they_were():
    labels = np.repeat([0, 1, 2], [600, 300, 100])
    whole, few = (divide(1000, Split(0.2, 0.1, most=most), classes=labels) for most in (0, 30))
    assert np.array_equal(few.test, whole.test)
    assert np.array_equal(few.validation, whole.validation)
    assert np.bincount(labels[few.train]).tolist() == [18, 9, 3]
    assert np.isin(few.train, whole.train).all()


def test_a_limit_beyond_the_training_part_takes_all_of_it():
    assert len(divide(100, Split(0.0, 0.2, most=500)).train) == 80


@pytest.mark.parametrize("share", [-1.0, -1e300, 1.0, 2.0, 1e308])
def test_shares_beyond_all_samples_leave_one_to_train_on(share):
    for split in (Split(share, 0.0), Split(0.0, share), Split(share, share)):
        indices = divide(50, split, classes=np.arange(50) % 3)
        subsets = (indices.train, indices.validation, indices.test)
        assert np.array_equal(np.sort(np.concatenate(subsets)), np.arange(50))
        assert len(indices.train) == (50 if share < 0 else 1)
