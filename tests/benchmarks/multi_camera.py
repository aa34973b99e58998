"""Identities over all cameras behind each detector and tracker: writes docs/benchmarks/multi-camera.md and .json.

`python -m tests.benchmarks.multi_camera [--cache DIR] [--mask-rcnn FILE] [--late] [--dry]`. Tables 1 and 2 of
ELECTRICITY on the benchmark city. Trackers run with the settings that `detection_tracking` found. Detections and
features come from the cache where it has them; without, three hours on two cores. `--mask-rcnn` names the weights of a
training by ml/detection/recipes/from-scratch.yaml; without, the rows of the last such measurement stay. `--late`
measures only the detectors of the test half that are not in the table yet.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ml.config import PipelineConfig, load_preset
from ml.detection import DetectorConfig
from ml.evaluation import MtmcScore
from ml.matching.graph.regroup import ELECTRICITY
from ml.pipeline.cache import StageCache
from ml.reid import Embedder, EmbedderConfig, create_embedder
from tests.benchmarks.comparison.contenders import PRESET, Contender, own
from tests.benchmarks.comparison.looks import ReidLooks, blind
from tests.benchmarks.comparison.multi import Looks, View, followed, identified, looked_at
from tests.benchmarks.comparison.multi_page import MOTION, REID, ROI, page
from tests.benchmarks.comparison.peers import peer, peer_names
from tests.benchmarks.comparison.scenes import (
    CITY,
    DETECTORS,
    FIRST,
    ROOT,
    TRAINED,
    followable,
    footage,
    late_detectors,
    seen_held,
    seen_late,
    undetected,
)
from tests.benchmarks.comparison.scoring import score_tracks
from tests.benchmarks.comparison.search import Settings
from tests.benchmarks.comparison.table import Table

PAGE = ROOT / "docs" / "benchmarks" / "multi-camera.md"
FOUND = ROOT / "docs" / "benchmarks" / "detection-tracking.json"
FIGURES = ("idf1", "idp", "idr", "hota", "precision", "recall")
PEERS = 2
EMBEDDER, THRESHOLD = "efficientnet-lite0-lda", 1.2  # chosen together on the tune half behind the preset's tracker
HALVES = ("tune", "test")
LIMITS = tuple(round(0.05 * step, 2) for step in range(1, 13))  # of the distance in looks, tried for each kind of looks


@dataclass(frozen=True, slots=True)
class Row:
    """A tracker with its settings and what it is given."""

    contender: Contender
    settings: Settings
    views: Sequence[View]


Rows = dict[str, Row]  # by tracker


@dataclass(frozen=True)
class Bench:
    """What all rows share.

    found  tracker -> its settings, of the search on the tune half      peers  those of them that are compared with
    """

    cache: StageCache
    config: PipelineConfig
    embedder: Embedder
    found: Mapping[str, Settings]
    peers: Sequence[str]
    late: Mapping[str, DetectorConfig]

    def measure(self) -> Table:
        views = {detector: self.views(detector) for detector in DETECTORS}
        limits = self.limits(views[FIRST]["tune"])
        halves = {half: {name: self.figures(name, of[half], limits) for name, of in views.items()} for half in HALVES}
        return self.with_late({"limits": limits, "detectors": list(views), "halves": halves})

    def with_late(self, table: Table) -> Table:
        """The table with the detectors of the test half that are not in it."""
        limits, test = dict(table["limits"]), dict(table["halves"]["test"])
        for name in set(self.late) - set(test):
            limits |= {name: self.held_limit()} if name == TRAINED else {}
            test[name] = self.figures(name, self.late_views(name), {**limits, ROI: limits.get(name, limits[ROI])})
        detectors = [*table["detectors"], *(name for name in self.late if name not in table["detectors"])]
        return {"limits": limits, "detectors": detectors, "halves": {**table["halves"], "test": test}}

    def views(self, detector: str) -> dict[str, list[View]]:
        """Half -> its cameras with the detector's boxes."""
        shots = footage(CITY, DETECTORS[detector], self.cache)
        return {
            half: [View(shot, shot.part(*shot.halves()[place])) for shot in shots] for place, half in enumerate(HALVES)
        }

    def late_views(self, detector: str) -> list[View]:
        """The test half alone, for a detector that is too slow for more."""
        seen = [seen_late(shot, self.late[detector], self.cache) for shot in undetected(CITY, self.cache)]
        return [View(shot, followable(shot.part(*shot.halves()[1]), self.late[detector])) for shot in seen]

    def held_limit(self) -> float:
        """The largest distance that is best for Mask R-CNN's features at the end of the tune half."""
        shots = undetected(CITY, self.cache)
        config = self.late[TRAINED]
        views = [View(shot, followable(seen_held(shot, config, self.cache), config)) for shot in shots]
        return self.limit(ROI, views)

    def limits(self, tune: list[View]) -> dict[str, float]:
        """For each kind of looks the largest distance that is best for DeepSORT on the tune half, IDF1 + HOTA."""
        return {name: self.limit(name, views) for name, views in {ROI: tune, REID: self.with_reid(tune)}.items()}

    def limit(self, name: str, views: list[View]) -> float:
        """The best of `LIMITS` for DeepSORT with these looks."""
        deepsort = own("deepsort")
        tried = {limit: _value(deepsort, self.settings("deepsort", limit), views) for limit in LIMITS}
        note(f"{name}: {tried}")
        return max(tried, key=lambda limit: tried[limit])

    def with_reid(self, views: Sequence[View]) -> list[View]:
        looks = ReidLooks(self.embedder, self.config.embedder, self.cache)
        return [looks.of(view, float(self.found["deepsort"]["min_score"])) for view in views]

    def settings(self, tracker: str, limit: float | None = None) -> Settings:
        chosen = dict(self.found[tracker])
        return chosen if limit is None else {**chosen, "max_cosine_distance": limit}

    def rows(self, detector: str, views: Sequence[View], limits: Mapping[str, float]) -> Rows:
        """The trackers of the first detector; on the others the paper's DeepSORT and our own."""
        deepsort = own("deepsort")
        rows = {ROI: Row(deepsort, self.settings("deepsort", limits[ROI]), views)}
        if detector == FIRST:
            rows[MOTION] = Row(deepsort, self.settings("deepsort"), [blind(view) for view in views])
            rows[REID] = Row(deepsort, self.settings("deepsort", limits[REID]), self.with_reid(views))
        ours = ("jde", "stitched", PRESET) if detector == FIRST else ("stitched", PRESET)
        rows |= {name: Row(own(name), self.settings(name), views) for name in ours}
        if detector == FIRST:
            rows |= {f"{name} (peer)": Row(peer(name), self.settings(name), views) for name in self.peers}
        return rows

    def figures(self, detector: str, views: Sequence[View], limits: Mapping[str, float]) -> dict[str, Table]:
        """Tracker -> its figures in one half."""
        rows = self.rows(detector, views, limits)
        tracks = {name: followed(row.contender, row.settings, row.views) for name, row in rows.items()}
        looks = looked_at(views, tracks, self.config, self.embedder)
        note(f"{detector}, {views[0].sequence.first}: {len(rows)} trackers, {_count(looks)} tracklets")
        single = {name: score_tracks([view.sequence for view in views], found) for name, found in tracks.items()}
        return {name: {**self.identities(views, looks[name]), "single": _chosen(single[name])} for name in rows}

    def identities(self, views: Sequence[View], looks: Looks) -> Table:
        """The figures over all cameras, with the preset's matcher too, and over all but each of them."""
        paper = replace(self.config.matcher, strategy=ELECTRICITY)
        without = {view.camera: [other for other in views if other is not view] for view in views}
        return {
            "all": _chosen(identified(views, looks, paper)),
            "preset": _chosen(identified(views, looks, self.config.matcher)),
            "without": {camera: _chosen(identified(rest, looks, paper)) for camera, rest in without.items()},
        }


