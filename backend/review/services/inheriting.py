"""What people's tracklets have from those that they were made of: compared pairs, pictures and vectors."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
from django.db.models import Q

from backend.review.edited import HumanPlace, SourcePlace
from backend.review.pieces import Part, Piece
from backend.review.standing import Pair, pair_of
from backend.tracking.chances import state_of_chance
from backend.tracking.models import Candidate, Embedding, EmbeddingKind, Layer, Run, Tracklet

ONE_TRACK = 0.999  # chance that two pieces of one tracklet are one vehicle


def candidates_inherit(*, run: Run, roots: Collection[int]) -> None:
    """Say anew which pairs stand in for the run's own at these of its tracklets, where those are not shown.

    A pair is about the end of its left tracklet and the start of its right one: it goes over to the piece that has it.
    Two pieces that are next to each other in one tracklet are a pair too, as likely as one track is one vehicle.
    """
    people, whole = _intertwined(run, roots)
    own = Candidate.objects.filter(run=run, layer=Layer.RUN)
    compared = list(own.filter(Q(left__in=whole) | Q(right__in=whole)).order_by("distance", "id"))
    ends = whole | {end for row in compared for end in (row.left_id, row.right_id)}
    pieces = pieces_of_roots(run=run, roots=ends)
    rows = {part.of for parts in pieces.values() for part in parts}
    known = Tracklet.objects.only("run", "layer", "camera", "start_s", "end_s", "roots").in_bulk(rows)
    wanted: dict[Pair, Candidate] = {}
    for made in (*_images(compared, pieces, known), *_links(run, whole, pieces, known)):
        wanted.setdefault(pair_of(made.left_id, made.right_id), made)
    _store(run, people | whole, wanted)


def pieces_of_roots(*, run: Run, roots: Collection[int]) -> dict[int, list[Part]]:
    """The run's own tracklet -> what is shown of it, in the order of time, each with its frames of it."""
    found = {each: [Part(each)] for each in Tracklet.objects.shown().filter(pk__in=roots).values_list("pk", flat=True)}
    for root, parts in _made_of(run, roots).items():
        found[root] = sorted(parts, key=lambda part: (part.first, part.last, part.of))
    return found


def _made_of(run: Run, roots: Collection[int]) -> dict[int, list[Part]]:
    places = HumanPlace.objects.filter(run=run, human__gone_by=None, tracklet__roots__overlap=list(roots))
    sources = SourcePlace.objects.filter(run=run, tracklet__in=roots).values_list("source", "tracklet")
    root_of = dict(sources)
    parts: dict[int, list[Part]] = defaultdict(list)
    for tracklet, segments in places.values_list("tracklet", "human__segments"):
        for source, first, last in segments:
            if source in root_of:
                parts[root_of[source]].append(Part(tracklet, first, last))
    for tracklet, replaced in places.exclude(replaces=[]).values_list("tracklet", "replaces"):
        for root in replaced:
            parts[root].append(Part(tracklet))
    return parts


def _images(
    compared: Iterable[Candidate], pieces: Mapping[int, Sequence[Part]], known: Mapping[int, Tracklet]
) -> Iterator[Candidate]:
    for row in compared:
        left, right = pieces.get(row.left_id, ()), pieces.get(row.right_id, ())
        if not left or not right:
            continue
        ends, starts = known[left[-1].of], known[right[0].of]
        if ends.pk != starts.pk and Layer.HUMAN in (ends.layer, starts.layer):
            yield _pair(row, ends, starts)


def _links(
    run: Run, roots: Iterable[int], pieces: Mapping[int, Sequence[Part]], known: Mapping[int, Tracklet]
) -> Iterator[Candidate]:
    matched = Candidate.objects.filter(run=run, layer=Layer.RUN).only("probability").first()
    probability = None if matched is None or matched.probability is None else ONE_TRACK
    for root in sorted(roots):
        # What is of several tracklets was exchanged between them: there it is another vehicle that goes on.
        parts = [known[part.of] for part in pieces.get(root, ()) if known[part.of].roots == [root]]
        for before, after in pairwise(parts):
            if before.pk != after.pk:
                row = Candidate(
                    run=run, distance=0.0, joined=True, eligible=True, probability=probability,
                    percentile=0.0, chance=ONE_TRACK, doubt=ONE_TRACK * (1 - ONE_TRACK),
                )  # fmt: skip
                yield _pair(row, before, after)


