import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ml.matching.transit import EVEN, PRIOR_MATCHES, PRIOR_PAIRS, transit_edges, transit_scores, transit_tables


def test_counts_are_blurred_over_the_neighbouring_bins() -> None:
    """A pair at 11 s is in the bin of 10 to 12 s; a quarter of it goes to either side."""
    matches, others = transit_tables(np.array([0]), np.array([11.0]), np.array([0.75]))

    place = int(np.flatnonzero(transit_edges() == 10)[0])
    np.testing.assert_allclose(matches[0, place - 1 : place + 2], [0.1875, 0.375, 0.1875])
    np.testing.assert_allclose(others[0, place], 0.125)


def test_what_lies_beyond_stays_in_the_outer_bins() -> None:
    matches, _ = transit_tables(np.zeros(2, np.int64), np.array([-900.0, 9000.0]), np.ones(2))

    np.testing.assert_allclose(matches[0, [0, 1, -2, -1]], [0.75, 0.25, 0.25, 0.75])


def test_bins_are_two_seconds_wide_and_beyond_88_seconds_a_tenth_of_their_time() -> None:
    edges = transit_edges()

    np.testing.assert_allclose(np.diff(edges[edges <= 88]), 2)
    np.testing.assert_allclose(edges[edges > 87][1:] / edges[edges > 87][:-1], 1.1)
    assert edges[0] == -4
    assert edges[-1] > 3600


def test_cameras_far_apart_have_transit_times_too() -> None:
    """Three minutes are what matches take, two and five are not."""
    gaps = np.tile(np.array([120.0, 180.0, 300.0]), 40)
    likely = gaps == 180.0

    scores = transit_scores(np.zeros(120, np.int64), gaps, np.where(likely, 0.6, 0.01))

    assert scores[likely].min() > 0 > scores[~likely].max()


def test_transit_times_of_probable_matches_are_preferred_link_by_link() -> None:
    """On link 0 the probable pairs take 11 s, on link 1 31 s."""
    links = np.repeat([0, 1], 40)
    gaps = np.tile(np.array([11.0, 31.0]), 40)
    likely = (links == 0) == (gaps == 11.0)

    scores = transit_scores(links, gaps, np.where(likely, 0.6, 0.01))

    assert scores[likely].min() > 0 > scores[~likely].max()


def test_score_of_a_worked_example() -> None:
    """One link, 4 sure matches and 4 sure others, all between 10 and 12 s: half of each in that bin, 2 of 4."""
    probabilities = np.repeat([1.0, 0.0], 4)

    score = transit_scores(np.zeros(8, np.int64), np.full(8, 11.0), probabilities)[0]

    background = (2 + PRIOR_PAIRS) / (4 + PRIOR_PAIRS * (EVEN + 1))
    expected = (2 + PRIOR_MATCHES * background) / (4 + PRIOR_MATCHES) / background
    assert np.isclose(score, np.log(expected))


def test_a_link_without_matches_prefers_nothing() -> None:
    gaps = np.linspace(0, 60, 50)

    np.testing.assert_allclose(transit_scores(np.zeros(50, np.int64), gaps, np.zeros(50)), 0, atol=1e-12)


@given(st.lists(st.tuples(st.floats(-20, 120), st.floats(0, 1)), min_size=1, max_size=30))
def test_nothing_is_lost_in_the_tables(pairs: list[tuple[float, float]]) -> None:
    gaps, probabilities = np.array(pairs).T

    matches, others = transit_tables(np.zeros(len(pairs), np.int64), gaps, probabilities)

    assert np.isclose(matches.sum(), probabilities.sum())
    assert np.isclose((matches + others).sum(), len(pairs))


def test_no_pairs_have_no_scores() -> None:
    nothing = np.zeros(0)
    assert len(transit_scores(nothing.astype(np.int64), nothing, nothing)) == 0
