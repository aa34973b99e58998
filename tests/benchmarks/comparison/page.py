"""The table as a Markdown page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.benchmarks.comparison.scenes import TRAINED_SCORE
from tests.benchmarks.comparison.scoring import IGNORING_RULE
from tests.benchmarks.comparison.table import ALL, Table, best_own, leads, smallest_lead

INTRODUCTION = f"""# Detectors and single-camera trackers

Made by `python -m tests.benchmarks.detection_tracking`; every figure is in `detection-tracking.json` beside this page.
The peers are the trackers of roboflow's `trackers` package ({{version}}, Apache-2.0), fed the same detections.

## How it is measured
- **Scene**: `../shared/data/city_a`, five cameras. World time below 50 s is the tune half, the rest the test half;
  every tracker starts afresh at the beginning of a half.
- **Detections**: scores from 0.1, the pixel at the middle of the lower edge inside the region of interest; each
  tracker has its own score threshold among the parameters of the search.
- **True boxes**: the tight box of the visible pixels (`gt_all.txt`) of vehicles that `gt_amodal.txt` calls good: 400
  visible pixels or more, visibility 0.30 or more, the bottom centre inside the region of interest. Every other row
  of `gt_all.txt` is ignored:
  {IGNORING_RULE}.
  So nobody is punished for following a vehicle that is in view but does not count, nor rewarded. For detections the
  same, at each IoU level of COCO's AP.
- **Other scenes**: a rendered street at dusk (`fixtures/evening`), and a real clip with four cars seen from above, all
  377 frames labelled by hand (`fixtures/real`), the kind of view that the preset `cpu-close` is for. The demo scene is
  not here: its ground truth names only vehicles that two cameras see.
- **Scores**: those of `python -m ml eval`; "all" is all cameras together, identities apart.
- **Parameters**: one random search for every tracker, ours and the peers': {{draws}} draws, seed {{seed}}, run once;
  aim: IDF1 + HOTA over all cameras of the tune half on the detections of `{{searched_on}}`. What it finds is used on
  the test half, with every detector and in every scene. Defaults are no draw, because ours were chosen with more effort
  than one; the row `cpu-light`, the preset's tracker as it is, was chosen so on the tune half and takes no part in the
  comparison. The peers' search spaces are those that their authors publish, except that score thresholds are drawn
  from 0.1..0.6 for all, where these detectors' scores lie; ours are what their settings mean. The space of `stitched`
  is narrower than the settings allow: narrowed by the tune half after an earlier search (20 draws, another seed) whose
  figures of the test half had been seen. Before this one it was opened again by the tune half alone: `stitch_motion`
  up to 3, and `begin_score`, which a detection needs to begin a track (others prolong tracks in a second round).
  With the 20 draws of the earlier search it led in 3 of 5 cameras (4 with one look): one search is one sample.
  Since tracking here is not live, the peers are given the clean-up that ours have, by the same code and in the same
  ranges: short tracks dropped, gaps filled, boxes smoothed.
- **Not compared**: BoT-SORT's compensation of camera motion (the cameras stand still); appearance, which no tracker
  of that package takes.
- **Speed**: frames a second of processor time, all threads together, on one of {{machine}}.
  Decode and detect: the median of the first {{frames}} frames of c001, one at a time; track: the test half of c001,
  median of 3 passes, on the first detector. Memory: the largest resident size of a process that does nothing else.
- **Mask R-CNN**: no checkpoint with COCO or ImageNet weights was on the machine and no network to fetch one. So
  `maskrcnn-resnet50` started from random weights and learned from the first 45 s of these five cameras by the recipe
  `ml/detection/recipes/from-scratch.yaml`: 698 frames, 2,300 steps of four squares of 192 pixels, 65 minutes on one CPU
  core beside other work ([detection.md](detection.md)). It knows these views, this light and these 18 vehicle models,
  and nothing else: its rows say what a detector fitted to standing cameras is worth there, not how it does in another
  city. NanoDet learned from COCO's photographs and has not seen this city. The test half was not looked at before.
  Trackers are shown its detections of score {TRAINED_SCORE} and more: its scores lie higher than NanoDet's, and of 0.1,
  0.3, 0.4 .. 0.9 this was the best for each of ours at the end of the tune half, from 45 s on, which it did not learn
  from. With all detections from 0.1 on, as first run, nobody's IDF1 on the test half was above 0.70.
  Its weights, 176 MB, are not in the repository: `python -m ml train` makes them again.
