"""What the benchmark of the closed loop counts and how it says it."""

import numpy as np

from tests.benchmarks.loop import MACHINE, PEOPLE, Figures, Turn, confirmed, interval, joined, page


def test_an_interval_by_hand() -> None:
    """Mean 0.03, deviation 0.01581: 2.776 * 0.01581 / sqrt(5) = 0.0196."""
    assert interval(np.array([0.01, 0.02, 0.03, 0.04, 0.05])) == "+0.030 (+0.010 to +0.050)"


def test_what_answers_hold_together_is_confirmed_and_who_was_told_apart_stands_alone() -> None:
    """0, 1, 2 in a chain; 3 and 4 were told the same and then apart; 5 is not 0; nobody was asked about 6."""
    same, different = np.array([[0, 1], [1, 2], [3, 4]]), np.array([[0, 5]])
    found = confirmed(same, different, np.array([7, 7, 7, 8, 9, 10, 7]))
    assert found[0] == found[1] == found[2] >= 0
    assert len(set(found[[0, 3, 4, 5]].tolist())) == 4
    assert found[:6].min() >= 0
    assert found[6] == -1


def test_what_the_machine_left_alone_is_no_label() -> None:
    assert joined(np.array([4, 2, 4, 3], np.int32)).tolist() == [4, -1, 4, -1]


def test_gains_are_over_the_shipped_model_seed_by_seed() -> None:
    """People's first turn brings 0.1 to each seed and the machine's nothing, wherever the seeds begin."""
    results = []
    for start in (0.2, 0.3, 0.4):
        before, after = Figures(start, start, start), Figures(start + 0.1, start, start)
        results.append(
            {
                PEOPLE: [Turn(before), Turn(after, 12, 1.0), Turn(after, 3, 0.5)],
                MACHINE: [Turn(before), Turn(before, 0, 0.0), Turn(before, 0, 0.0)],
            }
        )
    text = page(results)
    assert "| nothing (as shipped) | 0.300 | 0.300 | 0.300 | |" in text
    assert f"| {PEOPLE} | +0.100 (+0.100 to +0.100) | +0.000 (+0.000 to +0.000) |" in text
    assert "12 answers on average (12 to 12)" in text
    assert "| 0.5, 0.5, 0.5 |" in text
