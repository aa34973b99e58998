"""The multi-camera table as a Markdown page."""

from __future__ import annotations

from collections.abc import Iterable

from tests.benchmarks.comparison.ordering import Ordering, verdict
from tests.benchmarks.comparison.page import grid
from tests.benchmarks.comparison.scenes import FIRST
from tests.benchmarks.comparison.table import Table

MOTION = "deepsort, motion alone"
ROI = "deepsort, RoI features"
REID = "deepsort, ReID features"

ORDERINGS = (
    Ordering("idf1", ROI, "jde", "table 2: IDF1 0.3705 and 0.3550"),
    Ordering("recall", "jde", ROI, "table 2: recall 0.4461 and 0.3259"),
    Ordering("idf1", ROI, MOTION, "not compared"),
    Ordering("idf1", REID, ROI, "not compared"),
    Ordering("idf1", "stitched", ROI, "ours, not compared"),
    Ordering("idf1", "stitched", "jde", "ours, not compared"),
)

INTRODUCTION = """# Identities over all cameras, by detector and tracker

Tables 1 and 2 of ELECTRICITY on `../shared/data/city_a`. Made by `python -m tests.benchmarks.multi_camera`; every
figure is in `multi-camera.json` beside this page.

## How it is measured
- **Pipeline**: detecting, tracking, embedding, matching and scoring are the functions of `python -m ml run`; the
  embedder is `efficientnet-lite0-lda`, the matcher ELECTRICITY's sync between neighbouring cameras, with
  thresholds chosen on the tune half behind the preset's tracker; all rows use them. `our matcher` is the IDF1 with the
  preset's own matcher instead.
- **Halves**: world time below 50 s is the tune half, the rest the test half. Each is a scene of its own; its truth are
  the vehicles that two cameras see in it (5 boxes or more each). The challenge's rule: boxes with a corner outside
  the region of interest and identities of one camera are taken out of the predictions; one assignment of identities
  at IoU 0.5.
- **Trackers**: with the settings that the search of [detection-tracking.md](detection-tracking.md) found on the tune
  half with `{first}`. The largest distance in looks belongs to the features: for DeepSORT with each kind it is the
  best of 12 (0.05 to 0.60) on the tune half, by IDF1 + HOTA of the single cameras: {limits}. Of the peers the two
  that were best on the tune half.
- **Features**: RoI features are pooled from the detector's own backbone (NanoDet's feature maps, the mean of all
  vehicles subtracted); ReID features are the embedder's, of every detection; motion alone has none. A run of your
  own: `python -m ml run SCENE --out DIR --config FILE` with `tracker: {{name: deepsort, features: KIND}}`, KIND
  `detector` for RoI features, `reid` or `none`.
- **Spread**: every stage is deterministic, so there are no seeds. The spread is that over scenes: both halves, and
  each half without one of its cameras, 12 scenes in all, which overlap. An ordering is confirmed where it holds in
  every scene, refuted where the opposite does, otherwise undecided.
- **Mask R-CNN**: no COCO or ImageNet weights were on the machine. ResNet-50 learned from random ones, from the first
  45 s of these five cameras, in 65 minutes on one CPU core ([detection-tracking.md](detection-tracking.md) says what
  that is worth). Its features are its own box head's. The score from which trackers are shown its detections, 0.7, and
  the largest distance in looks were chosen on the last 5 s of the tune half. ResNet-101 and ResNeXt-101 are not here:
  `tests/benchmarks/gpu.sh` trains them where there is a GPU.
"""

TABLE_1 = """The paper: ResNet-101 0.388, ResNeXt-101 0.381, ResNet-50 0.375 (IDF1). Only one of its backbones could be
trained here: its ordering is **undecided**. The trackers have the settings found on `nanodet`; the detectors without
figures of the tune half are too slow to be run on it."""


def page(table: Table) -> str:
    """The whole page."""
    limits = ", ".join(f"{name} {limit:g}" for name, limit in table["limits"].items())
    return "\n".join(
        [
            INTRODUCTION.format(first=FIRST, limits=limits),
            f"## Trackers (table 2) on `{FIRST}`\n",
            "`cameras' IDF1` is that of the tracks before matching, over all cameras, as in the table of trackers.\n",
            grid(("tracker", *_columns()), _tracker_rows(table)),
            "\nIDF1 over all cameras, and without each of them; test half.\n",
            _left_out(table),
            "\n## Orderings\n",
            grid(
                ("figure", "more", "less", "published", "tune", "test", "smallest .. largest", "here"),
                _orderings(table),
            ),
            "\n## Detectors (table 1)\n",
            grid(("detector, tracker", *_columns()), _detector_rows(table)),
            f"\n{TABLE_1}\n",
        ]
    )


SHOWN = ("IDF1", "IDP", "IDR", "recall", "HOTA", "our matcher", "cameras' IDF1")


def _columns() -> list[str]:
    return [f"{half} {name}" for half in ("tune", "test") for name in SHOWN]


def _figures(of: Table) -> list[str]:
    named = [of["all"][name] for name in ("idf1", "idp", "idr", "recall", "hota")]
    return [_share(value) for value in (*named, of["preset"]["idf1"], of["single"]["idf1"])]


def _tracker_rows(table: Table) -> Iterable[list[str]]:
    tune, test = (table["halves"][half][FIRST] for half in ("tune", "test"))
    return ([name, *_figures(tune[name]), *_figures(test[name])] for name in tune)


def _detector_rows(table: Table) -> Iterable[list[str]]:
    for detector in table["detectors"]:
        halves = [table["halves"][half].get(detector) for half in ("tune", "test")]
        for name in (ROI, "stitched", "cpu-light"):
            cells = [_figures(rows[name]) if rows else ["-"] * len(SHOWN) for rows in halves]
            yield [f"{detector}; {name}", *cells[0], *cells[1]]


def _left_out(table: Table) -> str:
    rows = table["halves"]["test"][FIRST]
    cameras = list(next(iter(rows.values()))["without"])
    listed = (
        [name, _share(of["all"]["idf1"]), *(_share(of["without"][camera]["idf1"]) for camera in cameras)]
        for name, of in rows.items()
    )
    return grid(("tracker", "all", *(f"without {camera}" for camera in cameras)), listed)


def _orderings(table: Table) -> Iterable[list[str]]:
    for each in ORDERINGS:
        halves = {half: gaps(table, half, each) for half in table["halves"]}
        every = [gap for listed in halves.values() for gap in listed]
        spread = f"{min(every):+.3f} .. {max(every):+.3f}"
        whole = [f"{listed[0]:+.3f}" for listed in halves.values()]
        yield [each.figure.upper(), each.better, each.worse, each.published, *whole, spread, f"**{verdict(every)}**"]


def gaps(table: Table, half: str, ordering: Ordering) -> list[float]:
    """better - worse over all cameras, then without each of them."""
    rows = table["halves"][half][FIRST]
    more, less = ([rows[name]["all"], *rows[name]["without"].values()] for name in (ordering.better, ordering.worse))
    return [a[ordering.figure] - b[ordering.figure] for a, b in zip(more, less, strict=True)]


def _share(value: float) -> str:
    return f"{value:.3f}"