- **On the test half alone**: the larger picture, the tiles and Mask R-CNN are too slow to be searched on. Their rows
  use what was found on the tune half with `{{searched_on}}`.
"""

ALONE = """
Our trackers alone on 20 simulated vehicles a frame, 1,000 frames, galleries of 100: frames a second of processor time
(`python -m tests.benchmarks.tracker_speed`). In `broken` each vehicle is hidden 9 of 40 frames, without features. To
hold: 500 for DeepSORT with 256-d features, 3,000 by motion alone.
"""

LATE = """
IDF1 and its companions of the trackers on the detectors that ran on the test half alone, all cameras, every tracker
with the settings that the search found on `nanodet`.
"""

OTHER_SCENES = """
IDF1 / HOTA / MOTA / switches on scenes that nothing was tuned on, with the parameters of the city.
"""


def page(table: Table) -> str:
    """The whole page."""
    head = INTRODUCTION.format(**table["about"])
    trackers = [part for detector in table["detectors"] for part in _trackers(table, detector)]
    return "\n".join([head, *_detectors(table), *_stages(table), *_alone(table), *trackers, *_settings(table), ""])


def _detectors(table: Table) -> list[str]:
    return [
        "## Detectors\n\nTest half of the city, all cameras.\n",
        grid(("detector", *_DETECTED, "decode/s", "detect/s", "MiB"), _detector_rows(table)),
        "\nAP50 by camera, and on scenes that nothing was tuned on.\n",
        grid(("detector", *_places(table), *_scenes(table)), _ap_rows(table)),
        LATE,
        grid(("detector, tracker", *_TRACKED), _late_rows(table)),
    ]


def _stages(table: Table) -> list[str]:
    rows = [[stage, f"{of['rate']:,.0f}", f"{of['mib']:.0f}"] for stage, of in table["stages"].items()]
    head = (
        "\n## Stages\n\nThe light preset on c001, each stage in a process of its own; that of `detect` decodes too.\n"
    )
    return [head, grid(("stage", "frames/s", "MiB"), rows)]


def _alone(table: Table) -> list[str]:
    inputs = ("256d", "motion_only", "broken")
    rows = ([name, *(f"{of[given]['cpu_fps']:,}" for given in inputs)] for name, of in table["alone"].items())
    return [ALONE, grid(("tracker", "256-d features", "motion alone", "broken"), rows)]


def _settings(table: Table) -> list[str]:
    return ["\n## Parameters found\n", *(_parameters(name, entry) for name, entry in table["trackers"].items())]


def _trackers(table: Table, detector: str) -> list[str]:
    return [
        f"\n## Trackers on `{detector}`\n\nTest half, all cameras.\n",
        grid(("tracker", *_TRACKED, "frames/s", "MiB", "tune IDF1 + HOTA"), _tracker_rows(table, detector)),
        "\nIDF1 / HOTA by camera.\n",
        grid(("tracker", *_places(table)), _camera_rows(table, detector)),
        f"\n{verdict(table, detector)}",
        OTHER_SCENES,
        grid(("tracker", *_scenes(table)), _scene_rows(table, detector)),
    ]


_DETECTED = ("AP50", "AP50:95", "recall", "small", "medium", "large")
_TRACKED = ("IDF1", "HOTA", "MOTA", "switches", "precision", "recall")


def verdict(table: Table, detector: str) -> str:
    """Where our best tracker is above every peer; the best is the one that was best on the tune half."""
    peers = [entry["on"][detector]["test"] for entry in table["trackers"].values() if entry["peer"]]
    if not peers:
        return "The peers were not set up (`tests/benchmarks/peers.txt`), so nothing is said about them."
    name = best_own(table)
    ahead = leads(table["trackers"][name]["on"][detector]["test"], peers)
    behind = [f"{place} ({figure.upper()})" for place, of in ahead.items() for figure in of if not of[figure]]
    margin, nearest = smallest_lead(table["trackers"][name]["on"][detector]["test"], peers)
    both = sum(all(of.values()) for place, of in ahead.items() if place != ALL)
    overall = "and over all" if all(ahead[ALL].values()) else "not over all"
    return (
        f"Of ours, **{name}** was the best on the tune half. On the test half its IDF1 and HOTA are both above every\n"
        f"peer's in {both} of {len(ahead) - 1} cameras, {overall}. "
        f"{'Not ahead in: ' + ', '.join(behind) + '.' if behind else 'It is behind in none.'} "
        f"The smallest lead is {margin:+.3f} ({nearest})."
    )


def grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; the first column is words, the others figures."""
    lines = [f"| {' | '.join(head)} |", f"|{'|'.join(['---', *(['---:'] * (len(head) - 1))])}|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _places(table: Table) -> list[str]:
    tracker = next(iter(table["trackers"].values()))
    return list(next(iter(tracker["on"].values()))["test"])


def _scenes(table: Table) -> list[str]:
    return list(next(iter(table["detectors"].values()))["scenes"])


def _detector_rows(table: Table) -> Iterable[list[str]]:
    for name, entry in {**table["detectors"], **table["late"]}.items():
        cost = entry["cost"]
        rates = [f"{cost['frames_per_cpu_second'][stage]:.3g}" for stage in ("decode", "detect")]
        yield [name, *_detected(entry["test"][ALL]), *rates, f"{cost['peak_mib']:.0f}"]


def _late_rows(table: Table) -> Iterable[list[str]]:
    for detector, entry in table["late"].items():
        for name, of in entry["trackers"].items():
            yield [f"{detector}; {_named(name, table['trackers'][name])}", *_followed(of)]


def _detected(of: Table) -> list[str]:
    sizes = [_share(of["by_size"][size]["recall"]) for size in ("small", "medium", "large")]
    return [*(_share(of[key]) for key in ("ap50", "ap50_95", "recall50")), *sizes]


def _ap_rows(table: Table) -> Iterable[list[str]]:
    for name, entry in {**table["detectors"], **table["late"]}.items():
        cameras = [_share(entry["test"].get(place, {}).get("ap50")) for place in _places(table)]
        scenes = entry.get("scenes", {})
        yield [name, *cameras, *(_share(scenes.get(scene, {}).get("ap50")) for scene in _scenes(table))]


def _tracker_rows(table: Table, detector: str) -> Iterable[list[str]]:
    for name, entry in table["trackers"].items():
        of, cost = entry["on"][detector]["test"][ALL], entry["cost"]
        speed = [f"{cost['frames_per_cpu_second']['track']:,.0f}", f"{cost['peak_mib']:.0f}"]
        yield [_named(name, entry), *_followed(of), *speed, f"{entry['tune']:.3f}"]


def _followed(of: Table) -> list[str]:
    shares = [_share(of[key]) for key in ("idf1", "hota", "mota")]
    return [*shares, str(of["switches"]), _share(of["precision"]), _share(of["recall"])]


def _camera_rows(table: Table, detector: str) -> Iterable[list[str]]:
    for name, entry in table["trackers"].items():
        of = entry["on"][detector]["test"]
        yield [_named(name, entry), *(f"{of[p]['idf1']:.3f} / {of[p]['hota']:.3f}" for p in _places(table))]


def _scene_rows(table: Table, detector: str) -> Iterable[list[str]]:
    for name, entry in table["trackers"].items():
        yield [_named(name, entry), *(_four(entry["on"][detector]["scenes"][scene]) for scene in _scenes(table))]


def _parameters(name: str, entry: Table) -> str:
    listed = ", ".join(f"{key} {value:g}" for key, value in entry["settings"].items())
    return f"- {_named(name, entry)}: {listed or 'the preset as it is'}"


def _named(name: str, entry: Table) -> str:
    return f"{name} (peer)" if entry["peer"] else f"**{name}**"


def _four(of: Table) -> str:
    return f"{of['idf1']:.3f} / {of['hota']:.3f} / {of['mota']:.3f} / {of['switches']}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
