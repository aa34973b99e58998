"""Samplers: who stands in a batch, nothing left out, the same again after a stop."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.reid.samplers import BalancedSampler, BatchStream, IdentitySampler, NaiveSampler, Sampler
from ml.types import UserError

many_labels = st.lists(st.integers(0, 6), min_size=1, max_size=40).map(lambda ids: np.array(ids, np.int64))
epochs = st.integers(0, 3)


def identity_sampler(labels: list[int], identities: int, pictures: int, seed: int = 0) -> IdentitySampler:
    return IdentitySampler(np.array(labels, np.int64), identities=identities, pictures=pictures, seed=seed)


def test_two_identities_of_four_and_of_two_pictures_make_two_batches() -> None:
    """Identity 7 has two groups of 2, identity 3 one: two batches; in one of them 3 comes a second time."""
    batches = identity_sampler([7, 7, 7, 7, 3, 3], identities=2, pictures=2).epoch(0)
    assert batches.shape == (2, 4)
    assert [sorted(set(batch) & {4, 5}) for batch in batches.tolist()] == [[4, 5], [4, 5]]
    assert sorted(row for batch in batches.tolist() for row in batch if row < 4) == [0, 1, 2, 3]


def test_an_identity_of_two_pictures_shows_each_twice_in_a_group_of_four() -> None:
    batch = identity_sampler([5, 5], identities=1, pictures=4).epoch(0)
    assert np.bincount(batch[0]).tolist() == [2, 2]


def test_the_last_group_of_an_identity_is_filled_with_pictures_that_it_has_not_yet() -> None:
    batches = identity_sampler([5] * 5, identities=1, pictures=4).epoch(0)
    assert batches.shape == (2, 4)
    assert [len(set(batch)) for batch in batches.tolist()] == [4, 4]
    assert set(batches.ravel().tolist()) == set(range(5))


@settings(max_examples=40)
@given(many_labels, st.integers(1, 4), st.integers(1, 5), st.integers(0, 9), epochs)
def test_batches_have_p_identities_with_k_pictures_and_leave_none_out(
    labels: np.ndarray, identities: int, pictures: int, seed: int, epoch: int
) -> None:
    identities = min(identities, len(np.unique(labels)))
    sampler = IdentitySampler(labels, identities=identities, pictures=pictures, seed=seed)
    batches = sampler.epoch(epoch)
    assert batches.shape == (len(sampler), identities * pictures)
    assert set(batches.ravel().tolist()) == set(range(len(labels)))
    grouped = labels[batches].reshape(len(sampler), identities, pictures)
    assert (grouped == grouped[:, :, :1]).all()
    assert all(len(set(batch)) == identities for batch in grouped[:, :, 0].tolist())


@settings(max_examples=40)
@given(many_labels, st.integers(1, 4), st.integers(1, 5))
def test_a_group_repeats_a_picture_only_where_its_identity_has_too_few(
    labels: np.ndarray, identities: int, pictures: int
) -> None:
    identities = min(identities, len(np.unique(labels)))
    sampler = IdentitySampler(labels, identities=identities, pictures=pictures, seed=1)
    for group in sampler.epoch(0).reshape(-1, pictures):
        assert len(set(group.tolist())) == min(pictures, int((labels == labels[group[0]]).sum()))


def test_more_identities_than_there_are_is_refused() -> None:
    with pytest.raises(UserError, match="has 2 identities; batches of 3 need as many"):
        identity_sampler([1, 2], identities=3, pictures=2)


def test_naive_batches_hold_every_picture_once_and_fill_up_from_the_front() -> None:
    batches = NaiveSampler(5, batch=3, seed=0).epoch(0)
    assert batches.shape == (2, 3)
    assert sorted(batches.ravel()[:5].tolist()) == [0, 1, 2, 3, 4]
    assert batches[1, 2] == batches[0, 0]


def test_fewer_pictures_than_a_batch_are_repeated() -> None:
    assert np.bincount(NaiveSampler(2, batch=6, seed=0).epoch(0)[0]).tolist() == [3, 3]


def test_balanced_batches_have_each_domain_s_share() -> None:
    """Eight pictures of one domain and two of another: three of each in every batch of six."""
    batches = BalancedSampler(np.array([0] * 8 + [1] * 2), batch=6, seed=0).epoch(0)
    assert batches.shape == (2, 6)
    assert [(batch >= 8).sum() for batch in batches] == [3, 3]
    assert sorted(batches[batches >= 8].tolist()) == [8, 8, 8, 9, 9, 9]
    assert len(set(batches[batches < 8].tolist())) == 6


@settings(max_examples=40)
@given(many_labels, st.integers(1, 8), st.integers(0, 9), epochs)
def test_balanced_groups_are_drawn_equally_often(groups: np.ndarray, batch: int, seed: int, epoch: int) -> None:
    sampler = BalancedSampler(groups, batch=batch, seed=seed)
    rows = sampler.epoch(epoch)
    assert rows.shape == (len(sampler), batch)
    drawn = [int((groups[rows] == group).sum()) for group in np.unique(groups)]
    assert max(drawn) - min(drawn) <= 1
    for group, times in zip(np.unique(groups), drawn, strict=True):
        of_each = [int((rows == row).sum()) for row in np.flatnonzero(groups == group)]
        assert sum(of_each) == times
        assert max(of_each) - min(of_each) <= 1


SAMPLERS: dict[str, Sampler] = {
    "identity": identity_sampler([1, 1, 1, 2, 2, 3, 4, 4], identities=2, pictures=2, seed=5),
    "naive": NaiveSampler(8, batch=3, seed=5),
    "balanced": BalancedSampler(np.array([0, 0, 0, 0, 1, 1, 2, 2]), batch=3, seed=5),
}


@pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS)
def test_an_epoch_is_the_same_again_and_unlike_the_next(sampler: Sampler) -> None:
    np.testing.assert_array_equal(sampler.epoch(3), sampler.epoch(3))
    assert not np.array_equal(sampler.epoch(3), sampler.epoch(4))


@pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS)
@pytest.mark.parametrize("done", [0, 1, 2, 3, 7])
def test_a_stream_that_was_stopped_goes_on_with_the_batches_it_would_have_had(sampler: Sampler, done: int) -> None:
    whole = [batch.tolist() for batch in islice(BatchStream(sampler), 12)]
    stopped = BatchStream(sampler)
    before = [batch.tolist() for batch in islice(stopped, done)]
    after = [batch.tolist() for batch in islice(BatchStream(sampler, stopped.state()), 12 - done)]
    assert before + after == whole


def test_a_sampler_of_nothing_is_refused() -> None:
    with pytest.raises(UserError, match="rows of a sampler is 0"):
        NaiveSampler(0, batch=4, seed=0)
    with pytest.raises(UserError, match="batch of a sampler is 0"):
        NaiveSampler(4, batch=0, seed=0)
