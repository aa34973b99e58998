"""What people made of tracklets, found again in another run (rule 2).

A source is the run's own tracklet that overlaps it most. What people made of parts of sources is made of the same parts
of what the run found instead; what they drew stands as it is and replaces what it overlaps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from backend.identities.selectors import highest_number, identity_numbers, own_numbers
from backend.identities.services import members_place
from backend.review.edited import HumanPlace, HumanTracklet, Source, SourcePlace, Why
from backend.review.models import Anchor
from backend.review.pieces import Part, Piece, between, joined
from backend.review.selectors.versions import piece_of
from backend.review.services.placing import track_of
from backend.review.services.rows import RowMaker
from backend.review.services.writing import LayerChange, renew
from backend.tracking.arrays import unpack_boxes, unpack_frames, unpack_scores
from backend.tracking.models import Layer, Run, Tracklet
from ml.matching.graph import attached, shared_iou

MOST_OF_IT = 0.5  # share of a tracklet's frames that must be in what people hid, for all of it to be hidden
Numbers = Mapping[int, int]


def layer_carry(*, run: Run, numbers: Numbers) -> LayerChange:
    """Place everything in a new run that people made of tracklets and that counts; the scene is locked.

    numbers  human tracklet (id of the fact) -> the identity number that people saw on it
    """
    sources = list(Source.objects.filter(scene=run.scene_id, gone_by=None).values_list("pk", flat=True))
    humans = list(HumanTracklet.objects.filter(scene=run.scene_id, gone_by=None).values_list("pk", flat=True))
    change = LayerChange()
    of_parts = HumanTracklet.objects.filter(pk__in=humans).values_list("segments", flat=True)
    _sources_place(run, {*sources, *(segment[0] for segments in of_parts for segment in segments)})
    _share_out(run)
    facts_place(run=run, sources=sources, humans=humans, change=change, numbers=numbers)
    taken = SourcePlace.objects.filter(run=run).exclude(tracklet=None).values_list("tracklet", flat=True)
    replaced = HumanPlace.objects.filter(run=run).values_list("replaces", flat=True)
    renew(run=run, tracklet_ids={*taken, *(each for ids in replaced for each in ids)}, change=change)
    return change


def numbers_kept(*, run: Run, numbers: Numbers) -> dict[int, int]:
    """Tracklet id -> the number that people saw on it, of what people made and the run has; `numbers` as above."""
    places = HumanPlace.objects.filter(run=run, human__in=numbers).exclude(tracklet=None)
    return {row: numbers[human] for human, row in places.values_list("human", "tracklet") if row is not None}


def numbers_seen(*, run: Run) -> dict[int, int]:
    """Human tracklet (id of the fact) -> the number that people see on it in the run that the scene shows."""
    shown = run.scene.current_run
    if shown is None:
        return {}
    numbers = identity_numbers(run=shown)
    places = HumanPlace.objects.filter(run=shown).exclude(tracklet=None).values_list("human", "tracklet")
    return {human: numbers[row] for human, row in places if row in numbers}


def facts_place(
    *, run: Run, sources: Collection[int], humans: Collection[int], change: LayerChange, numbers: Numbers | None = None
) -> None:
    """Places in the run for those of these facts (ids) that have none yet; new rows are noted in `change`."""
    known = set(HumanPlace.objects.filter(run=run, human__in=humans).values_list("human", flat=True))
    new = list(HumanTracklet.objects.filter(pk__in=set(humans) - known).order_by("pk"))
    of_parts = {segment[0] for human in new for segment in human.segments}
    _sources_place(run, of_parts | set(sources))
    maker = RowMaker.of(run=run, humans=new)
    for human in new:
        _human_place(maker, human, change, (numbers or {}).get(human.pk))


def _sources_place(run: Run, sources: Collection[int]) -> None:
    known = set(SourcePlace.objects.filter(run=run, source__in=sources).values_list("source", flat=True))
    new = list(Source.objects.filter(pk__in=set(sources) - known).select_related("anchor", "twin").order_by("pk"))
    by_video: dict[int, list[Source]] = defaultdict(list)
    for source in new:
        by_video[source.anchor.video_id].append(source)
    for video, here in by_video.items():
        rows = _own_rows(run, video)
        at = _found([source.anchor for source in here], rows)
        twins = _found([source.twin for source in here if source.twin is not None], rows)
        SourcePlace.objects.bulk_create(_source_place(run, source, rows, at, twins) for source in here)


def _source_place(run: Run, source: Source, rows: Mapping[int, Tracklet], at: Numbers, twins: Numbers) -> SourcePlace:
    row = rows.get(at.get(source.anchor_id, 0))
    if row is None:
        return SourcePlace(run=run, source=source, tracklet=None)
    if source.why == Why.REPLACED:
        return SourcePlace(run=run, source=source, tracklet=row)
    if source.twin_id is not None and twins.get(source.twin_id) == row.pk:
        # Here both are one tracklet, so there is nothing to hide.
        return SourcePlace(run=run, source=source, tracklet=row, hides=False)
    if _covered(source.anchor, row) < MOST_OF_IT:
        return SourcePlace(run=run, source=source, tracklet=None)
    return SourcePlace(run=run, source=source, tracklet=row)


def _covered(anchor: Anchor, row: Tracklet) -> float:
    """Share of the tracklet's frames that lie between the first and the last of what was hidden."""
    frames = unpack_frames(row.frames)
    return float(np.mean((frames >= anchor.first_frame) & (frames <= anchor.last_frame)))


