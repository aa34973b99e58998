"""What decisions bring: IDF1 on the benchmark city against the number of answers, in three orders of asking.

`python -m tests.benchmarks.decisions [--cache DIR] [--curves DIR] [--dry]` writes docs/benchmarks/decisions.md
and .svg. An oracle on parts of the city (each seed another 60% of its vehicles), and an analyst who is right 98% of the
time on all of it (each seed other errors), up to 400 answers. The order of asking is worked out by the
functions that the web uses; that the identities are those that it would show is checked at the end of each curve. Both
cut tracklets where the page offers it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np

from ml.matching import MatcherConfig
from ml.types import Double1D, Double2D
from tests.benchmarks.cross_camera.analyst import (
    Order,
    Review,
    Rows,
    distance_order,
    our_order,
    random_order,
    reviewed,
)
from tests.benchmarks.cross_camera.city_tracklets import CITY, ROOT, SceneTracklets, tracker_tracklets
from tests.benchmarks.cross_camera.curves import panels_svg
from tests.benchmarks.cross_camera.identity_score import SharedBoxes

PAGE = ROOT / "docs" / "benchmarks" / "decisions.md"
PICTURE = PAGE.with_suffix(".svg")
SHOWN = (0, 10, 20, 40, 80, 120, 160, 200, 250, 300, 350, 400)
SHARE = 0.6  # of the vehicles that a part of the city has
REACHED = (0.5, 0.8, 0.95)  # of an order's own final gain
TRIED = """## What this shows, and what was tried

Two aims. **The oracle's mean curve shall never fall by more than 0.002 IDF1**: over 400 answers ours falls by 0.0008
at most, the nearest looks by 0.0017 and any pair by 0.0014 (0.0035, 0.0022 and 0.0023 before the changes below).

**Our order shall need at most half of the answers of the nearest looks for 0.95 of its gain**: not shown. It needs
243 and they 344 (for half of it 76 and 100, for 0.8 of it 131 and 255), of a greater gain: 0.075 and 0.072. An IDF1 of
0.69 takes 102 answers in our order and 166 by the nearest looks, 0.70 takes 134 and 269, 0.71 takes 225 and 373. By the
analyst who errs our order gains 0.058 in 400 answers and they 0.027, which our order has after 98; any pair gains
nothing.

Asked until nothing was left, before the changes below (an oracle, all of the city, one run), our order had 0.702
after 375 answers and the nearest looks after 1,000; they ended at 0.705 and 0.702 after 1,440, any pair at 0.710. A
perfect grouping has 0.735. To compare identities the queue reads more: ten pairs out of 27,000 took 1.3 to 1.5 times
as long as without (medians of 15 in turns, twice, on a busy machine). Out of 38,000 of a simulated city (1,300
tracklets; the least of 21 in turns) it is 25 ms either way while most of the doubtful pairs lie within identities. Once
all of those are settled it is 23 ms without, 39 ms where the first 40 are compared and 54 ms for the first 100: the
500 tracklets of their identities have 7,400 pairs, which are all read, and 700 of them count. Pairs are leased ahead,
so that the first ones alone are waited for.

What made correct answers cost IDF1, on draws of the first half and simulated cities (an oracle; each answer that
lowered IDF1 looked at), and what became of it:

- *Who was freed went elsewhere.* A "different" took a tracklet out of a wrong identity and the growth, begun anew,
  gave it to its next best one, or an answer far off turned other vehicles' joins. Now an answer changes only the
  machine's groups that it is about (`ml/matching/graph/decided.py`). What single answers lost together, each draw,
  ours, the nearest looks and any pair: on the first half 0.058, 0.034 and 0.038, now 0.031, 0.029 and 0.026;
  in six simulated cities 0.020, 0.017 and 0.044, now 0.015, 0.010 and 0.030.
- *"Same" answers that cannot all be true.* A vehicle that the tracker has twice at one time in one camera is said to
  be one with each; the lower index won. Now the likelier does: after 150 answers to our order, on the first half,
  0.969 in place of 0.938, and what single answers lost below 0.001 in place of 0.031.
