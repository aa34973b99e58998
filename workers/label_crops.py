"""The vehicles of a label set as pictures to train on and to compare models with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from backend.labels.content import LabelContent, LabelledTracklet
from backend.labels.models import LabelSet
from ml.datasets.reid.from_labels import LabelledFilm, LabelledVehicle, ViewRule, cut_labelled
from ml.datasets.scene import camera_numbers
from ml.types import Progress, Tracklet, no_progress
from workers.label_videos import by_video, content_of_set, labelled_videos

USUAL = ViewRule()


def label_set_reid(
    label_set: LabelSet,
    out: Path,
    rule: ViewRule = USUAL,
    *,
    numbered: bool = False,
    progress: Progress = no_progress,
) -> int:
    """Write the set's vehicles to `out`, as `cut_labelled` does; returns how many pictures there are.

    UserError as `labelled_videos`, `content_of_set` and `cut_labelled`.
    """
    return content_reid(content_of_set(label_set), out, rule, numbered=numbered, progress=progress)


def content_reid(
    content: LabelContent,
    out: Path,
    rule: ViewRule = USUAL,
    *,
    numbered: bool = False,
    progress: Progress = no_progress,
) -> int:
    """As `label_set_reid`, of labels that are no set."""
    with ExitStack() as stack:
        films = list(_films(content, stack, progress))
        return cut_labelled(films, out, rule, numbered=numbered, progress=progress)


def _films(content: LabelContent, stack: ExitStack, progress: Progress) -> Iterator[LabelledFilm]:
    labelled = by_video(content.tracklets)
    numbers = camera_numbers(list(dict.fromkeys(each.camera for each in content.videos)))
    for place, about, video in labelled_videos(content, labelled, stack, progress):
        yield LabelledFilm(
            camera=numbers[about.camera],
            path=lambda file=video.file: file.path,  # type: ignore[misc]  # of this turn of the loop
            index=video.index,
            frame_size=(video.width, video.height),
            start_s=about.start_s,
            vehicles=_vehicles(labelled[place]),
        )


def _vehicles(tracklets: Sequence[LabelledTracklet]) -> list[LabelledVehicle]:
    return [
        LabelledVehicle(
            each.identity,
            each.held,
            each.colour,
            Tracklet(each.number, each.frames, each.boxes, each.scores, each.category),
        )
        for each in tracklets
    ]
