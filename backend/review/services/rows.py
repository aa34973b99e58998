"""The rows that people's tracklets are in a run."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import Max

from backend.media.models import Video
from backend.media.selectors import frame_times
from backend.review.edited import HumanTracklet, SourcePlace
from backend.review.pieces import Piece
from backend.tracking.arrays import pack_floats, pack_frames
from backend.tracking.attributes import READ, READ_COLOUR
from backend.tracking.models import Layer, Run, Tracklet


@dataclass
class RowMaker:
    """Makes rows in one run. Videos, times, numbers and places are read once, however many rows there are.

    wholes  source id -> the run's tracklet that it is: id, first and last frame
    found   id -> that tracklet, with what the network read of it
    """

    run: Run
    wholes: dict[int, tuple[int, int, int]]
    found: dict[int, Tracklet]
    videos: dict[int, Video]
    _times: dict[int, npt.NDArray[np.float64]] = field(default_factory=dict)
    _numbers: dict[int, int] = field(default_factory=dict)

    @staticmethod
    def of(*, run: Run, humans: Collection[HumanTracklet]) -> RowMaker:
        """For these facts; their sources have their places in the run already."""
        sources = {segment[0] for human in humans for segment in human.segments}
        places = SourcePlace.objects.filter(run=run, source__in=sources).exclude(tracklet=None)
        known = dict(places.values_list("source", "tracklet"))
        found = Tracklet.objects.only("first_frame", "last_frame", "category", *READ).in_bulk(set(known.values()))
        wholes = {source: (row, found[row].first_frame, found[row].last_frame) for source, row in known.items()}
        videos = Video.objects.select_related("camera").in_bulk({human.video_id for human in humans})
        return RowMaker(run, wholes, found, videos)

    def roots(self, human: HumanTracklet) -> list[int]:
        """The run's own tracklets that it is made of, that which gives the most frames first."""
        frames: dict[int, int] = {}
        for source, first, last in human.segments:
            if source in self.wholes:
                root, begins, ends = self.wholes[source]
                frames[root] = frames.get(root, 0) + min(last, ends) - max(first, begins)
        return sorted(frames, key=lambda root: (-frames[root], root))

    def create(self, *, human: HumanTracklet, piece: Piece, roots: Sequence[int]) -> Tracklet:
        """The row of this fact, as `piece` is in this run."""
        video, times = self.videos[human.video_id], self._times_of(human.video_id)
        first, last = int(piece.frames[0]), int(piece.frames[-1])
        return Tracklet.objects.create(
            run=self.run, video=video, camera=video.camera, layer=Layer.HUMAN,
            number=piece.number or self._next_number(video), roots=list(roots), category=piece.category,
            colour=piece.colour, note=piece.note, length=len(piece.frames), first_frame=first, last_frame=last,
            start_s=float(times[first]), end_s=float(times[last]), mean_score=float(piece.scores.mean()),
            frames=pack_frames(piece.frames), boxes=pack_floats(piece.boxes), scores=pack_floats(piece.scores),
            **self._read(piece, roots),
        )  # fmt: skip

    def _read(self, piece: Piece, roots: Sequence[int]) -> dict[str, Any]:
        """What the network read of the tracklet that gives most; not the type where people say another category."""
        root = self.found.get(roots[0]) if roots else None
        if root is None:
            return {}
        kept = READ if piece.category == root.category else READ_COLOUR
        return {name: getattr(root, name) for name in kept}

    def _times_of(self, video_id: int) -> npt.NDArray[np.float64]:
        if video_id not in self._times:
            video = self.videos[video_id]
            self._times[video_id] = frame_times(video=video) + video.start_s
        return self._times[video_id]

    def _next_number(self, video: Video) -> int:
        if video.pk not in self._numbers:
            rows = Tracklet.objects.filter(run=self.run, video=video)
            self._numbers[video.pk] = rows.aggregate(last=Max("number"))["last"] or 0
        self._numbers[video.pk] += 1
        return self._numbers[video.pk]