- *The score.* It takes identities of one camera out: what a correct answer leaves with one camera is lost to it.
- *A camera's two at once.* A tracker that loses a vehicle drifts for a moment while another tracklet has begun on it.
  Said to be the vehicle by its shorter tracklet, it lost the longer one, as no identity has two of one camera at one
  time: one answer for 0.2 s and 453 boxes, in 8 of 20 runs between the 38th and the 56th, made our order's mean curve
  fall by 0.0033. Now the page asks before such a "same" where they share at most a second (72 of 1,290 open
  pairs are of such identities), and the first tracklet ends where the second begins. The oracle and the analyst take
  that up where both are one vehicle in truth: up to three times in the first 120 answers of a run. Without it our order
  gained 0.069 in place of 0.075, the nearest looks 0.066 in place of 0.072, and by the analyst ours 0.051 in place of
  0.058.

Tried in its place, the tracker itself: pieces are stitched over such moments too (up to 15 frames, chosen on the first
half), the drift is dropped. By single cameras it is better (IDF1 0.846 in place of 0.831 on the first half, 0.755 and
0.754 on the second), over all cameras not (0.620 as before, 0.460 in place of 0.477, the looks of two pieces averaged),
and it missed the case above. Boxes say little there: those of one vehicle's two tracklets have an IoU of 0.01 to 0.3.

Tried beside it: of known vehicles the best pair, or half of it, in place of the mean of their pairs (0.144 in place
of 0.142 simulated, no other change; the best alone loses five times as much by single answers); a weight of 1 or 2
against joins that the machine did not make (between none and never); whole identities joined by "same" wherever
nothing forbids it (a fall of 0.0023 in place of 0.0014 by the nearest looks, simulated).

What the order goes by was chosen on draws of 80% of the first half's vehicles and 90% of its tracklets (30 of the
pipeline's, 30 of a perfect tracker's) and on twelve simulated cities of 200 tracklets (`simulated_city.py`): an
oracle's mean gain in IDF1 over the first 30 answers, and over 120, 80 and 300.

| chance that two identities are one | pipeline, 30 | 120 | perfect tracker, 30 | 80 | simulated, 300 |
|---|---:|---:|---:|---:|---:|
| that of the pair (the queue before) | 0.036 | 0.063 | 0.018 | 0.023 | 0.139 |
| half the pair's log-odds, half the mean of all pairs between them | 0.040 | 0.068 | 0.020 | 0.024 | 0.161 |
| the mean of all pairs between them | 0.042 | 0.070 | 0.021 | 0.026 | 0.163 |
| so, the first 100 of each 1,000 pairs (the queue) | 0.042 | 0.070 | 0.021 | 0.026 | 0.156 |
| so, the first 40 | 0.042 | 0.069 | | | 0.147 |
| so, but one tracklet at stake where a camera sees both at once | 0.040 | 0.069 | 0.020 | 0.025 | 0.154 |
| the nearest looks | 0.018 | 0.055 | 0.019 | 0.028 | 0.099 |
| any pair | 0.005 | 0.019 | 0.008 | 0.016 | 0.087 |

