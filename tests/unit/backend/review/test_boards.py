"""One identity against many: who is asked about, beside whom, and that its pairs are with one person."""

from __future__ import annotations

from typing import Any

from backend.review.models import Lease
from backend.review.selectors.boards import Board, board_views
from backend.review.selectors.queue import QueueFilter
from backend.review.services.boards import boards_lease
from backend.review.services.leases import pairs_lease
from tests.unit.backend.review.test_queue import leased
from tests.unit.backend.review.town import Town


def boards(town: Town, person: str, limit: int = 10, **wanted: Any) -> list[Board]:
    found = boards_lease(
        actor=town.people[person],
        scene=town.scene,
        limit=limit,
        wanted=QueueFilter(**wanted),
    )
    return board_views(run=town.run, boards=found)


def names(town: Town, board: Board) -> tuple[str, list[str]]:
    own = " ".join(town.name_of(each.tracklet.pk) for each in board.tracklets)
    return own, [f"{town.name_of(each.against)} {town.name_of(each.shown.tracklet.pk)}" for each in board.rivals]


def test_an_identity_is_shown_beside_each_other_one_by_the_nearest_open_pair(town: Town) -> None:
    """Between a1-b1-c1 and a2-b2 lie a2-b1 (0.60), b2-c1 (0.70) and a1-b2 (0.90); c2 is compared with b1 alone."""
    first = boards(town, "ann")[0]
    assert names(town, first) == ("a1 b1 c1", ["b1 a2", "b1 c2"])
    assert [town.name_of(each.tracklet.pk) for each in first.rivals[0].members] == ["a2", "b2"]
    assert first.rivals[0].candidate.distance == 0.60


def test_what_is_on_a_board_is_not_asked_of_others(town: Town) -> None:
    boards(town, "ann", limit=1)
    assert not {"a2 b1", "b1 c2", "b2 c1", "a1 b2"} & set(leased(town, "ben"))
    assert not {"b1 a2", "b1 c2"} & {pair for board in boards(town, "cleo") for pair in names(town, board)[1]}


def test_asking_again_takes_the_place_of_what_was_held(town: Town) -> None:
    first = [names(town, board) for board in boards(town, "ann", limit=1)]
    held = Lease.objects.count()
    assert [names(town, board) for board in boards(town, "ann", limit=1)] == first
    assert Lease.objects.count() == held == 2


def test_an_answered_rival_leaves_the_board(town: Town) -> None:
    town.say("ann", "a2 b1", "different")
    assert ("a1 b1 c1", ["b1 c2"]) in [names(town, board) for board in boards(town, "ann")]


def test_a_board_keeps_to_the_filter(town: Town) -> None:
    cameras = [town.tracklets[name].camera_id for name in ("b1", "c1")]
    assert names(town, boards(town, "ann", cameras=cameras)[0]) == ("a1 b1 c1", ["c1 b2", "b1 c2"])


def test_a_board_is_followed_by_pairs_without_anything_held_twice(town: Town) -> None:
    boards(town, "ann")
    pairs_lease(actor=town.people["ann"], scene=town.scene, limit=10, wanted=QueueFilter())
    held = [(lease.left_id, lease.right_id) for lease in Lease.objects.all()]
    assert len(held) == len(set(held))
