"""Scores of re-identification: how far up each query's ranking its right answers stand."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from ml.evaluation.pairs import Rows
from ml.types import Double2D, UserError

Bool2D = npt.NDArray[np.bool_]
Distances = npt.NDArray[np.floating]
Names = npt.NDArray[np.str_] | npt.NDArray[np.integer]
UNKNOWN = ""  # the camera of a picture whose camera is not known: no other picture's

RANKS = (1, 5, 10)
NEVER = np.iinfo(np.int64).max  # the rank of a right answer that there is not
BLOCK = 256  # queries ranked together; bounds the memory
RANKING_RULE = (
    "same identity in the query's own camera is junk and left out of the ranking; AP is the mean precision at the "
    "right answers; mAP@k counts those among the first k alone, divided by all right answers; queries without a right "
    "answer are not scored"
)


@dataclass(frozen=True, slots=True)
class Labels:
    """identity [n] and camera [n] of the pictures of one side; camera "" is an unknown one, like no other."""

    identity: Names
    camera: npt.NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.identity)


@dataclass(frozen=True, slots=True)
class RankingScore:
    """Shares are 0..1, means over the queries scored.

    map_all, map_at_k   mean average precision, over the whole ranking and over its first `k`
    cmc                 rank -> share of queries with a right answer at that rank or before
    minp                mean of (right answers) / (rank of the last of them) (Ye et al., 2021)
    scored, unanswerable   queries with a right answer in the gallery, and without
    """

    map_all: float
    map_at_k: float
    k: int
    cmc: dict[int, float]
    minp: float
    scored: int
    unanswerable: int
    rule: str = RANKING_RULE

    def as_dict(self) -> dict[str, object]:
        """Plain values, ready for JSON."""
        return asdict(self)


def score_ranking(distances: Distances, query: Labels, gallery: Labels, *, topk: int = 100) -> RankingScore:
    """Score the rankings of `distances` [queries, gallery], smallest first, by `RANKING_RULE`.

    Equal distances keep the gallery's order.

    UserError: "wrong-shape", "not-a-number", "no-right-answer" (no query has any in the gallery), "bad-rank" (topk).
    """
    return score_of_figures(query_figures(distances, query, gallery, topk=topk), topk=topk)


def score_of_figures(figures: Double2D, *, topk: int = 100) -> RankingScore:
    """As `score_ranking`, of `query_figures` [4, queries] at the same `topk`: of queries whose distances need not be in
    memory together.

    UserError "no-right-answer".
    """
    scored = figures[:, ~np.isnan(figures[0])]
    if not scored.shape[1]:
        raise UserError("no-right-answer", "no query has its identity in the gallery under another camera")
    whole, at_k, first, inverse = scored
    return RankingScore(
        map_all=float(whole.mean()),
        map_at_k=float(at_k.mean()),
        k=topk,
        cmc={rank: float((first <= rank).mean()) for rank in RANKS},
        minp=float(inverse.mean()),
        scored=scored.shape[1],
        unanswerable=figures.shape[1] - scored.shape[1],
    )


def query_figures(distances: Distances, query: Labels, gallery: Labels, *, topk: int = 100) -> Double2D:
    """[4, queries] AP, AP at topk, rank of the first right answer and INP of each query, by `RANKING_RULE`; not a
    number where there is no right answer.

    UserError: "wrong-shape", "not-a-number", "bad-rank".
    """
    _require_sound(distances, query, gallery, topk)
    identities = _codes(query.identity, gallery.identity)
    cameras = _codes(query.camera, gallery.camera)
    cameras[0][query.camera == UNKNOWN] = -1
    figures = [
        _figures(
            distances[rows],
            identities[0][rows, None] == identities[1],
            cameras[0][rows, None] == cameras[1],
            topk,
        )
        for rows in (slice(first, first + BLOCK) for first in range(0, len(query), BLOCK))
    ]
    return np.concatenate([np.zeros((4, 0)), *figures], axis=1)


def _codes(left: Names, right: Names) -> tuple[Rows, Rows]:
    """The same whole number for the same name on both sides."""
    codes = np.unique(np.concatenate((left, right)), return_inverse=True)[1].astype(np.int64)
    return codes[: len(left)], codes[len(left) :]


def _figures(distances: Distances, same_identity: Bool2D, same_camera: Bool2D, topk: int) -> Double2D:
    """[4, queries] AP, AP at topk, rank of the first right answer, INP; not a number where there is none."""
    order = np.argsort(distances, axis=1, kind="stable")
    same = np.take_along_axis(same_identity, order, axis=1)
    junk = same & np.take_along_axis(same_camera, order, axis=1)
    right = same & ~junk
    rank = np.cumsum(~junk, axis=1, dtype=np.int64)
    precision = np.where(right, np.cumsum(right, axis=1) / np.maximum(rank, 1), 0.0)
    count = right.sum(axis=1)
    answers = np.where(count > 0, count, np.nan)
    first = np.where(right, rank, NEVER).min(axis=1, initial=NEVER)
    last = np.where(right, rank, 1).max(axis=1, initial=1)
    at_k = (precision * (rank <= topk)).sum(axis=1)
    return np.stack((precision.sum(axis=1) / answers, at_k / answers, first, answers / last))


def _require_sound(distances: Distances, query: Labels, gallery: Labels, topk: int) -> None:
    if distances.shape != (len(query), len(gallery)):
        raise UserError(
            "wrong-shape",
            f"the distances are {' x '.join(map(str, distances.shape))} for {len(query)} queries and "
            f"{len(gallery)} gallery pictures; one row a query and one column a gallery picture are needed",
        )
    if np.isnan(distances).any():
        row, column = np.argwhere(np.isnan(distances))[0].tolist()
        raise UserError("not-a-number", f"the distance of query {row + 1} to gallery picture {column + 1} is no number")
    if topk < 1:
        raise UserError("bad-rank", f"topk is {topk}; it must be 1 or more")