Tried before the sync was as it is now, and left out: the geometric or arithmetic mean of the probability and of a
chance by looks alone (good on the first half, slower on the city's parts: 266 answers in place of 164 for 0.95 of the
gain); inside an identity the smaller side of its weakest cut as what is at stake; the surprise of the answer times
the tracklets that it moves; p (1 - p); boxes in place of tracklets; the 100 most doubtful pairs.
"""
ORDERS: Mapping[str, Callable[[np.random.Generator], Order]] = {
    "ours": lambda rng: our_order,
    "distance": lambda rng: distance_order,
    "random": random_order,
}


@dataclass(frozen=True)
class Measured:
    """IDF1 [seeds, answers + 1] of each order."""

    title: str
    curves: Mapping[str, Double2D]

    def mean(self, order: str) -> Double1D:
        mean: Double1D = self.curves[order].mean(axis=0)
        return mean

    def reached(self, order: str, share: float) -> int | None:
        """Answers until the mean curve has this share of what it gains in the end; None where that is nothing."""
        mean = self.mean(order)
        if mean[-1] <= mean[0]:
            return None
        return int((mean >= mean[0] + share * (mean[-1] - mean[0])).argmax())

    def largest_fall(self, order: str) -> float:
        """How far the mean curve falls below where it was, at most."""
        mean = self.mean(order)
        return float((np.maximum.accumulate(mean) - mean).max())


@dataclass(frozen=True)
class Trial:
    """What one curve is of: a scene's tracklets `kept`, the vehicles that count, and how often answers are right."""

    start: Review
    kept: Rows
    vehicles: set[int]
    right: float

    def curve(self, order: Order, shared: SharedBoxes, answers: int, rng: np.random.Generator) -> Double1D:
        """IDF1 from 0 on, after each answer, until nothing is left to ask about or so many were given."""
        review = Review(self.start.found, self.start.sync, self.start.config)
        figures: list[float] = []
        scored, seen = np.zeros(0, np.int32), review.found
        for groups in islice(reviewed(review, order, right=self.right, rng=rng), answers + 1):
            if seen is not review.found:
                shared, seen, scored = self.after_cuts(shared, seen, review.found), review.found, scored[:0]
            same = np.array_equal(groups, scored)  # most answers change nothing
            figures.append(figures[-1] if same else shared.idf1(groups, self.kept, self.vehicles))
            scored = groups
        if (review.labels != review.regrouped()).any():
            raise RuntimeError("the benchmark groups tracklets otherwise than the web does")
        return np.array(figures)

    def after_cuts(self, shared: SharedBoxes, before: SceneTracklets, now: SceneTracklets) -> SharedBoxes:
        """What the tracklets share with the vehicles after some of them were cut."""
        both = zip(before.tracklets, now.tracklets, strict=True)
        for row in [row for row, (was, each) in enumerate(both) if was is not each]:
            shared = shared.with_tracklet(int(self.kept[row]), now.take(np.array([row])))
        return shared


def of_oracle(found: SceneTracklets, seed: int) -> Trial:
    """Always right; sees a part of the city's vehicles, and tracklets of no vehicle all the same."""
    known = np.unique(found.identities[found.identities > 0])
    drawn = np.random.default_rng(seed).choice(known, round(SHARE * len(known)), replace=False)
    kept = np.flatnonzero((found.identities == 0) | np.isin(found.identities, drawn))
    return Trial(Review.of(found.take(kept), MatcherConfig()), kept, set(drawn.tolist()), 1.0)


def of_analyst(found: SceneTracklets, shared: SharedBoxes, right: float = 0.98) -> Trial:
    """Wrong now and then, on all of the city."""
    return Trial(Review.of(found, MatcherConfig()), np.arange(len(found.matchable)), set(shared.truth), right)


def measured(
    title: str, trial_of: Callable[[int], Trial], shared: SharedBoxes, size: tuple[int, int], kept: Path
) -> Measured:
    """A curve of each order and seed; those that `kept` has are not measured again. size: seeds, answers."""
    seeds, answers = size
    curves: dict[str, list[Double1D]] = {name: [] for name in ORDERS}
    for seed in range(seeds):
        trial = cache(lambda seed=seed: trial_of(seed))
        for name, order in ORDERS.items():
            path = kept / f"{title}, {name}, {seed}, {answers}.npy"
            if not path.is_file():
                rng = np.random.default_rng([seed, 1])
                np.save(path, trial().curve(order(rng), shared, answers, rng))
            curves[name].append(np.load(path))
    longest = max(len(curve) for each in curves.values() for curve in each)
    return Measured(title, {name: np.array(list(_filled(each, longest))) for name, each in curves.items()})


