"""A matching beside the reviewed tracklets of held vehicles."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from backend.labels.content import LabelContent, LabelledTracklet, LabelledVideo
from ml.datasets.reid import ReidSet
from ml.pipeline.artefacts import part_path, save_tracklets
from ml.pipeline.match import CameraResult, Matches
from ml.types import Tracklet
from tests.unit.ml.reid.training.painted import painted_table
from workers.compare_embeddings import held_idf1, unseen


def tracklet(number: int, x: float, length: int = 10) -> Tracklet:
    boxes = np.tile(np.array([x, 50, x + 40, 90], np.float32), (length, 1))
    return Tracklet(number, np.arange(length, dtype=np.int32), boxes, np.ones(length, np.float32))


def labelled(video: int, identity: int, x: float, *, held: bool = True, length: int = 10) -> LabelledTracklet:
    seen = tracklet(1, x, length)
    return LabelledTracklet(video, identity, 1, 3, "", True, held, seen.frames, seen.boxes, seen.scores)


def result(folder: Path, camera: str, *tracklets: Tracklet) -> CameraResult:
    target = folder / camera
    target.mkdir()
    save_tracklets(part_path(target, "tracklets", 0), tracklets)
    return CameraResult(camera, 0.0, np.arange(10) / 10, None, target, target)


def test_held_vehicles_alone_are_scored_and_each_by_its_own_video(tmp_path: Path) -> None:
    """Vehicle 1 is held and joined over both cameras, two pixels aside; vehicle 2 is held and torn; vehicle 3 was
    learned from; a tracklet that nobody reviewed belongs to nobody.
    """
    cameras = ((7, "c001"), (8, "c002"))
    videos = tuple(LabelledVideo(video, name, "", 960, 540, 10.0, 10, 0.0) for video, name in cameras)
    reviewed = (
        labelled(0, 1, 100), labelled(1, 1, 300), labelled(0, 2, 200), labelled(1, 2, 500),
        labelled(0, 3, 700, held=False),
    )  # fmt: skip
    first = (tracklet(1, 102), tracklet(2, 200), tracklet(3, 700))
    second = (tracklet(1, 300), tracklet(2, 500), tracklet(3, 100))
    results = [result(tmp_path, "c001", *first), result(tmp_path, "c002", *second)]
    identities = np.array([1, 2, 1, 1, 3, 4], np.int32)
    matches = Matches(["c001"] * 3 + ["c002"] * 3, [*first, *second], identities, None)  # type: ignore[arg-type]  # no pairs
    found = held_idf1(matches, results, [7, 8], LabelContent(videos, reviewed))
    assert found.tolist() == [[40, 20], [40, 40]]


def test_a_held_vehicle_of_which_a_training_saw_a_part_is_left_out(tmp_path: Path) -> None:
    """Vehicle 2 was two when the model learned: the one in the first camera was held, the one in the second was not."""
    videos = tuple(LabelledVideo(video, name, "", 960, 540, 10.0, 10, 0.0) for video, name in ((7, "c1"), (8, "c2")))
    learned = LabelContent(videos, (labelled(0, 1, 100), labelled(0, 2, 200), labelled(1, 5, 500, held=False)))
    now = LabelContent(videos, (labelled(0, 1, 100), labelled(0, 2, 200), labelled(1, 2, 500)))
    pictures = painted_table(tmp_path, range(1, 3))
    nothing = pictures.take(np.zeros(len(pictures), np.bool_))
    content, data, left_out = unseen(now, ReidSet("set", "veri", nothing, pictures, pictures, nothing), [learned])
    assert left_out == 1
    assert {each.identity for each in content.tracklets} == {1}
    assert [set(table.identity.tolist()) for table in (data.query, data.gallery)] == [{1}, {1}]


def test_a_tracklet_that_people_have_trimmed_is_right_only_where_they_left_it(tmp_path: Path) -> None:
    """4 of its 10 boxes are left: 2 * 4 above, 4 + 10 below the line."""
    videos = (LabelledVideo(7, "c001", "", 960, 540, 10.0, 10, 0.0),)
    whole = tracklet(1, 100)
    results = [result(tmp_path, "c001", whole)]
    matches = Matches(["c001"], [whole], np.array([1], np.int32), None)  # type: ignore[arg-type]  # no pairs
    found = held_idf1(matches, results, [7], LabelContent(videos, (labelled(0, 1, 100, length=4),)))
    assert found.tolist() == [[8], [14]]
