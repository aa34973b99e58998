"""Job kind `match`: the tracklets of a run's cameras become identities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from backend.identities.selectors import highest_number, previous_numbers
from backend.identities.services import identities_assign
from backend.tracking.arrays import unpack_boxes, unpack_frames, unpack_scores
from backend.tracking.models import EmbeddingKind, Run, Tracklet
from backend.tracking.selectors import PACKED, embedding_list, tracklet_list
from backend.tracking.services import CandidateRow, candidates_replace, run_make_current
from ml import types as vision
from ml.matching import SyncedPairs
from ml.matching.graph import stable_numbers
from ml.pipeline.attach import attached
from ml.pipeline.match import identities_of
from workers.context import JobContext
from workers.stages import config_of, links_of, run_of


def run(context: JobContext) -> None:
    """Writes identities and compared pairs, and makes the run the scene's current one."""
    chosen = run_of(context.job)
    rows = list(tracklet_list(run=chosen).defer(*PACKED))
    context.progress(0, len(rows), "tracklets")
    cameras = list(chosen.scene.cameras.values_list("name", flat=True))
    matchable = _matchable(chosen, rows)
    identities, sync = identities_of(matchable, cameras, links_of(chosen.scene), config_of(chosen).matcher)
    before = numbers_before(chosen, rows)
    context.progress(len(rows), len(rows), "tracklets")
    with context.publish():
        run_make_current(run=chosen)  # locks the scene: two runs at once never give out the same new number
        first_new = highest_number(scene=chosen.scene) + 1
        numbers = stable_numbers(identities, before, weights=_lengths(rows), next_number=first_new)
        count = identities_assign(run=chosen, groups=_groups(rows, numbers))
        compared = candidates_replace(run=chosen, rows=_candidates(rows, sync.pairs))
        context.log(f"{len(rows)} tracklets are {count} identities; {compared} pairs compared")


def as_tracklet(row: Tracklet) -> vision.Tracklet:
    """A stored tracklet as the vision library has it."""
    frames, boxes = unpack_frames(row.frames), unpack_boxes(row.boxes)
    return vision.Tracklet(row.number, frames, boxes, unpack_scores(row.scores), row.category)


def numbers_before(run: Run, rows: Sequence[Tracklet]) -> vision.Int1D:
    """For each tracklet the identity number that it had in the scene's current run, by overlap; 0 for none.

    Boxes are read video by video: memory holds those of one.
    """
    numbers = np.zeros(len(rows), np.int32)
    current = run.scene.current_run
    if current is None:
        return numbers
    known = previous_numbers(scene=run.scene)
    places = {row.pk: place for place, row in enumerate(rows)}
    for video in sorted({row.video_id for row in rows}):
        new, old = (list(tracklet_list(run=each).filter(video=video)) for each in (run, current))
        indices = attached([as_tracklet(row) for row in new], [as_tracklet(row) for row in old])
        for row, index in zip(new, indices.tolist(), strict=True):
            numbers[places[row.pk]] = known.get(old[index].pk, 0) if index >= 0 else 0
    return numbers


def _matchable(run: Run, rows: Sequence[Tracklet]) -> list[vision.CameraTracklet]:
    means, views = {}, defaultdict(list)
    vectors = embedding_list(run=run).values_list("tracklet", "kind", "vector")
    for tracklet, kind, vector in vectors.iterator():
        if kind == EmbeddingKind.MEAN:
            means[tracklet] = np.asarray(vector, np.float32)
        else:
            views[tracklet].append(np.asarray(vector, np.float32))
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


def _candidates(rows: Sequence[Tracklet], pairs: SyncedPairs) -> Iterator[CandidateRow]:
    distances = np.maximum(pairs.distance_ab, pairs.distance_ba)
    columns = (pairs.left, pairs.right, distances, pairs.joined, pairs.eligible)
    for left, right, distance, joined, eligible in zip(*(column.tolist() for column in columns), strict=True):
        first, second = sorted((rows[left], rows[right]), key=lambda row: (row.end_s, row.pk))
        yield CandidateRow(first.pk, second.pk, distance, second.start_s - first.end_s, joined, eligible)


def _groups(rows: Sequence[Tracklet], numbers: vision.Int1D) -> Mapping[int, list[int]]:
    groups = defaultdict(list)
    for row, number in zip(rows, numbers.tolist(), strict=True):
        groups[number].append(row.pk)
    return groups


def _lengths(rows: Sequence[Tracklet]) -> vision.Int1D:
    return np.array([row.length for row in rows], np.int32)