def _found(anchors: Sequence[Anchor], rows: Mapping[int, Tracklet]) -> dict[int, int]:
    """Anchor id -> the tracklet (id) that overlaps it most: the one that it was taken from, in that run."""
    listed = list(rows.values())
    indices = attached([track_of(anchor) for anchor in anchors], [track_of(row) for row in listed])
    best = {a.pk: listed[at].pk for a, at in zip(anchors, indices.tolist(), strict=True) if at >= 0}
    return best | {a.pk: a.tracklet_id for a in anchors if a.tracklet_id in rows}


def _own_rows(run: Run, video: int) -> dict[int, Tracklet]:
    rows = Tracklet.objects.own().filter(run=run, video=video).order_by("number")
    return {row.pk: row for row in rows}


def _share_out(run: Run) -> None:
    """Where several sources that count are one tracklet here, each is the part of it nearest in time."""
    places = SourcePlace.objects.filter(run=run, source__gone_by=None).exclude(tracklet=None)
    by_tracklet: dict[int | None, list[SourcePlace]] = defaultdict(list)
    for place in places.select_related("source__anchor").order_by("source__anchor__first_frame", "pk"):
        by_tracklet[place.tracklet_id].append(place)
    for together in by_tracklet.values():
        for one, other in pairwise(together):
            middle = (one.source.anchor.last_frame + other.source.anchor.first_frame + 1) // 2
            one.last_frame, other.first_frame = middle - 1, middle
        SourcePlace.objects.bulk_update(together, ["first_frame", "last_frame"])


def _human_place(maker: RowMaker, human: HumanTracklet, change: LayerChange, number: int | None) -> None:
    run = maker.run
    replaced = _replaced_by(run, human) if human.made else []
    piece = _drawn_piece(human, replaced) if human.made else _assembled(run, human)
    if piece is None:
        HumanPlace.objects.create(run=run, human=human, tracklet=None)
        return
    roots = list(dict.fromkeys([*maker.roots(human), *(row.pk for row in replaced)]))
    numbered = replace(piece, number=_free_number(run, piece, roots))
    row = maker.create(human=human, piece=numbered, roots=roots)
    HumanPlace.objects.create(run=run, human=human, tracklet=row, replaces=[each.pk for each in replaced])
    change.made[row.pk] = piece
    change.shown.add(row.pk)
    own = own_numbers(run=run, tracklet_ids=[row.pk]).get(row.pk)
    fallback = number or highest_number(scene=run.scene) + 1
    members_place(run=run, numbers={row.pk: own or fallback})


def _replaced_by(run: Run, human: HumanTracklet) -> list[Tracklet]:
    """The run's own tracklets that overlap what people drew: mean IoU of 0.5 or more over the common frames."""
    frames = unpack_frames(human.frames)
    near = Tracklet.objects.own().filter(run=run, video=human.video_id)
    near = near.filter(first_frame__lte=int(frames[-1]), last_frame__gte=int(frames[0]))
    return [row for row in near.order_by("number") if shared_iou(track_of(human), track_of(row)) > 0]


def _drawn_piece(human: HumanTracklet, replaced: Iterable[Tracklet]) -> Piece:
    return Piece(
        tracklet=None, video=human.video_id, camera=human.camera_id, number=0, category=human.category,
        frames=unpack_frames(human.frames), boxes=unpack_boxes(human.boxes), scores=unpack_scores(human.scores),
        origin=tuple(Part(row.pk) for row in replaced), made=True, colour=human.colour, note=human.note,
    )  # fmt: skip


def _assembled(run: Run, human: HumanTracklet) -> Piece | None:
    """The same parts of what this run found, as far as it did; None where there is nothing."""
    sources = [segment[0] for segment in human.segments]
    found = SourcePlace.objects.filter(run=run, source__in=sources).exclude(tracklet=None).select_related("tracklet")
    places = {place.source_id: place for place in found}
    parts = []
    for source, first, last in human.segments:
        place = places.get(source)
        if place is not None and place.tracklet is not None:
            whole = piece_of(place.tracklet)
            parts.append(between(whole, max(first, place.first_frame), min(last, place.last_frame)))
    kept = [part for part in parts if part is not None]
    if not kept:
        return None
    return replace(joined(kept), category=human.category, colour=human.colour, note=human.note)


def _free_number(run: Run, piece: Piece, roots: Sequence[int]) -> int:
    """The number of what it is made of, unless another piece of that has it already; 0: a new one."""
    for number in Tracklet.objects.filter(pk__in=roots[:1]).values_list("number", flat=True):
        people = Tracklet.objects.filter(run=run, video=piece.video, number=number, layer=Layer.HUMAN)
        return 0 if people.exists() else number
    return 0