def _pair(like: Candidate, one: Tracklet, other: Tracklet) -> Candidate:
    left, right = sorted((one, other), key=lambda each: (each.end_s, each.pk))
    return Candidate(
        run_id=like.run_id,
        left=left,
        right=right,
        layer=Layer.HUMAN,
        transit_s=right.start_s - left.end_s,
        **{name: getattr(like, name) for name in _KEPT},
    )


_KEPT = ("distance", "joined", "eligible", "probability", "percentile", "chance", "doubt")


def _intertwined(run: Run, roots: Collection[int]) -> tuple[set[int], set[int]]:
    """All that people ever made of these of the run's own tracklets, and of whatever else went into that; and those."""
    whole, people, count = set(roots), set[int](), -1
    while count != len(whole):
        count = len(whole)
        rows = Tracklet.objects.filter(run=run, layer=Layer.HUMAN, roots__overlap=list(whole))
        for tracklet, parts in rows.order_by().values_list("pk", "roots"):
            people.add(tracklet)
            whole.update(parts)
    return people, whole


def _store(run: Run, around: Collection[int], wanted: Mapping[Pair, Candidate]) -> None:
    """At these tracklets, the pairs of the layer are these and no others."""
    there = Candidate.objects.filter(Q(left__in=around) | Q(right__in=around), run=run, layer=Layer.HUMAN)
    kept, counts = set[Pair](), Counter[str](run.pair_counts)
    for row in list(there):
        made = wanted.get(pair_of(row.left_id, row.right_id))
        if made is not None and all(getattr(made, name) == getattr(row, name) for name in ("left_id", "distance")):
            kept.add(pair_of(row.left_id, row.right_id))
        else:
            counts[state_of_chance(row.chance)] -= 1
            row.delete()
    new = [each for pair, each in wanted.items() if pair not in kept]
    Candidate.objects.bulk_create(new)
    counts.update(state_of_chance(each.chance).value for each in new)
    run.pair_counts = dict(counts)
    run.save(update_fields=["pair_counts"])


def embeddings_inherit(*, made: Mapping[int, Piece]) -> list[int]:
    """Give tracklets the views, with pictures, that lie in their frames of what they were made of.

    made  tracklet id -> what it was made as; `origin` names stored tracklets

    Returns the ids of those that have no view: somebody must look at the video for them.
    """
    origins = {part.of for piece in made.values() for part in piece.origin}
    views: dict[int, list[Embedding]] = defaultdict(list)
    for row in Embedding.objects.filter(tracklet__in=origins, kind=EmbeddingKind.VIEW).order_by("rank"):
        views[row.tracklet_id].append(row)
    without = []
    for tracklet, piece in made.items():
        kept = _views_of(piece, views)
        Embedding.objects.bulk_create(_copies(tracklet, kept))
        if not kept:
            without.append(tracklet)
    return without


def _views_of(piece: Piece, views: Mapping[int, Sequence[Embedding]]) -> list[Embedding]:
    frames = set(piece.frames.tolist())
    here = {
        row.frame: row
        for part in piece.origin
        for row in views[part.of]
        if row.frame is not None and row.frame in frames and part.first <= row.frame <= part.last
    }
    return sorted(here.values(), key=lambda row: row.rank)


def _copies(tracklet: int, rows: Sequence[Embedding]) -> Iterator[Embedding]:
    if not rows:
        return
    mean = np.mean([np.asarray(row.vector, np.float32) for row in rows], axis=0)
    mean /= max(float(np.linalg.norm(mean)), 1e-12)
    model = rows[0].model
    yield Embedding(tracklet_id=tracklet, model=model, kind=EmbeddingKind.MEAN, vector=mean)
    for rank, row in enumerate(rows):
        yield Embedding(
            tracklet_id=tracklet, model=row.model, kind=EmbeddingKind.VIEW, frame=row.frame, rank=rank,
            crop=row.crop, vector=row.vector,
        )  # fmt: skip
