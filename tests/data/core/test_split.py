import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.data.core.split import split_indices
from dlstudio.data.core.subset_sizes import subset_sizes
from dlstudio.design.model.data_settings import Split

shares = st.floats(0, 0.9)


@given(
    count=st.integers(1, 300),
    split=st.builds(Split, shares, shares, st.integers(0, 2**70)),
    classes=st.integers(1, 12),
    has_test=st.booleans(),
)
def test_subsets_are_a_partition_of_the_declared_sizes(count, split, classes, has_test):
    labels = np.random.default_rng(count).integers(0, classes, count)
    indices = split_indices(count, split, has_test=has_test, classes=labels)
    subsets = (indices.train, indices.validation, indices.test)
    assert tuple(map(len, subsets)) == subset_sizes(count, split, has_test=has_test)
    assert np.array_equal(np.sort(np.concatenate(subsets)), np.arange(count))
    assert len(indices.train) >= 1


def test_stratified_subsets_keep_class_proportions():
    labels = np.repeat([0, 1, 2], [600, 300, 100])
    indices = split_indices(1000, Split(0.2, 0.1), classes=labels)
    assert np.bincount(labels[indices.test]).tolist() == [60, 30, 10]
    assert np.bincount(labels[indices.validation]).tolist() == [108, 54, 18]


def test_rare_class_stays_in_training():
    labels = np.array([0] * 50 + [1])
    for seed in range(20):
        assert 50 in split_indices(51, Split(0.3, 0.3, seed), classes=labels).train


def test_unstratified_split_ignores_classes():
    labels = np.repeat([0, 1], 500)
    plain = split_indices(1000, Split(0.2, 0.2, stratified=False), classes=labels)
    assert np.array_equal(plain.test, split_indices(1000, Split(0.2, 0.2), classes=None).test)


@pytest.mark.parametrize("seed", [0, 1, 2**63])
def test_split_depends_on_the_seed(seed):
    first = split_indices(200, Split(seed=seed))
    assert np.array_equal(first.test, split_indices(200, Split(seed=seed)).test)
    assert not np.array_equal(first.test, split_indices(200, Split(seed=seed + 1)).test)


def test_zero_shares_hold_out_no_samples():
    indices = split_indices(60, Split(0.0, 0.0))
    assert len(indices.train) == 60
    assert len(indices.validation) == len(indices.test) == 0


def test_training_limit_is_stratified_and_leaves_other_subsets_unchanged():
    labels = np.repeat([0, 1, 2], [600, 300, 100])
    unlimited, limited = (
        split_indices(1000, Split(0.2, 0.1, most=most), classes=labels) for most in (0, 30)
    )
    assert np.array_equal(limited.test, unlimited.test)
    assert np.array_equal(limited.validation, unlimited.validation)
    assert np.bincount(labels[limited.train]).tolist() == [18, 9, 3]
    assert np.isin(limited.train, unlimited.train).all()


def test_training_limit_above_the_size_uses_all_samples():
    assert len(split_indices(100, Split(0.0, 0.2, most=500)).train) == 80


@pytest.mark.parametrize("share", [-1.0, -1e300, 1.0, 2.0, 1e308])
def test_out_of_range_shares_keep_one_training_sample(share):
    for split in (Split(share, 0.0), Split(0.0, share), Split(share, share)):
        indices = split_indices(50, split, classes=np.arange(50) % 3)
        subsets = (indices.train, indices.validation, indices.test)
        assert np.array_equal(np.sort(np.concatenate(subsets)), np.arange(50))
        assert len(indices.train) == (50 if share < 0 else 1)
