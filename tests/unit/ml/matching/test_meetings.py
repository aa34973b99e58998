"""What two vehicles cannot be one for, and what a cut makes of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.matching.graph import conflicting_pairs, meetings, regroup
from ml.types import Double1D

Span = tuple[str, float, float]


def met(scene: list[Span], groups: list[int]) -> list[tuple[int, int, bool]]:
    found = meetings([span[0] for span in scene], *times(scene), np.array(groups))
    return [(*pair, handover) for pair, handover in zip(found.pairs.tolist(), found.handovers.tolist(), strict=True)]


def times(scene: list[Span]) -> tuple[Double1D, Double1D]:
    starts, ends = (np.array([span[place] for span in scene], np.float64) for place in (1, 2))
    return starts, ends


def test_meetings_are_between_groups_and_in_one_camera() -> None:
    scene = [("a", 0, 9), ("a", 3, 5), ("b", 0, 9), ("a", 4, 20)]

    assert met(scene, [0, 1, 1, 0]) == [(0, 1, False), (1, 3, True)]
    assert met(scene, [0, 0, 0, 0]) == []


@pytest.mark.parametrize(
    ("other", "handover"),
    [
        (("a", 8, 20), True),  # a second together
        (("a", 7.9, 20), False),
        (("a", 8.5, 9), False),  # does not outlast it
        (("a", 0, 20), False),  # begins with it
    ],
)
def test_a_handover_is_short_and_goes_on(other: Span, handover: bool) -> None:
    assert met([("a", 0, 9), other], [0, 1]) == [(0, 1, handover)]
    assert [each[2] for each in met([other, ("a", 0, 9)], [0, 1])] == [handover]


@given(stays=st.floats(2, 60), together=st.floats(0, 0.99), goes_on=st.floats(0.5, 60), chance=st.floats(0.2, 1))
def test_a_correct_answer_about_a_vehicle_that_was_cut_takes_nothing_from_it(
    stays: float, together: float, goes_on: float, chance: float
) -> None:
    """Camera a has it twice for a moment, b once. The machine joined one of the two with b, a person says so of the
    other: with the first one cut where the second begins, all three are one vehicle, whatever the machine gave each.
    """
    begins = stays - together
    scene = [("a", 0.0, stays), ("a", begins, stays + goes_on), ("b", stays + goes_on + 5, stays + goes_on + 9)]
    assert met(scene, [0, 1, 0]) == [(0, 1, True)]
    cut = [("a", 0.0, np.nextafter(begins, 0)), *scene[1:]]

    def said_of(spans: list[Span]) -> list[int]:
        return regroup(
            3,
            np.array([(0, 2), (1, 2)]),
            distances=np.zeros(2),
            eligible=np.ones(2, np.bool_),
            probabilities=np.array([chance, 0.05], np.float32),
            strategy="constrained",
            must_links=np.array([(1, 2)]),
            conflicts=conflicting_pairs([span[0] for span in spans], *times(spans), []),
        ).labels.tolist()

    assert said_of(cut) == [0, 0, 0]
    assert said_of(scene) == [0, 1, 1]