def _filled(curves: list[Double1D], length: int) -> Iterator[Double1D]:
    """Where nothing was left to ask about a figure stays."""
    for curve in curves:
        yield np.concatenate((curve, np.full(length - len(curve), curve[-1])))


def page(found: list[Measured]) -> str:
    """The figures as a Markdown page."""
    lines = [
        "# What decisions bring",
        "",
        "IDF1 of `../shared/data/city_a` against the number of answers, from the pipeline's tracklets and strategy",
        "`constrained`. Three orders of asking: ours (the review queue's: contradictions, then by expected change),",
        "the nearest looks first, and any pair. All skip what is settled, ask about contradictions first, and leave",
        "out pairs below 1%. The order is worked out by the web's own functions (`ml.matching.graph`), of all pairs at",
        "once where the queue has a part of them in hand (below), and the groups at the end of each curve are those",
        "that they give. An order's gain is what its mean curve has won at the end (the greatest number of answers in",
        "the table). A wrong join can raise IDF1, and taking it apart lower it: the challenge takes identities of one",
        'camera out. Before a "same" that would put a tracklet out for a moment that one camera has it and another one',
        "of the vehicle, it is cut there, as the page offers ([how](../review.md#the-page)).",
        "Made by `python -m tests.benchmarks.decisions`.",
        "",
        f"![IDF1 against the number of answers]({PICTURE.name})",
        "",
    ]
    for each in found:
        seeds, count = next(iter(each.curves.values())).shape
        shown = [place for place in SHOWN if place < count]
        lines += [
            f"## By {each.title}",
            "",
            f"Mean of {seeds} seeds.",
            "",
            f"| answers | {' | '.join(str(place) for place in shown)} |",
            f"|---|{'---:|' * len(shown)}",
            *(_row(each, order, shown) for order in each.curves),
            "",
            f"| answers until | {' | '.join(f'{share:.0%} of its gain' for share in REACHED)} | largest fall |",
            f"|---|{'---:|' * (len(REACHED) + 1)}",
            *(_reached(each, order) for order in each.curves),
            "",
        ]
    return "\n".join([*lines, TRIED])


def _row(each: Measured, order: str, shown: list[int]) -> str:
    mean = each.mean(order)
    return f"| {order} | {' | '.join(f'{mean[place]:.3f}' for place in shown)} |"


def _reached(each: Measured, order: str) -> str:
    reached = (each.reached(order, share) for share in REACHED)
    answers = " | ".join("no gain" if place is None else str(place) for place in reached)
    return f"| {order} | {answers} | {each.largest_fall(order):.4f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=ROOT / ".crosstrack" / "cache", help="stage results")
    parser.add_argument("--curves", type=Path, help="keeps curves, so that a run goes on where one was cut off")
    parser.add_argument("--oracle", type=int, nargs=2, default=(20, 400), metavar=("SEEDS", "ANSWERS"))
    parser.add_argument("--analyst", type=int, nargs=2, default=(5, 400), metavar=("SEEDS", "ANSWERS"))
    parser.add_argument("--dry", action="store_true", help="print only, leave the page as it is")
    options = parser.parse_args()
    if not CITY.is_dir():
        print(json.dumps({"skipped": "the benchmark city is not beside the checkout"}))
        return
    found = tracker_tracklets(CITY, options.cache)
    shared = SharedBoxes.of(found)
    with tempfile.TemporaryDirectory() as folder:
        kept = options.curves or Path(folder)
        kept.mkdir(parents=True, exist_ok=True)
        by_analyst = of_analyst(found, shared)
        both = [
            measured("an oracle", lambda seed: of_oracle(found, seed), shared, options.oracle, kept),
            measured("an analyst right 98% of the time", lambda seed: by_analyst, shared, options.analyst, kept),
        ]
    text = page(both)
    if not options.dry:
        PAGE.write_text(text)
        panels = [(each.title, {name: each.mean(name) for name in each.curves}) for each in both]
        PICTURE.write_text(panels_svg(panels, across="answers", upwards="IDF1"))
    print(text)


if __name__ == "__main__":
    main()
