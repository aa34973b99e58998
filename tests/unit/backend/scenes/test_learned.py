from __future__ import annotations

from backend.scenes.setup.learned import learned_link


def test_the_window_holds_the_matches_and_a_margin() -> None:
    """Two matches in second 2 and one in second 6: two seconds more at either end."""
    assert learned_link(1, 2, {2: 2, 6: 1}) == {
        "source": 1,
        "target": 2,
        "matches": 3,
        "min_s": 0.0,
        "max_s": 9.0,
        "median_s": 2.5,
        "bars": {"start_s": 2, "width_s": 1, "counts": [2, 0, 0, 0, 1]},
    }


def test_one_match_in_two_hundred_does_not_widen_the_window() -> None:
    link = learned_link(1, 2, {-90: 1, 4: 100, 5: 98, 80: 1})
    assert (link["min_s"], link["max_s"]) == (2.0, 8.0)


def test_a_long_histogram_has_few_bars() -> None:
    bars = learned_link(1, 2, {0: 1, 47: 3})["bars"]
    assert (bars["width_s"], len(bars["counts"]), sum(bars["counts"])) == (2, 24, 4)