def configuration() -> PipelineConfig:
    """The preset's matcher with the embedder of the table, and thresholds for ELECTRICITY's that were chosen for it."""
    preset = load_preset(PRESET)
    matcher = replace(preset.matcher, max_thresh=THRESHOLD, sync_thresh=THRESHOLD)
    return replace(preset, embedder=EmbedderConfig(name=EMBEDDER), matcher=matcher)


def best_peers(trackers: Table) -> list[str]:
    """The peers that were best on the tune half, as far as they are set up."""
    return sorted(set(peer_names()) & set(trackers), key=lambda name: -trackers[name]["tune"])[:PEERS]


def _with_trained(table: Table, before: Table) -> Table:
    """The table with the rows of the trained detector of the one before, where it has none."""
    kept = before["halves"]["test"].get(TRAINED)
    if kept is None or TRAINED in table["detectors"]:
        return table
    halves = {**table["halves"], "test": {**table["halves"]["test"], TRAINED: kept}}
    limits = {**table["limits"], TRAINED: before["limits"][TRAINED]}
    return {"limits": limits, "detectors": [*table["detectors"], TRAINED], "halves": halves}


def _value(contender: Contender, settings: Settings, views: Sequence[View]) -> float:
    score = score_tracks([view.sequence for view in views], followed(contender, settings, views))
    return score.idf1 + score.hota


def _chosen(score: MtmcScore) -> Table:
    return {name: getattr(score, name) for name in FIGURES}


def _count(rows: Mapping[str, Looks]) -> int:
    return sum(len(listed) for looks in rows.values() for listed in looks.values())


def note(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=ROOT / ".crosstrack" / "cache", help="stage results")
    parser.add_argument("--mask-rcnn", type=Path, metavar="FILE", help="weights of a Mask R-CNN trained here")
    parser.add_argument("--late", action="store_true", help="only what is new of the detectors of the test half")
    parser.add_argument("--dry", action="store_true", help="print only, leave the page as it is")
    options = parser.parse_args()
    if not CITY.is_dir():
        print(json.dumps({"skipped": "the benchmark city is not beside the checkout"}))
        return
    cache, config = StageCache(options.cache), configuration()
    trackers = json.loads(FOUND.read_text())["trackers"]
    found = {name: entry["settings"] for name, entry in trackers.items()}
    embedder = create_embedder(config.embedder, device="cpu", export_folder=cache.exports)
    bench = Bench(cache, config, embedder, found, best_peers(trackers), late_detectors(options.mask_rcnn))
    before = json.loads(PAGE.with_suffix(".json").read_text())
    table = bench.with_late(before) if options.late else _with_trained(bench.measure(), before)
    if not options.dry:
        PAGE.with_suffix(".json").write_text(f"{json.dumps(table, indent=1)}\n")
        PAGE.write_text(page(table))
    best = {
        half: {name: of["all"]["idf1"] for name, of in rows[FIRST].items()} for half, rows in table["halves"].items()
    }
    print(json.dumps(best))


if __name__ == "__main__":
    main()
