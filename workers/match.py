"""Job kind `match`: the tracklets of a run's cameras become identities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from backend.identities.selectors import highest_number, identity_numbers, previous_numbers
from backend.identities.services import identities_assign
from backend.review.components import vehicles_said
from backend.review.selectors.dangling import edits_lost
from backend.review.selectors.operations import anchor_list
from backend.review.services.attaching import verdicts_attach
from backend.review.services.carrying import layer_carry, numbers_kept, numbers_seen
from backend.tracking.models import EmbeddingKind, Run, Tracklet
from backend.tracking.selectors import PACKED, embedding_list, own_tracklet_list
from backend.tracking.services import CandidateRow, candidates_replace, run_make_current
from ml import types as vision
from ml.matching import SyncedPairs
from ml.matching.graph import stable_numbers
from ml.pipeline.blocks import StoredBlocks
from ml.pipeline.match import identities_of
from workers.context import JobContext
from workers.ground import ends_of
from workers.overlap import anchor_places, counterparts
from workers.stages import config_of, links_of, run_of, stage_cache


def run(context: JobContext) -> None:
    """Writes identities and compared pairs, carries people's decisions over, and makes the run the current one."""
    chosen = run_of(context.job)
    scene, rows = chosen.scene, list(own_tracklet_list(run=chosen).defer(*PACKED))
    context.progress(0, len(rows), "tracklets")
    cameras = list(scene.cameras.values_list("name", flat=True))
    store = StoredBlocks(stage_cache(), f"scene {scene.pk}", context.progress)
    matcher = config_of(chosen).matcher
    earlier = counterparts(chosen, scene.current_run)
    matchable = _matchable(chosen, rows, vehicles_before(chosen, earlier))
    identities, sync = identities_of(matchable, cameras, links_of(scene), matcher, store)
    anchors = list(anchor_list(scene=scene))
    places = anchor_places(chosen, anchors)
    context.progress(len(rows), len(rows), "tracklets")
    with context.publish():
        run_make_current(run=chosen)  # locks the scene: two runs at once never give out the same new number
        known, seen = numbers_before(chosen, earlier)  # only now: an edit meanwhile may have given new ones
        before = np.array([known.get(row.pk, 0) for row in rows], np.int32)
        first_new = highest_number(scene=scene) + 1
        numbers = stable_numbers(identities, before, weights=_lengths(rows), next_number=first_new)
        count = identities_assign(run=chosen, groups=_groups(rows, numbers))
        compared = candidates_replace(run=chosen, rows=_candidates(rows, sync.pairs))
        context.log(f"{len(rows)} tracklets are {count} identities; {compared} pairs compared")
        # Decided while this job was at work.
        late = anchor_places(chosen, anchor_list(scene=scene).exclude(pk__in=[anchor.pk for anchor in anchors]))
        edited = numbers_seen(run=chosen)
        change = layer_carry(run=chosen, numbers=edited)
        seen |= numbers_kept(run=chosen, numbers=edited)
        dangling = verdicts_attach(run=chosen, places=places | late, numbers=seen, change=change)
        for what, count in (("verdicts", dangling), ("edits of tracklets", edits_lost(run=chosen))):
            if count:
                context.log(f"{what} without counterpart in this run, kept and listed: {count}", "warning")


def numbers_before(run: Run, earlier: Mapping[int, int]) -> tuple[dict[int, int], dict[int, int]]:
    """What the run's tracklets were in the run that the scene showed; those that are new are left out.

    earlier  tracklet id -> id of the shown run's tracklet that it is

    Returns the numbers to carry on with (`previous_numbers`), and those that people saw; by tracklet id.
    """
    shown = run.scene.current_run
    if shown is None:
        return {}, {}
    known, seen = previous_numbers(scene=run.scene), identity_numbers(run=shown)
    return (
        {new: known[old] for new, old in earlier.items() if old in known},
        {new: seen[old] for new, old in earlier.items() if old in seen},
    )


def vehicles_before(run: Run, earlier: Mapping[int, int]) -> dict[int, int]:
    """Tracklet id -> number of the vehicle that people's answers made of what it was in the run that the scene showed.

    Transit times are learned from them; whose tracklets are one is not decided here. `earlier` as for `numbers_before`.
    """
    shown = run.scene.current_run
    said = {} if shown is None else vehicles_said(run=shown)
    return {new: said[old] for new, old in earlier.items() if old in said}


def _matchable(run: Run, rows: Sequence[Tracklet], confirmed: Mapping[int, int]) -> list[vision.CameraTracklet]:
    means, views = {}, defaultdict(list)
    vectors = embedding_list(run=run).values_list("tracklet", "kind", "vector")
    for tracklet, kind, vector in vectors.iterator():
        if kind == EmbeddingKind.MEAN:
            means[tracklet] = np.asarray(vector, np.float32)
        else:
            views[tracklet].append(np.asarray(vector, np.float32))
    ends = ends_of(run)
    return [
        vision.CameraTracklet(
            key=place,
            camera=row.camera.name,
            start_s=row.start_s,
            end_s=row.end_s,
            mean=means[row.pk],
            views=np.array(views[row.pk], np.float32),
            entry=ends[row.pk].entry,
            exit=ends[row.pk].exit,
            confirmed=confirmed.get(row.pk, 0),
        )
        for place, row in enumerate(rows)
    ]


def _candidates(rows: Sequence[Tracklet], pairs: SyncedPairs) -> Iterator[CandidateRow]:
    distances = np.maximum(pairs.distance_ab, pairs.distance_ba)
    columns = (pairs.left, pairs.right, distances, pairs.joined, pairs.eligible)
    probabilities = [None] * len(distances) if pairs.probability is None else pairs.probability.tolist()
    listed = zip(*(column.tolist() for column in columns), probabilities, strict=True)
    for left, right, distance, joined, eligible, probability in listed:
        first, second = sorted((rows[left], rows[right]), key=lambda row: (row.end_s, row.pk))
        yield CandidateRow(first.pk, second.pk, distance, second.start_s - first.end_s, joined, eligible, probability)


def _groups(rows: Sequence[Tracklet], numbers: vision.Int1D) -> Mapping[int, list[int]]:
    groups = defaultdict(list)
    for row, number in zip(rows, numbers.tolist(), strict=True):
        groups[number].append(row.pk)
    return groups


def _lengths(rows: Sequence[Tracklet]) -> vision.Int1D:
    return np.array([row.length for row in rows], np.int32)
