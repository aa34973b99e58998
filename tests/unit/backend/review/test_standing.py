"""Which answers count about a pair."""

from __future__ import annotations

import pytest

from backend.review.models import Answer
from backend.review.standing import Given, counting, linked, pairs_with

ANN, BEN = 1, 2


def given(*listed: tuple[int, str, bool]) -> list[Given]:
    return [Given(place, (7, 9), answer, person, settles) for place, (person, answer, settles) in enumerate(listed)]


@pytest.mark.parametrize(
    ("listed", "answers"),
    [
        ([(ANN, "same", False)], {"same"}),
        ([(ANN, "same", False), (ANN, "different", False)], {"different"}),
        ([(ANN, "same", False), (ANN, "cannot_tell", False)], {"cannot_tell"}),
        ([(ANN, "same", False), (BEN, "different", False)], {"same", "different"}),
        ([(ANN, "same", False), (BEN, "different", False), (BEN, "same", False)], {"same"}),
        ([(ANN, "same", False), (BEN, "different", False), (BEN, "different", True)], {"different"}),
        ([(ANN, "same", True), (BEN, "different", False)], {"same", "different"}),
    ],
)
def test_of_each_person_the_latest_counts_and_what_settles_overrules(
    listed: list[tuple[int, str, bool]], answers: set[str]
) -> None:
    assert {each.answer for each in counting(given(*listed))[7, 9]} == answers


def test_a_pair_that_people_disagree_about_is_called_both() -> None:
    counted = counting(given((ANN, "same", False), (BEN, "different", False)))
    assert pairs_with(Answer.SAME, counted) == pairs_with(Answer.DIFFERENT, counted) == [(7, 9)]


def test_links_reach_over_several_steps() -> None:
    assert linked([(3, 4), (8, 9), (4, 8)]) == {3: 3, 4: 3, 8: 3, 9: 3}
    assert linked([(5, 6), (1, 2)]) == {1: 1, 2: 1, 5: 5, 6: 5}
