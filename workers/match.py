"""Job kind `match`: the tracklets of a run's cameras become identities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import numpy as np

from backend.identities.selectors import highest_number, previous_numbers
from backend.identities.services import identities_assign
from backend.tracking.arrays import unpack_boxes, unpack_frames, unpack_scores
from backend.tracking.models import EmbeddingKind, Run, Tracklet
from backend.tracking.selectors import embedding_list, tracklet_list
from backend.tracking.services import CandidateRow, candidates_replace, run_make_current
from ml import types as vision
from ml.matching.graph import stable_numbers
from ml.pipeline.attach import attached
from ml.pipeline.match import Matches, match_tracklets
from workers.context import JobContext
from workers.stages import config_of, run_of


def run(context: JobContext) -> None:
    """Writes identities and compared pairs, and makes the run the scene's current one."""
    chosen = run_of(context.job)
    rows = list(tracklet_list(run=chosen))
    context.progress(0, len(rows), "tracklets")
    cameras = list(chosen.scene.cameras.values_list("name", flat=True))
    matchable = _matchable(chosen, rows)
    matches = match_tracklets(
        matchable, [as_tracklet(row) for row in rows], cameras, _links(chosen), config_of(chosen).matcher
    )
    before = numbers_before(chosen, rows)
    context.progress(len(rows), len(rows), "tracklets")
    with context.publish():
        run_make_current(run=chosen)  # locks the scene: two runs at once never give out the same new number
        first_new = highest_number(scene=chosen.scene) + 1
        numbers = stable_numbers(matches.identities, before, weights=_lengths(rows), next_number=first_new)
        count = identities_assign(run=chosen, groups=_groups(rows, numbers))
        compared = candidates_replace(run=chosen, rows=_candidates(rows, matches))
        context.log(f"{len(rows)} tracklets are {count} identities; {compared} pairs compared")


def as_tracklet(row: Tracklet) -> vision.Tracklet:
    """A stored tracklet as the vision library has it."""
    frames, boxes = unpack_frames(row.frames), unpack_boxes(row.boxes)
    return vision.Tracklet(row.number, frames, boxes, unpack_scores(row.scores), row.category)


def numbers_before(run: Run, rows: Sequence[Tracklet]) -> vision.Int1D:
    """For each tracklet the identity number that it had in the scene's current run, by overlap; 0 for none."""
    numbers = np.zeros(len(rows), np.int32)
    current = run.scene.current_run
    if current is None:
        return numbers
    known = previous_numbers(scene=run.scene)
    old_of_video = _by_video(tracklet_list(run=current))
    for video, places in _places_by_video(rows).items():
        old = old_of_video.get(video, [])
        indices = attached([as_tracklet(rows[place]) for place in places], [as_tracklet(row) for row in old])
        for place, index in zip(places, indices.tolist(), strict=True):
            numbers[place] = known.get(old[index].pk, 0) if index >= 0 else 0
    return numbers


def _matchable(run: Run, rows: Sequence[Tracklet]) -> list[vision.CameraTracklet]:
    means, views = {}, defaultdict(list)
    for tracklet, embeddings in groupby(embedding_list(run=run).iterator(), key=lambda row: row.tracklet_id):
        for embedding in embeddings:
            vector = np.asarray(embedding.vector, np.float32)
            if embedding.kind == EmbeddingKind.MEAN:
                means[tracklet] = vector
            else:
                views[tracklet].append(vector)
    return [
        vision.CameraTracklet(
            key=place,
            camera=row.camera.name,
            start_s=row.start_s,
            end_s=row.end_s,
            mean=means[row.pk],
            views=np.array(views[row.pk], np.float32),
        )
        for place, row in enumerate(rows)
    ]


def _links(run: Run) -> list[vision.CameraLink] | None:
    """The scene's links; None where it has none, and neighbours are assumed."""
    rows = run.scene.links.select_related("source", "target")
    return [vision.CameraLink(row.source.name, row.target.name, row.min_s, row.max_s) for row in rows] or None


def _candidates(rows: Sequence[Tracklet], matches: Matches) -> Iterator[CandidateRow]:
    pairs = matches.sync.pairs
    distances = np.maximum(pairs.distance_ab, pairs.distance_ba)
    columns = (pairs.left.tolist(), pairs.right.tolist(), distances.tolist(), pairs.joined.tolist())
    for left, right, distance, joined in zip(*columns, strict=True):
        first, second = sorted((rows[left], rows[right]), key=lambda row: (row.end_s, row.pk))
        yield CandidateRow(first.pk, second.pk, distance, second.start_s - first.end_s, joined)


def _groups(rows: Sequence[Tracklet], numbers: vision.Int1D) -> Mapping[int, list[int]]:
    groups = defaultdict(list)
    for row, number in zip(rows, numbers.tolist(), strict=True):
        groups[number].append(row.pk)
    return groups


def _lengths(rows: Sequence[Tracklet]) -> vision.Int1D:
    return np.array([row.length for row in rows], np.int32)


def _by_video(rows: Iterable[Tracklet]) -> dict[int, list[Tracklet]]:
    found = defaultdict(list)
    for row in rows:
        found[row.video_id].append(row)
    return found


def _places_by_video(rows: Sequence[Tracklet]) -> dict[int, list[int]]:
    found = defaultdict(list)
    for place, row in enumerate(rows):
        found[row.video_id].append(place)
    return found
