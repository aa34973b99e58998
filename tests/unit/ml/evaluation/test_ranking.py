import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.evaluation.ranking import Labels, query_figures, score_of_figures, score_ranking
from ml.types import UserError


def labels(*listed: tuple[str, str]) -> Labels:
    return Labels(np.array([identity for identity, _ in listed]), np.array([camera for _, camera in listed]))


def row(*distances: float) -> np.ndarray:
    return np.array([distances], np.float32)


def test_worked_example() -> None:
    """In rising distance: same camera (junk), right, wrong, right. Without the junk the right ones stand first and
    third: AP = (1/1 + 2/3) / 2, of the first two places 1/2; INP = 2 / 3."""
    gallery = labels(("a", "c1"), ("a", "c2"), ("b", "c2"), ("a", "c3"))

    score = score_ranking(row(0.1, 0.2, 0.3, 0.4), labels(("a", "c1")), gallery, topk=2)

    assert score.map_all == pytest.approx(5 / 6)
    assert score.map_at_k == pytest.approx(1 / 2)
    assert score.cmc == {1: 1.0, 5: 1.0, 10: 1.0}
    assert score.minp == pytest.approx(2 / 3)
    assert (score.scored, score.unanswerable) == (1, 0)


def test_queries_scored_in_parts_score_as_all_together() -> None:
    gallery = labels(("a", "c2"), ("b", "c1"), ("a", "c3"))
    queries = labels(("b", "c2"), ("a", "c1"), ("z", "c1"))
    distances = np.array([[0.1, 0.2, 0.3], [0.3, 0.1, 0.2], [0.1, 0.2, 0.3]])
    parts = [
        query_figures(distances[rows], Labels(queries.identity[rows], queries.camera[rows]), gallery)
        for rows in (slice(0, 1), slice(1, 3))
    ]

    assert score_of_figures(np.concatenate(parts, axis=1)) == score_ranking(distances, queries, gallery)


def test_a_wrong_picture_of_the_querys_own_camera_is_no_junk() -> None:
    gallery = labels(("b", "c1"), ("a", "c2"))

    score = score_ranking(row(0.1, 0.2), labels(("a", "c1")), gallery)

    assert (score.map_all, score.cmc[1], score.cmc[5]) == (0.5, 0.0, 1.0)


def test_queries_without_a_right_answer_are_counted_and_not_scored() -> None:
    """The second query's only picture of its vehicle is junk, the third's vehicle is not in the gallery."""
    gallery = labels(("a", "c2"), ("b", "c1"))
    queries = labels(("a", "c1"), ("b", "c1"), ("z", "c1"))

    score = score_ranking(np.zeros((3, 2)), queries, gallery)

    assert (score.map_all, score.scored, score.unanswerable) == (1.0, 1, 2)
    with pytest.raises(UserError, match="no query"):
        score_ranking(np.zeros((1, 2)), labels(("z", "c1")), gallery)


def test_unknown_cameras_make_no_junk() -> None:
    score = score_ranking(row(0.1), labels(("a", "")), labels(("a", "")))

    assert (score.map_all, score.scored) == (1.0, 1)


def test_equal_distances_keep_the_gallerys_order() -> None:
    gallery = labels(("b", "c2"), ("a", "c2"), ("b", "c3"))

    assert score_ranking(row(1, 1, 1), labels(("a", "c1")), gallery).map_all == 0.5


@pytest.mark.parametrize(
    ("distances", "topk", "message"),
    [
        (np.zeros((2, 3)), 100, "2 x 3 for 1 queries and 3 gallery"),
        (row(0, float("nan"), 0), 100, "query 1 to gallery picture 2"),
        (row(0, 0, 0), 0, "topk is 0"),
    ],
)
def test_what_cannot_be_ranked_is_refused(distances: np.ndarray, topk: int, message: str) -> None:
    with pytest.raises(UserError, match=message):
        score_ranking(distances, labels(("a", "c1")), labels(("a", "c2"), ("a", "c3"), ("b", "c2")), topk=topk)


def by_hand(distances: np.ndarray, query: Labels, gallery: Labels, topk: int) -> tuple[float, float, float, float]:
    """(mAP, mAP@k, rank-5, mINP), query by query and place by place."""
    found = []
    for number, (identity, camera) in enumerate(zip(query.identity, query.camera, strict=True)):
        ranking = sorted(range(len(gallery)), key=lambda place: (distances[number, place], place))
        kept = [p for p in ranking if (gallery.identity[p], gallery.camera[p]) != (identity, camera)]
        places = [rank for rank, p in enumerate(kept, start=1) if gallery.identity[p] == identity]
        if places:
            precision = [(n / rank, rank) for n, rank in enumerate(places, start=1)]
            found.append(
                (
                    sum(p for p, _ in precision) / len(places),
                    sum(p for p, rank in precision if rank <= topk) / len(places),
                    float(places[0] <= 5),
                    len(places) / places[-1],
                )
            )
    means = np.mean(found, axis=0)
    return float(means[0]), float(means[1]), float(means[2]), float(means[3])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 20))
def test_rankings_agree_with_a_walk_down_each(seed: int, topk: int) -> None:
    rng = np.random.default_rng(seed)
    query = Labels(rng.integers(0, 4, 300), rng.choice(["c1", "c2", "c3"], 300))
    gallery = Labels(rng.integers(0, 5, 24), rng.choice(["c1", "c2", "c3"], 24))
    distances = rng.integers(0, 12, (300, 24)) / 4  # with ties
    query = Labels(query.identity[:20], query.camera[:20]) if seed % 4 else query  # now and then more than one block

    score = score_ranking(distances[: len(query)], query, gallery, topk=topk)

    figures = (score.map_all, score.map_at_k, score.cmc[5], score.minp)
    assert figures == pytest.approx(by_hand(distances, query, gallery, topk))


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(8)))
def test_the_order_of_the_gallery_means_nothing(order: list[int]) -> None:
    rng = np.random.default_rng(2)
    query, gallery = labels(("a", "c1"), ("b", "c2")), labels(*zip("aabbabcc", ["c1", "c2"] * 4, strict=True))
    distances = rng.random((2, 8))
    shuffled = Labels(gallery.identity[order], gallery.camera[order])

    assert score_ranking(distances[:, order], query, shuffled) == score_ranking(distances, query, gallery)
