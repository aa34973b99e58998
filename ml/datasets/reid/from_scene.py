"""Vehicles cut out of a scene's videos along its ground truth, written as a set in VeRi's layout."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ml.boxes import paired_iou
from ml.datasets.mot import TrackRows
from ml.datasets.reid.writing import FOLDER, LONGEST_SIDE, QUALITY, Cut, all_or_nothing, widened, write_lists
from ml.datasets.scene import CameraFolder, read_scene
from ml.reid.crops import crop, jpeg
from ml.types import Double1D, Progress, UserError, no_progress
from ml.video import FrameIndex, index_frames, read_frames

STANDS = 0.8

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class CutRule:
    """Which boxes are cut out.

    spacing_s   a vehicle's pictures in one camera are at least this far apart, seconds
    standing_s  likewise while it stands: while its box still is where it was (IoU of `STANDS` with the last picture's)
    margin      how much of its width and height a box is widened by on each side
    smallest    boxes with a shorter side below this are left out, pixels
    """

    spacing_s: float = 0.5
    standing_s: float = 4.0
    margin: float = 0.03
    smallest: int = 32

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if not value >= 0:
                raise UserError("bad-cut", f"{name} is {value}; it must be 0 or more")


def cut_reid_set(
    scene: Path, out: Path, rule: CutRule = CutRule(), *, progress: Callable[[str], Progress] | None = None
) -> int:
    """Cut the vehicles of every camera with a video and ground truth; returns how many pictures there are.

    Writes image_train/<id>_<camera>_<frame>_0.jpg (frame 1-based), name_train.txt, train_track.txt (one vehicle in one
    camera a line) and train_label.xml, whose `time` is the scene time in seconds. Cameras are called c<number>.
    All of it appears at the end: a call that is stopped leaves no pictures, and the same call starts again.

    UserError: pictures are there already, no camera has both, or no box fits the rule.
    """
    folder = read_scene(scene)
    if (out / FOLDER).is_dir() and any((out / FOLDER).iterdir()):
        raise UserError("out-not-empty", f"{out / FOLDER} has pictures already: name another folder or empty it.")
    cameras = [camera for camera in folder.cameras if camera.video is not None and camera.ground_truth_path is not None]
    if not cameras:
        raise UserError("no-ground-truth", f"{scene}: no camera has both a video and gt/gt.txt.")
    numbers, shown = folder.camera_numbers(), progress or (lambda _: no_progress)
    with all_or_nothing(out) as partial:
        pictures = partial / FOLDER
        pictures.mkdir()
        cuts = [
            cut
            for camera in cameras
            for cut in _cut_camera(camera, f"c{numbers[camera.name]:03d}", pictures, rule, shown)
        ]
        if not cuts:
            raise UserError("nothing-to-cut", f"{scene}: no box has a shorter side of {rule.smallest} pixels or more.")
        write_lists(partial, "train", sorted(cuts, key=lambda cut: cut.name))
    return len(cuts)


def _cut_camera(
    camera: CameraFolder, name: str, folder: Path, rule: CutRule, shown: Callable[[str], Progress]
) -> Iterator[Cut]:
    truth = camera.ground_truth()
    assert truth is not None
    index = index_frames(camera.require_video(), shown(f"{camera.name}: index"))
    rows = chosen_rows(truth, index.times_s, rule)
    done, progress = 0, shown(f"{camera.name}: pictures")
    for frame, image in _pictures(camera, index, truth, rows):
        for row in rows[truth.frames[rows] == frame].tolist():
            identity = int(truth.ids[row])
            file = f"{identity:04d}_{name}_{frame + 1:08d}_0.jpg"
            picture = crop(image, widened(truth.boxes[row], rule.margin))
            (folder / file).write_bytes(jpeg(picture, longest_side=LONGEST_SIDE, quality=QUALITY))
            time_s = camera.start_s + float(index.times_s[frame])
            yield Cut(file, identity, name, time_s, f"{identity} {name}")
            done += 1
            progress(done, len(rows), "pictures")


def _pictures(
    camera: CameraFolder, index: FrameIndex, truth: TrackRows, rows: Rows
) -> Iterator[tuple[int, npt.NDArray[np.uint8]]]:
    """The frames that have a chosen row."""
    wanted = set(truth.frames[rows].tolist())
    if wanted:
        span = read_frames(camera.require_video(), index=index, first=min(wanted), stop=max(wanted) + 1)
        yield from ((frame, image) for frame, image in span if frame in wanted)


def chosen_rows(truth: TrackRows, times_s: Double1D, rule: CutRule) -> Rows:
    """Rows of `truth` that the rule wants cut: large enough, within the video, and spaced for each vehicle."""
    sides = (truth.boxes[:, 2:] - truth.boxes[:, :2]).min(axis=1, initial=np.inf)
    usable = np.flatnonzero((sides >= rule.smallest) & (truth.frames < len(times_s)) & (truth.scores > 0))
    usable = usable[np.lexsort((truth.frames[usable], truth.ids[usable]))]
    chosen: list[int] = []
    for row in usable.tolist():
        if not chosen or truth.ids[chosen[-1]] != truth.ids[row] or _is_due(truth, times_s, chosen[-1], row, rule):
            chosen.append(row)
    return np.array(chosen, np.int64)


def _is_due(truth: TrackRows, times_s: Double1D, last: int, row: int, rule: CutRule) -> bool:
    """Whether `row` is far enough in time from the `last` picture of its vehicle."""
    passed = float(times_s[truth.frames[row]] - times_s[truth.frames[last]])
    stands = float(paired_iou(truth.boxes[last], truth.boxes[row])) >= STANDS
    return passed >= (max(rule.spacing_s, rule.standing_s) if stands else rule.spacing_s) - 1e-6
