"""One camera of a scene from its first frame to its last: the video, and the truth of every frame."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from ml.synthesis.camera import Numbers
from ml.synthesis.models.library import Library
from ml.synthesis.renderer import Renderer
from ml.synthesis.scenery.town import town
from ml.synthesis.sensor import Sensor
from ml.synthesis.truth import Surveyor, TruthBox
from ml.synthesis.world import View, World
from ml.types import Double2D, Progress
from ml.video.encoding import Encoding, H264Writer

_AHEAD = 42.0  # metres before the camera about which there are shadows
_REACH = 115.0  # metres from there within which traffic is drawn
_CLOCK = Fraction(1, 90_000)

# Columns of a camera's truth, one row a box.
COLUMNS = ("frame", "number", "left", "top", "right", "bottom", "pixels", "visibility", "inside", "x", "y", "yaw")


@dataclass(frozen=True)
class Places:
    """Where a camera's results go: its video, and a folder for masks or None."""

    video: Path
    masks: Path | None


def film(world: World, view: View, library: Library, places: Places, progress: Progress) -> Double2D:
    """Film one camera; returns its truth [n, 12] in the order of COLUMNS, frames from 0.

    masks  16-bit pictures, the vehicle's number at each pixel, 000000.png for the first frame
    """
    seed, number = world.options.seed, int(view.name[1:])
    cameras = [other.camera for other in world.views]
    scenery = town(world.network, library, cameras, np.random.default_rng([seed, 9]))
    centre = ground_ahead(view)
    renderer = Renderer(library, scenery, view.camera, world.light, centre)
    surveyor, sensor = Surveyor(renderer), Sensor(view.sensor, view.camera.size, [seed, number])
    count = frame_count(world)
    rate = Fraction(world.options.rate).limit_denominator(1001)
    encoding = Encoding(quality=view.sensor.quality, preset="faster", group=max(1, round(2 * world.options.rate)))
    rows: list[list[float]] = []
    places.video.parent.mkdir(parents=True, exist_ok=True)
    with H264Writer(places.video, view.camera.size, rate, _CLOCK, encoding) as writer:
        for frame in range(count):
            time = view.start_s + float(frame / rate)
            vehicles = [one for one in world.vehicles(time) if np.hypot(one.x - centre[0], one.y - centre[1]) < _REACH]
            people = world.people(time)
            picture = sensor(view.camera.bent(renderer.picture(vehicles, people)), frame)
            numbers, boxes = surveyor.survey(vehicles, people)
            rows += [_row(frame, box) for box in boxes]
            _keep_mask(places.masks, frame, numbers)
            writer.write(av.VideoFrame.from_ndarray(picture, format="rgb24"), frame / rate)
            progress(frame + 1, count, "frames")
    return np.array(rows, np.float64).reshape(-1, len(COLUMNS))


def ground_ahead(view: View) -> tuple[float, float]:
    """The point of the ground about which a camera's traffic is drawn."""
    eye, ahead = np.array(view.camera.eye[:2]), np.subtract(view.camera.target[:2], view.camera.eye[:2])
    place = eye + ahead / np.hypot(*ahead) * _AHEAD
    return float(place[0]), float(place[1])


def frame_count(world: World) -> int:
    """Frames of every camera of the scene."""
    return max(1, round(world.options.seconds * world.options.rate))


def _row(frame: int, box: TruthBox) -> list[float]:
    x, y, yaw = round(box.x, 3), round(box.y, 3), round(float(np.degrees(box.yaw)) % 360, 1)
    return [frame, box.number, *box.box, box.pixels, round(box.visibility, 3), round(box.inside, 3), x, y, yaw]


def _keep_mask(folder: Path | None, frame: int, numbers: Numbers) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(folder / f"{frame:06d}.png"), numbers)
