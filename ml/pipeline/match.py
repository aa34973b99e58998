"""The match stage: the tracklets of all cameras in, identities out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ml.datasets.calibration import Calibration
from ml.matching import MatcherConfig, SyncResult, synchronise
from ml.matching.blocks import MatchStore, nothing_kept
from ml.matching.strategies import default_links
from ml.pipeline.artefacts import read_embeddings, read_tracklets
from ml.pipeline.ground import ends_on_ground
from ml.types import CameraLink, CameraTracklet, Double1D, Int1D, Tracklet, TrackletEmbedding


@dataclass(frozen=True)
class CameraView:
    """What places a camera's tracklets in scene time and on the ground.

    start_s      scene time of frame 0      times_s  [n] presentation times of the frames
    calibration  or None
    """

    camera: str
    start_s: float
    times_s: Double1D
    calibration: Calibration | None


@dataclass(frozen=True)
class CameraResult(CameraView):
    """One camera's tracklets and embeddings on disk."""

    tracklets: Path
    embeddings: Path


@dataclass(frozen=True)
class Matches:
    """Identities of a scene's tracklets.

    cameras     [n] camera of each tracklet              tracklets  [n]
    identities  [n] int32, from 1, by the scene time at which each identity first appears
    sync        the matcher's own account of it
    """

    cameras: list[str]
    tracklets: list[Tracklet]
    identities: Int1D
    sync: SyncResult


def match_scene(
    results: Sequence[CameraResult],
    links: Sequence[CameraLink] | None,
    config: MatcherConfig,
    store: MatchStore = nothing_kept,
) -> Matches:
    """Join the tracklets of cameras whose track and embed stages are done; `store` as in `constrained_sync`."""
    seen, tracklets = matchable_of(results)
    names = [result.camera for result in results]
    return match_tracklets(seen, tracklets, names, links, config, store)


def matchable_of(results: Sequence[CameraResult]) -> tuple[list[CameraTracklet], list[Tracklet]]:
    """The cameras' tracklets as the matcher and as the files see them, in one order."""
    tracklets = [(result, tracklet) for result in results for tracklet in read_tracklets(result.tracklets)]
    embeddings = [embedding for result in results for embedding in read_embeddings(result.embeddings)]
    seen = [
        matchable(key, result, tracklet, embedding)
        for key, ((result, tracklet), embedding) in enumerate(zip(tracklets, embeddings, strict=True))
    ]
    return seen, [tracklet for _, tracklet in tracklets]


def match_tracklets(
    matchable: Sequence[CameraTracklet],
    tracklets: list[Tracklet],
    cameras: Sequence[str],
    links: Sequence[CameraLink] | None,
    config: MatcherConfig,
    store: MatchStore = nothing_kept,
) -> Matches:
    """As `identities_of`, with the tracklets themselves.

    matchable, tracklets  the same tracklets in the same order, as the matcher and as the files see them
    """
    identities, sync = identities_of(matchable, cameras, links, config, store)
    return Matches([tracklet.camera for tracklet in matchable], tracklets, identities, sync)


def identities_of(
    matchable: Sequence[CameraTracklet],
    cameras: Sequence[str],
    links: Sequence[CameraLink] | None,
    config: MatcherConfig,
    store: MatchStore = nothing_kept,
) -> tuple[Int1D, SyncResult]:
    """Join tracklets across cameras; without links, those near in the order of `cameras` are linked.

    store  as in `constrained_sync`: of an earlier match of nearly the same tracklets only what is new is compared

    Returns identity numbers as in `Matches`, and the matcher's account.
    """
    used = default_links(config, cameras) if links is None else links
    sync = synchronise(matchable, used, config=config, store=store)
    starts = np.array([tracklet.start_s for tracklet in matchable], np.float64)
    return numbered_by_appearance(sync.labels, starts), sync


def matchable(key: int, view: CameraView, tracklet: Tracklet, embedding: TrackletEmbedding) -> CameraTracklet:
    """A camera's tracklet as the matcher sees it."""
    start_s, end_s = (scene_time(view, frame) for frame in (tracklet.first_frame, tracklet.last_frame))
    entry, leaving = ends_on_ground(tracklet, start_s, end_s, view.calibration)
    return CameraTracklet(
        key=key,
        camera=view.camera,
        start_s=start_s,
        end_s=end_s,
        mean=embedding.mean,
        views=embedding.views,
        entry=entry,
        exit=leaving,
        attributes=embedding.attributes,
    )


def scene_time(view: CameraView, frame: int) -> float:
    """Scene time of a camera's frame, seconds."""
    return view.start_s + float(view.times_s[frame])


def numbered_by_appearance(labels: Int1D, starts_s: Double1D) -> Int1D:
    """Labels [n] as identity numbers from 1, the identity that appears first being 1; ties by position."""
    _, groups = np.unique(labels, return_inverse=True)
    order = np.lexsort((np.arange(len(labels)), starts_s))
    _, firsts = np.unique(groups[order], return_index=True)
    ranks = np.empty(len(firsts), np.int32)
    ranks[np.argsort(firsts)] = np.arange(1, len(firsts) + 1)
    return ranks[groups]
