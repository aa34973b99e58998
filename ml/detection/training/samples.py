"""The frames of a scene that a detector learns from or is scored on, with their truth."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import gcd
from pathlib import Path

import cv2
import numpy as np

from ml.datasets.scene import CameraFolder, SceneFolder
from ml.detection.training.recipe import DetectorRecipe
from ml.detection.training.truth import CameraTruth, FrameTruth, read_truth
from ml.types import Float2D, Image, Int1D, Mask, Progress, UserError, no_progress
from ml.video import FrameIndex, index_frames, read_frames

_QUALITY = 95
HELD_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Sample:
    """A frame, kept as JPEG file `picture` at `scale` of the video's size, with its truth in the video's pixels."""

    camera: str
    frame: int
    picture: Path
    size: tuple[int, int]
    scale: float
    truth: FrameTruth

    def image(self) -> Image:
        """[h, w, 3] RGB."""
        pixels = np.asarray(cv2.imread(str(self.picture), cv2.IMREAD_COLOR), np.uint8)
        return np.ascontiguousarray(pixels[..., ::-1])

    def boxes(self) -> Float2D:
        """[n, 4] xyxy pixels of `image`."""
        return self.truth.boxes * np.float32(self.scale)

    def ignored(self) -> Float2D:
        """[m, 4] xyxy pixels of `image`: vehicles that do not count."""
        return self.truth.ignored * np.float32(self.scale)

    def classes(self) -> Int1D:
        return self.truth.classes

    def masks(self, height: int, width: int) -> list[Mask] | None:
        """Masks [height, width] of the vehicles, in pixels of `image`, or None where there are none."""
        if self.truth.masks is None:
            return None
        whole = [read(self.size).astype(np.uint8) for read in self.truth.masks]
        return [cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST).astype(np.bool_) for mask in whole]


@dataclass(frozen=True)
class Samples:
    """Frames to learn from and frames held back; `sources` are the files of truth."""

    learned: Sequence[Sample]
    held: Sequence[Sample]
    sources: Sequence[Path]

    def digest(self) -> str:
        """Identifies the content: frames, pictures, boxes and classes."""
        content = hashlib.sha256()
        for sample in (*self.learned, *self.held):
            content.update(f"{sample.camera} {sample.frame} {sample.size}".encode())
            content.update(sample.picture.read_bytes())
            for values in (sample.truth.boxes, sample.truth.classes, sample.truth.ignored):
                content.update(values.tobytes())
        return content.hexdigest()


@dataclass(frozen=True)
class LabelledCamera:
    """A camera of a scene in files, with its truth and the frames of its video."""

    folder: CameraFolder
    truth: CameraTruth
    index: FrameIndex

    def due(self, frame: int) -> float:
        """The scene time of a frame, in seconds."""
        return self.folder.start_s + float(self.index.times_s[frame])

    def first_from(self, time_s: float) -> int:
        """The first frame at `time_s` of scene time or later; the number of frames where there is none."""
        return next((frame for frame in range(len(self.index)) if self.due(frame) >= time_s), len(self.index))


def read_samples(scene: SceneFolder, recipe: DetectorRecipe, folder: Path, progress: Progress = no_progress) -> Samples:
    """Read every camera that has a video and ground truth; the truth is checked before a picture is kept.

    folder  is there and gets the pictures: long videos have more of them than fit in memory

    Raises UserError no-training-data where there is nothing to learn from, or nothing to score on; and what the
    readers of the files raise.
    """
    cameras = labelled_cameras(scene, recipe, progress)
    held_from = _held_from(cameras, recipe)
    until = math.inf if recipe.until_s is None else recipe.until_s
    learned: list[Sample] = []
    held: list[Sample] = []
    parts: list[tuple[list[Sample], LabelledCamera, list[int]]] = []
    for camera in cameras:
        first = camera.first_from(min(held_from, until))
        parts.append((learned, camera, camera.truth.chosen(0, first, recipe.every)))
        parts.append((held, camera, camera.truth.chosen(first, camera.first_from(until), recipe.held_every)))
    total = sum(len(frames) for _, _, frames in parts)
    for samples, camera, frames in parts:
        video, largest = camera.folder.require_video(), recipe.min_size * recipe.scale_jitter[1]
        truths = {frame: camera.truth.of(frame) for frame in frames}
        for sample in keep_samples(camera.folder.name, video, camera.index, truths, folder, largest=largest):
            samples.append(sample)
            progress(len(learned) + len(held), total, "frames read")
    _require_vehicles(learned, scene, f"before {held_from:g} s, to learn from")
    _require_vehicles(held, scene, f"from {held_from:g} s on, to score on; set held_from_s")
    return Samples(learned, held, [camera.truth.source for camera in cameras])


def labelled_cameras(scene: SceneFolder, recipe: DetectorRecipe, progress: Progress) -> list[LabelledCamera]:
    """Those with a video and a vehicle that counts; UserError no-training-data where there is none, or files differ."""
    truths = [(folder, read_truth(folder, recipe)) for folder in scene.cameras if folder.video is not None]
    known = [(folder, truth) for folder, truth in truths if truth is not None and truth.boxes]
    if not known:
        raise UserError(
            "no-training-data",
            f"{scene.path} has no camera with a video and boxes in gt/gt_all.txt, gt/gt.txt or gt/coco.json that are "
            f"at least {recipe.least_height:g} pixels high: label some frames first.",
        )
    cameras: list[LabelledCamera] = []
    for folder, truth in known:
        cameras.append(_indexed(folder, truth))
        progress(len(cameras), len(known), "cameras indexed")
    return cameras


def _indexed(folder: CameraFolder, truth: CameraTruth) -> LabelledCamera:
    index = index_frames(folder.require_video())
    last = max(truth.frames)
    if last >= len(index):
        message = (
            f"{truth.source} names frame {last + 1}, but {folder.video} has {len(index)}: they do not belong together."
        )
        raise UserError("no-training-data", message)
    return LabelledCamera(folder, truth, index)


def _held_from(cameras: Sequence[LabelledCamera], recipe: DetectorRecipe) -> float:
    if recipe.held_from_s is not None:
        return recipe.held_from_s
    start = min(camera.due(0) for camera in cameras)
    end = max(camera.due(len(camera.index) - 1) for camera in cameras)
    end = end if recipe.until_s is None else min(end, recipe.until_s)
    return end - HELD_SHARE * (end - start)


def keep_samples(
    camera: str, video: Path, index: FrameIndex, truths: Mapping[int, FrameTruth], folder: Path, *, largest: float
) -> Iterator[Sample]:
    """The frames of `truths` (rising) as samples, their pictures written into `folder`; damaged frames are left out.

    camera   names the pictures' files      largest  pixels of a picture's shorter side
    """
    for number, image in pictures_of(video, index, list(truths)):
        size = (image.shape[0], image.shape[1])
        scale = min(1.0, largest / min(size))
        fitted = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
        _, coded = cv2.imencode(".jpg", fitted[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        picture = folder / f"{camera}_{number:08d}.jpg"
        picture.write_bytes(coded.tobytes())
        yield Sample(camera, number, picture, size, scale, truths[number])


def pictures_of(video: Path, index: FrameIndex, frames: list[int]) -> Iterator[tuple[int, Image]]:
    """(frame, picture) of `frames`, rising; damaged ones are left out."""
    if frames:
        wanted, stride = set(frames), max(1, gcd(*(frame - frames[0] for frame in frames)))
        span = read_frames(video, index=index, first=frames[0], stop=frames[-1] + 1, stride=stride)
        yield from ((number, image) for number, image in span if number in wanted)


def _require_vehicles(samples: Sequence[Sample], scene: SceneFolder, when: str) -> None:
    if not any(len(sample.truth.boxes) for sample in samples):
        raise UserError("no-training-data", f"{scene.path}: no frame that is read shows a labelled vehicle {when}.")
