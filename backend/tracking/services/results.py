"""What the stages of a run found. Every write replaces what the same stage wrote before, so it can be repeated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from django.db import transaction

from backend.media.models import Video
from backend.media.selectors import frame_times
from backend.media.storage import save_bytes
from backend.tracking.arrays import pack_floats, pack_frames, unpack_boxes, unpack_frames, unpack_scores
from backend.tracking.attributes import READ
from backend.tracking.chances import chances, percentiles, state_of_chance
from backend.tracking.models import Candidate, Embedding, EmbeddingKind, PairState, Run, Tracklet
from backend.tracking.rows import EmbeddingLike, Reading, TrackletLike

BATCH = 500
Item = TypeVar("Item")
Row = TypeVar("Row", bound=EmbeddingLike)


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """Tracklets by id; `left` ends first. `eligible`: joined if no constraint forbade it. `probability`: if known."""

    left: int
    right: int
    distance: float
    transit_s: float
    joined: bool
    eligible: bool
    probability: float | None = None


@transaction.atomic
def tracklets_replace(*, run: Run, video: Video, rows: Iterable[TrackletLike]) -> int:
    """The run's tracklets of one video. Returns how many. Scene times come from the video's frame times."""
    Tracklet.objects.filter(run=run, video=video).delete()
    times = frame_times(video=video) + video.start_s
    count = 0
    for batch in _batches(rows):
        count += len(Tracklet.objects.bulk_create([_tracklet(run, video, row, times) for row in batch]))
    return count


def nothing_read(row: EmbeddingLike) -> Reading | None:
    """Of an embedding without type and colour."""
    return None


@transaction.atomic
def embeddings_replace(
    *,
    run: Run,
    video: Video,
    model: str,
    rows: Iterable[Row],
    reading_of: Callable[[Row], Reading | None] = nothing_read,
) -> int:
    """Means, views, pictures, types and colours of the run's tracklets of one video. Returns how many tracklets have
    them.

    model  name and checksum of the embedding model. Raises KeyError for a number that no tracklet has.
    """
    tracklets = {
        each.number: each
        for each in Tracklet.objects.own().filter(run=run, video=video).only("number", "frames", "boxes")
    }
    Embedding.objects.filter(tracklet__run=run, tracklet__video=video).delete()
    count = 0
    for batch in _batches(rows):
        read = [_as_read(tracklets[row.number], reading_of(row)) for row in batch]
        Tracklet.objects.bulk_update(read, READ)  # before their looks, which are searched by type and colour
        made = [each for row in batch for each in _embeddings(run, video, model, tracklets[row.number], row)]
        Embedding.objects.bulk_create(made)
        count += len(batch)
    return count


@transaction.atomic
def candidates_replace(*, run: Run, rows: Iterable[CandidateRow]) -> int:
    """The pairs that the matcher compared, each with its place among all of them. Returns how many."""
    Candidate.objects.filter(run=run).delete()
    compared = list(rows)
    percentile = percentiles(np.array([row.distance for row in compared], np.float64))
    eligible = np.array([row.eligible for row in compared], np.bool_)
    chance = chances(percentile, eligible, [row.probability for row in compared]).tolist()
    for batch in _batches(zip(compared, percentile.tolist(), chance, strict=True)):
        Candidate.objects.bulk_create([_candidate(run, *each) for each in batch])
    counts = Counter(state_of_chance(each).value for each in chance)
    run.pair_counts = {state: counts[state] for state in PairState.values}
    run.save(update_fields=["pair_counts"])
    return len(compared)


def _candidate(run: Run, row: CandidateRow, percentile: float, chance: float) -> Candidate:
    return Candidate(
        run=run,
        left_id=row.left,
        right_id=row.right,
        distance=row.distance,
        transit_s=row.transit_s,
        joined=row.joined,
        eligible=row.eligible,
        probability=row.probability,
        percentile=percentile,
        chance=chance,
        doubt=chance * (1 - chance),
    )


def _tracklet(run: Run, video: Video, row: TrackletLike, times: npt.NDArray[np.float64]) -> Tracklet:
    first, last = int(row.frames[0]), int(row.frames[-1])
    return Tracklet(
        run=run,
        video=video,
        camera_id=video.camera_id,
        number=row.number,
        category=row.category,
        length=len(row.frames),
        first_frame=first,
        last_frame=last,
        start_s=float(times[first]),
        end_s=float(times[last]),
        mean_score=float(row.scores.mean()),
        frames=pack_frames(row.frames),
        boxes=pack_floats(row.boxes),
        scores=pack_floats(row.scores),
    )


def _as_read(tracklet: Tracklet, reading: Reading | None) -> Tracklet:
    tracklet.machine_type = "" if reading is None else reading.type
    tracklet.machine_type_chance = None if reading is None else reading.type_chance
    tracklet.machine_colour = "" if reading is None else reading.colour
    tracklet.machine_colour_chance = None if reading is None else reading.colour_chance
    return tracklet


def _embeddings(run: Run, video: Video, model: str, tracklet: Tracklet, row: EmbeddingLike) -> Iterator[Embedding]:
    yield Embedding(tracklet=tracklet, model=model, kind=EmbeddingKind.MEAN, vector=row.mean)
    ranks = _ranks(tracklet, row.frames)
    for view, frame in enumerate(row.frames.tolist()):
        rank = int(ranks[view])
        crop = ""
        if row.crops:
            crop = save_bytes(_crop_name(run, video, row.number, rank), row.crops[view])
        yield Embedding(
            tracklet=tracklet,
            model=model,
            kind=EmbeddingKind.VIEW,
            frame=frame,
            rank=rank,
            crop=crop,
            vector=row.views[view],
        )


def _ranks(tracklet: Tracklet, frames: npt.NDArray[np.int32]) -> npt.NDArray[np.intp]:
    """Place of each view [v], 0 = the best picture to look at: by score^2 x side, then by area.

    side is the square root of the box's area in px. A large box alone is often one that something stands before, or
    that holds two vehicles: its score is low.
    """
    rows = np.searchsorted(unpack_frames(tracklet.frames), frames)
    boxes, scores = unpack_boxes(tracklet.boxes)[rows], unpack_scores(tracklet.scores)[rows]
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return np.argsort(np.lexsort((-areas, -(scores**2) * np.sqrt(areas))))


def _crop_name(run: Run, video: Video, number: int, rank: int) -> str:
    return f"scenes/{run.scene_id}/runs/{run.pk}/{video.pk}/{number}-{rank}.jpg"


def _batches(rows: Iterable[Item]) -> Iterator[list[Item]]:
    """Parts of BATCH rows, so that memory holds one part of a long result."""
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch
